package io.varve.acquisition.source;

import io.varve.acquisition.model.NormalisedAlert.Cloud;
import io.varve.acquisition.model.NormalisedAlert.Containment;
import io.varve.acquisition.model.NormalisedAlert.Process;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The hosts, users, processes, files and connections of a CrowdStrike detection.
final class CrowdStrikeEntities {
    static final String AGENT = "crowdstrike";

    private static final Pattern GRAPH_ID = Pattern.compile("(?:ctg|ldt):([0-9a-f]{32}):.{1,200}");

    private CrowdStrikeEntities() {}

    static void read(Fields alert, Draft draft) {
        hosts(alert, draft);
        users(alert, draft);
        process(alert, draft);
        alert.list("behaviors").forEach(behavior -> process(behavior, draft));
        files(alert, draft.found());
        network(alert, draft.found());
        attack(alert, draft.found());
    }

    /// An identity detection names two ends; the source is the one that acted. Others name the device, or its sensor.
    private static void hosts(Fields alert, Draft draft) {
        if (alert.isObject("device")) {
            draft.host(device(alert.object("device"))
                    .agent(AGENT, alert.name("agent_id"))
                    .name(alert.name("hostname")));
            return;
        }
        if (alert.has("source_endpoint_host_name") || alert.has("source_endpoint_sensor_id")) {
            draft.host(endpoint(alert, "source_endpoint_"));
        } else {
            draft.host(flat(alert));
        }
        draft.host(endpoint(alert, "target_endpoint_"));
        alert.list("ThreatgraphIndicators")
                .forEach(indicator -> draft.host(
                        new HostDraft().name(indicator.name("Hostname")).agent(AGENT, indicator.name("HostId"))));
    }

    private static HostDraft device(Fields device) {
        return new HostDraft()
                .name(device.name("hostname"))
                .agent(AGENT, device.name("device_id"))
                .instance(device.name("instance_id"))
                .ip(device.name("local_ip"))
                .mac(device.name("mac_address"))
                .os(device.name("os_version", "platform_name"))
                .containment(device.name("status", "containment_status").map(CrowdStrikeEntities::containment))
                .cloud(Optional.of(new Cloud(
                        device.name("service_provider").flatMap(CloudResource::provider),
                        device.name("service_provider_account_id"),
                        device.name("zone_group").map(CloudResource::region),
                        Optional.empty())));
    }

    /// The ids of graphs and of older detections hold the sensor's: `ctg:<sensor>:…`.
    private static Optional<String> sensor(Optional<String> id) {
        return id.map(GRAPH_ID::matcher).filter(Matcher::matches).map(matcher -> matcher.group(1));
    }

    private static HostDraft endpoint(Fields alert, String prefix) {
        return new HostDraft()
                .name(alert.name(prefix + "host_name"))
                .agent(AGENT, alert.name(prefix + "sensor_id"))
                .ip(alert.name(prefix + "address_ip4"))
                .ip(alert.name(prefix + "address_ip6"));
    }

    private static HostDraft flat(Fields alert) {
        Optional<String> sensor = alert.name("agent_id", "SensorId", "AgentIdString", "aid", "HostID")
                .or(() -> alert.name("SensorIds").map(ids -> ids.split(",", 2)[0].strip()))
                .or(() -> sensor(alert.name("control_graph_id", "detection_id")));
        return new HostDraft()
                .name(alert.name("ComputerName", "Hostname", "host_name", "EndpointName"))
                .agent(AGENT, sensor)
                .ip(alert.name("local_ip", "EndpointIp"))
                .ip(alert.name("local_ipv6"))
                .mac(alert.name("mac_address"))
                .os(alert.name("os_version", "platform"));
    }

    static Containment containment(String status) {
        return switch (status.toLowerCase(Locale.ROOT)) {
            case "normal" -> Containment.NORMAL;
            case "contained" -> Containment.CONTAINED;
            case "containment_pending", "lift_containment_pending" -> Containment.PENDING;
            default -> Containment.UNKNOWN;
        };
    }

    private static void users(Fields alert, Draft draft) {
        if (alert.has("source_account_name")) {
            draft.user(alert.name("source_account_name"), alert.name("source_account_domain"));
            return;
        }
        Optional<String> domain = alert.name("logon_domain");
        if (domain.isPresent()) {
            draft.user(alert.name("user_name"), domain);
            return;
        }
        draft.account(alert.name("user_name"));
    }

    /// Of a partial alert perhaps only the parent is known.
    private static void process(Fields alert, Draft draft) {
        Process process = process(alert);
        boolean nothing = process.image().isEmpty() && process.commandLine().isEmpty();
        draft.process(nothing ? process.parent().orElse(process) : process);
    }

    /// The process that triggered, with up to two generations before it.
    private static Process process(Fields alert) {
        Optional<Process> grandparent = some(ancestor(alert, "grandparent", Optional.empty()));
        Optional<Process> parent = some(ancestor(alert, "parent", grandparent));
        return new Process(
                FilePaths.whole(alert.text("filepath"), alert.name("filename")),
                alert.text("cmdline", "CommandLine"),
                alert.integer("local_process_id"),
                alert.time("process_start_time"),
                hashes(alert),
                alert.name("user_name"),
                parent);
    }

    private static Process ancestor(Fields alert, String which, Optional<Process> before) {
        Fields details = alert.object(which + "_details");
        return new Process(
                FilePaths.whole(details.text("filepath"), details.name("filename"))
                        .or(() -> alert.text(which + "ImageFilePath", which + "ImageFileName")),
                details.text("cmdline").or(() -> alert.text(which + "CommandLine")),
                details.integer("local_process_id"),
                Optional.empty(),
                hashes(details),
                details.name("user_name"),
                before);
    }

    private static Optional<Process> some(Process process) {
        return Optional.of(process)
                .filter(known ->
                        known.image().isPresent() || known.commandLine().isPresent());
    }

    private static Map<String, String> hashes(Fields owner) {
        var hashes = new HashMap<String, String>(owner.hashes("", "String"));
        hashes.putAll(owner.hashes());
        return Map.copyOf(hashes);
    }

    private static void files(Fields alert, Indicators found) {
        for (String list : List.of("files_written", "files_accessed", "executables_written", "documents_accessed")) {
            for (Fields file : alert.list(list)) {
                found.file(
                        FilePaths.whole(file.text("filepath"), file.name("filename")),
                        file.name("filename"),
                        file.hashes());
            }
        }
        for (String list : List.of("quarantined_files", "QuarantineFiles")) {
            for (Fields file : alert.list(list)) {
                var hashes = new HashMap<String, String>(file.hashes());
                hashes.putAll(file.hashes("", "HashData"));
                found.file(file.text("filename", "ImageFileName"), Optional.empty(), hashes);
            }
        }
        alert.list("ioc_context").forEach(ioc -> found.file(Optional.empty(), Optional.empty(), ioc.hashes()));
        alert.list("MobileAppsDetails")
                .forEach(app -> found.file(app.text("ImageFileName"), Optional.empty(), app.hashes()));
        alert.text("AssociatedFile").ifPresent(path -> found.file(Optional.of(path), Optional.empty(), Map.of()));
        alert.text("SHA256Hashes").stream()
                .flatMap(text -> Stream.of(text.split("[,\\s]+", Fields.LONGEST_LIST)))
                .forEach(found::guess);
    }

    private static void network(Fields alert, Indicators found) {
        for (String list : List.of("network_accesses", "MobileNetworkConnections")) {
            alert.list(list).forEach(access -> access(access, found));
        }
        for (Fields request : alert.list("dns_requests")) {
            found.domain(request.name("domain_name", "DomainName", "domain"));
        }
        alert.texts("source_ips").stream().filter(Names::isAddress).forEach(found::from);
        alert.name("ioc_value").ifPresent(value -> ioc(alert.name("ioc_type").orElse(""), value, found));
        for (Fields ioc : alert.list("ioc_context")) {
            ioc.name("ioc_value").ifPresent(value -> ioc(ioc.name("ioc_type").orElse(""), value, found));
        }
    }

    private static void ioc(String type, String value, Indicators found) {
        if (type.toLowerCase(Locale.ROOT).contains("domain")) {
            found.domain(Optional.of(value));
            return;
        }
        found.guess(value);
    }

    /// Direction 1 is inbound.
    private static void access(Fields access, Indicators found) {
        Optional<String> local = access.name("LocalAddress");
        Optional<String> remote = access.name("RemoteAddress");
        Optional<Integer> localPort = access.port("LocalPort");
        Optional<Integer> remotePort = access.port("RemotePort");
        if (access.name("ConnectionDirection").filter("1"::equals).isPresent()) {
            found.connection(remote, remotePort, local, localPort);
        } else {
            found.connection(local, localPort, remote, remotePort);
        }
        found.url(access.text("Url"));
    }

    /// CrowdStrike's own techniques (`CST…`) and tactics (`CSTA…`) are not ATT&CK's.
    private static void attack(Fields alert, Indicators found) {
        for (Fields item : alert.list("mitre_attack")) {
            found.attack(item.name("tactic"), item.name("technique_id"));
        }
        found.attack(alert.name("tactic"), alert.name("technique_id"));
        for (Fields behavior : alert.list("behaviors")) {
            found.attack(behavior.name("tactic"), behavior.name("technique_id"));
        }
    }
}
