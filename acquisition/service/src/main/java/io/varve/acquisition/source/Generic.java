package io.varve.acquisition.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.acquisition.model.NormalisedAlert;
import io.varve.acquisition.model.NormalisedAlert.Attack;
import io.varve.acquisition.model.NormalisedAlert.Cloud;
import io.varve.acquisition.model.NormalisedAlert.Containment;
import io.varve.acquisition.model.NormalisedAlert.File;
import io.varve.acquisition.model.NormalisedAlert.Host;
import io.varve.acquisition.model.NormalisedAlert.Network;
import io.varve.acquisition.model.NormalisedAlert.Process;
import io.varve.acquisition.model.NormalisedAlert.Status;
import io.varve.acquisition.model.NormalisedAlert.User;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Varve's own simple alert, for products without a source of their own; docs/alerts.md describes it. Everything but
/// being an object is optional: without an id the content is the identity.
final class Generic implements AlertSource {
    private static final Cloud NO_CLOUD =
            new Cloud(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    @Override
    public String name() {
        return "generic";
    }

    @Override
    public NormalisedAlert read(JsonNode event, Instant received) {
        var fields = new Fields(event);
        Instant from =
                fields.time("firstSeen", "time", "timestamp", "createdAt").orElse(received);
        Severity severity = severity(fields);
        return new NormalisedAlert(
                fields.name("id", "sourceAlertId").orElseGet(() -> "content-" + Revisions.of(event)),
                fields.name("group", "sourceGroupId"),
                Indicators.link(fields.text("url", "sourceUrl")),
                fields.name("revision", "updatedAt").orElseGet(() -> Revisions.of(event)),
                fields.name("title", "name").orElse("Alert"),
                fields.text("description", "message").orElse(""),
                fields.name("category", "type").orElse(""),
                severity.number(),
                severity.label(),
                fields.name("status").map(Draft::status).orElse(Status.UNKNOWN),
                from,
                fields.time("lastSeen").filter(from::isBefore).orElse(from),
                hosts(fields),
                users(fields),
                processes(fields),
                files(fields),
                network(fields),
                attack(fields));
    }

    private static Severity severity(Fields fields) {
        return fields.number("severity")
                .map(Severity::of)
                .or(() -> fields.name("severity", "severityLabel").flatMap(Severity::named))
                .orElse(Severity.UNKNOWN);
    }

    /// `host` and `hosts`, each an object, a name, or a list of these.
    private static List<Host> hosts(Fields fields) {
        var hosts = new ArrayList<Host>();
        for (String member : List.of("host", "hosts")) {
            fields.list(member).forEach(host -> hosts.add(host(host)));
            fields.texts(member).forEach(name -> hosts.add(named(name)));
        }
        fields.name("hostname").ifPresent(name -> hosts.add(named(name)));
        return hosts;
    }

    private static Host host(Fields host) {
        return new Host(
                host.name("hostname", "name"),
                host.name("fqdn"),
                host.name("agentId"),
                host.name("agentType"),
                host.name("instanceId"),
                Stream.concat(host.texts("ips").stream(), host.texts("ip").stream())
                        .distinct()
                        .toList(),
                Stream.concat(host.texts("macs").stream(), host.texts("mac").stream())
                        .distinct()
                        .toList(),
                host.name("os"),
                host.name("containment").flatMap(Generic::containment),
                cloud(host));
    }

    private static Optional<Cloud> cloud(Fields host) {
        return Optional.of(new Cloud(
                        host.name("cloudProvider").flatMap(CloudResource::provider),
                        host.name("cloudAccount"),
                        host.name("cloudRegion"),
                        host.name("cloudResourceId")))
                .filter(cloud -> !cloud.equals(NO_CLOUD));
    }

    static Optional<Containment> containment(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "normal" -> Optional.of(Containment.NORMAL);
            case "pending" -> Optional.of(Containment.PENDING);
            case "contained", "isolated" -> Optional.of(Containment.CONTAINED);
            default -> Optional.of(Containment.UNKNOWN);
        };
    }

    private static Host named(String name) {
        boolean address = Names.isAddress(name);
        return new Host(
                address ? Optional.empty() : Optional.of(name),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                address ? List.of(name) : List.of(),
                List.of(),
                Optional.empty());
    }

    private static List<User> users(Fields fields) {
        var users = new ArrayList<User>();
        for (String member : List.of("user", "users")) {
            for (Fields user : fields.list(member)) {
                user.name("name", "username").ifPresent(name -> users.add(new User(name, user.name("domain"))));
            }
            fields.texts(member).forEach(name -> users.add(new User(name, Optional.empty())));
        }
        return users;
    }

    private static List<Process> processes(Fields fields) {
        return Stream.of("process", "processes")
                .flatMap(member -> fields.list(member).stream())
                .map(process -> process(
                        process,
                        process.isObject("parent")
                                ? Optional.of(process(process.object("parent"), Optional.empty()))
                                : Optional.empty()))
                .toList();
    }

    private static Process process(Fields process, Optional<Process> parent) {
        return new Process(
                process.text("image", "executable", "path"),
                process.text("commandLine", "cmdLine"),
                process.integer("pid"),
                process.time("startedAt", "startTime"),
                hashes(process),
                process.name("user"),
                parent);
    }

    private static List<File> files(Fields fields) {
        return Stream.of("file", "files")
                .flatMap(member -> fields.list(member).stream())
                .map(file -> new File(file.text("path"), file.name("name"), hashes(file)))
                .toList();
    }

    private static java.util.Map<String, String> hashes(Fields owner) {
        var hashes = owner.hashes();
        hashes.putAll(owner.object("hashes").hashes());
        hashes.putAll(owner.object("hash").hashes());
        return hashes;
    }

    private static List<Network> network(Fields fields) {
        return fields.list("network").stream()
                .map(connection -> new Network(
                        connection.name("sourceIp", "srcIp"),
                        connection.port("sourcePort", "srcPort"),
                        connection.name("destinationIp", "dstIp"),
                        connection.port("destinationPort", "dstPort"),
                        connection.name("domain").map(Names::host),
                        connection.text("url")))
                .toList();
    }

    private static List<Attack> attack(Fields fields) {
        var found = new Indicators();
        found.techniques(fields.texts("techniques"));
        found.tactics(fields.texts("tactics"));
        var attack = new ArrayList<Attack>(found.attack());
        for (Fields item : fields.list("attack")) {
            Optional<String> technique = item.name("technique")
                    .flatMap(text -> Indicators.techniques(text).stream().findFirst());
            attack.add(new Attack(item.name("tactic"), technique));
        }
        return attack;
    }
}
