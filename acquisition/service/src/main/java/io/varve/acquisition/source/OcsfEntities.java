package io.varve.acquisition.source;

import io.varve.acquisition.model.NormalisedAlert.Cloud;
import io.varve.acquisition.model.NormalisedAlert.Process;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The devices, actors, processes, files and endpoints of an OCSF finding: at its top, in its evidence, its resources
/// and its observables.
final class OcsfEntities {
    private static final int GENERATIONS = 3;

    private OcsfEntities() {}

    static void read(Fields finding, Fields info, Draft draft) {
        Optional<Cloud> cloud = Optional.of(new Cloud(
                finding.name("cloud.provider").flatMap(CloudResource::provider),
                finding.name("cloud.account.uid"),
                finding.name("cloud.region"),
                Optional.empty()));
        hosts(finding, cloud, draft);
        evidence(finding, draft);
        finding.list("evidences").forEach(evidence -> evidence(evidence, draft));
        for (String list : List.of("resources", "resource")) {
            finding.list(list).forEach(resource -> resource(resource, cloud, draft));
        }
        finding.list("observables").forEach(observable -> observable(observable, draft));
        attacks(info.list("attacks"), draft.found());
        attacks(finding.list("attacks"), draft.found());
        info.texts("types").forEach(type -> draft.found().techniques(List.of(type)));
    }

    private static void hosts(Fields finding, Optional<Cloud> cloud, Draft draft) {
        draft.host(device(finding.object("device"), cloud));
        for (Fields evidence : finding.list("evidences")) {
            draft.host(device(evidence.object("device"), cloud));
        }
    }

    /// A device's own number means an agent only to those who know whose it is; EC2 tells instances by it.
    private static HostDraft device(Fields device, Optional<Cloud> cloud) {
        var host = new HostDraft()
                .name(device.name("hostname"))
                .name(device.name("name"))
                .instance(
                        device.name("instance_uid").or(() -> device.name("uid").filter(id -> id.startsWith("i-"))))
                .ip(device.name("ip"))
                .mac(device.name("mac"))
                .os(device.name("os.name", "os.type"));
        for (Fields nic : device.list("network_interfaces")) {
            host.ip(nic.name("ip")).mac(nic.name("mac"));
        }
        for (Fields agent : device.list("agent_list")) {
            vendor(agent).ifPresent(vendor -> host.agent(vendor, agent.name("uid")));
        }
        return host.host().isPresent() ? host.cloud(cloud) : host;
    }

    private static Optional<String> vendor(Fields agent) {
        String name = agent.name("vendor_name", "name").orElse("").toLowerCase(Locale.ROOT);
        if (name.contains("crowdstrike") || name.contains("falcon")) {
            return Optional.of(CrowdStrikeEntities.AGENT);
        }
        if (name.contains("sentinelone")) {
            return Optional.of(SentinelOne.AGENT);
        }
        return name.contains("defender") ? Optional.of(Defender.AGENT) : Optional.empty();
    }

    private static void evidence(Fields evidence, Draft draft) {
        Indicators found = draft.found();
        user(evidence.object("actor.user"), draft);
        user(evidence.object("user"), draft);
        process(evidence.object("process"), 0).ifPresent(draft::process);
        process(evidence.object("actor.process"), 0).ifPresent(draft::process);
        Fields file = evidence.object("file");
        found.file(file.text("path"), file.name("name"), hashes(file));
        Fields from = evidence.object("src_endpoint");
        Fields to = evidence.object("dst_endpoint");
        found.connection(from.name("ip"), from.port("port"), to.name("ip"), to.port("port"));
        found.domain(to.name("hostname", "domain"));
        found.domain(evidence.name("query.hostname"));
        found.url(evidence.text("url.url_string", "url.text"));
    }

    private static void user(Fields user, Draft draft) {
        draft.user(user.name("name", "email_addr", "uid"), user.name("domain"));
    }

    private static Optional<Process> process(Fields process, int generation) {
        if (generation == GENERATIONS || !process.node().isObject()) {
            return Optional.empty();
        }
        return Optional.of(new Process(
                process.text("file.path", "path", "name"),
                process.text("cmd_line"),
                process.integer("pid"),
                process.time("created_time_dt", "created_time"),
                hashes(process.object("file")),
                process.name("user.name"),
                process(process.object("parent_process"), generation + 1)));
    }

    /// `hashes`, or `fingerprints` as they were called first.
    private static Map<String, String> hashes(Fields file) {
        var hashes = new HashMap<String, String>();
        for (String list : List.of("hashes", "fingerprints")) {
            file.list(list).forEach(hash -> hashes.putAll(Fields.hashes(hash.name("value"))));
        }
        return Map.copyOf(hashes);
    }

    private static void resource(Fields resource, Optional<Cloud> cloud, Draft draft) {
        Optional<CloudResource> named = resource.text("uid")
                .flatMap(CloudResource::named)
                .filter(known -> known.instance().isPresent());
        if (named.isPresent()) {
            draft.host(new HostDraft().resource(named));
            return;
        }
        String type = resource.name("type").orElse("").toLowerCase(Locale.ROOT);
        if (type.contains("instance") || type.contains("virtual machine") || type.equals("host")) {
            draft.host(new HostDraft()
                    .name(resource.name("hostname", "name"))
                    .instance(resource.name("uid"))
                    .ip(resource.name("ip"))
                    .cloud(cloud));
        }
    }

    /// Kinds of observable: 1 host name, 2 address, 4 user, 6 URL, 7 file name, 8 hash.
    private static void observable(Fields observable, Draft draft) {
        Optional<String> value = observable.name("value");
        if (value.isEmpty()) {
            return;
        }
        String name = observable.name("name").orElse("").toLowerCase(Locale.ROOT);
        switch (observable.integer("type_id").orElse(0L).intValue()) {
            case 1 -> draft.found().domain(value);
            case 2, 6, 8 -> draft.found().guess(value.get());
            case 4 -> draft.user(value, Optional.empty());
            default -> {
                if (name.equals("hostname") || name.equals("device.hostname")) {
                    draft.host(new HostDraft().name(value));
                }
            }
        }
    }

    private static void attacks(List<Fields> attacks, Indicators found) {
        for (Fields attack : attacks) {
            Optional<String> tactic = attack.name("tactic.name")
                    .or(() -> attack.list("tactics").stream()
                            .flatMap(item -> item.name("name").stream())
                            .findFirst());
            found.attack(tactic, attack.name("sub_technique.uid", "technique.uid"));
        }
    }
}
