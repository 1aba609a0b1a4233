package io.varve.acquisition.source;

import io.varve.acquisition.model.NormalisedAlert;
import io.varve.acquisition.model.NormalisedAlert.Cloud;
import io.varve.acquisition.model.NormalisedAlert.Containment;
import io.varve.acquisition.model.NormalisedAlert.Process;
import io.varve.acquisition.model.SeverityLabel;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A SentinelOne threat, as `/threats` returns it. SentinelOne states no severity: it follows from the confidence, and
/// ransomware that is surely malicious is critical.
final class SentinelOneThreat {
    private SentinelOneThreat() {}

    static NormalisedAlert read(Fields threat, Instant received) {
        Fields info = threat.object("threatInfo");
        Optional<String> classification = info.name("classification");
        var draft = new Draft(threat.node(), received)
                .id(info.name("threatId").or(() -> threat.name("id")))
                .group(info.name("storyline"))
                .updated(info.time("updatedAt"))
                .title(title(info.name("threatName"), classification))
                .description(info.text("mitigationStatusDescription"))
                .category(classification)
                .severity(Optional.of(severity(info.name("confidenceLevel"), classification)))
                .status(info.name("incidentStatus"))
                .seen(info.time("identifiedAt", "createdAt"), info.time("createdAt"));
        draft.host(host(threat.object("agentRealtimeInfo"), threat.object("agentDetectionInfo")));
        draft.account(SentinelOne.user(
                info.name("processUser").or(() -> threat.name("agentDetectionInfo.agentLastLoggedInUserName"))));
        process(info, draft);
        draft.found().file(info.text("filePath"), Optional.empty(), info.hashes());
        for (Fields indicator : threat.list("indicators")) {
            attack(indicator, draft.found());
        }
        return draft.alert("SentinelOne threat");
    }

    static Optional<String> title(Optional<String> name, Optional<String> classification) {
        return name.map(text -> classification.map(kind -> kind + ": " + text).orElse(text));
    }

    static Severity severity(Optional<String> confidence, Optional<String> classification) {
        boolean ransomware = classification
                .filter(kind -> kind.toLowerCase(Locale.ROOT).contains("ransomware"))
                .isPresent();
        return switch (confidence.orElse("").toLowerCase(Locale.ROOT)) {
            case "malicious" ->
                ransomware ? new Severity(95, SeverityLabel.CRITICAL) : new Severity(80, SeverityLabel.HIGH);
            case "suspicious" -> new Severity(50, SeverityLabel.MEDIUM);
            case "n/a" -> new Severity(30, SeverityLabel.LOW);
            default -> Severity.UNKNOWN;
        };
    }

    private static HostDraft host(Fields now, Fields then) {
        var host = new HostDraft()
                .name(now.name("agentComputerName"))
                .name(then.name("agentComputerName", "name"))
                .agent(
                        SentinelOne.AGENT,
                        SentinelOne.agent(
                                now.name("agentId"), now.name("agentUuid").or(() -> then.name("agentUuid"))))
                .os(now.name("agentOsName", "agentOsType"))
                .os(then.name("agentOsName"))
                .containment(now.name("agentNetworkStatus").map(SentinelOneThreat::containment));
        then.text("agentIpV4").ifPresent(list -> host.ips(commaSeparated(list)));
        for (Fields nic : now.list("networkInterfaces")) {
            host.ips(nic.texts("inet")).ips(nic.texts("inet6")).mac(nic.name("physical"));
        }
        then.text("agentIpV6").ifPresent(list -> host.ips(commaSeparated(list)));
        for (String provider : List.of("AWS", "Azure", "GCP")) {
            Fields cloud = then.object("cloudProviders").object(provider);
            host.instance(cloud.name("cloudInstanceId")).cloud(cloud(provider, cloud));
        }
        return host;
    }

    private static Optional<Cloud> cloud(String provider, Fields cloud) {
        return Optional.of(cloud)
                .filter(known -> known.has("cloudInstanceId") || known.has("cloudAccount"))
                .map(known -> new Cloud(
                        CloudResource.provider(provider),
                        known.name("cloudAccount"),
                        known.name("cloudLocation").map(CloudResource::region),
                        Optional.empty()));
    }

    static Containment containment(String status) {
        return switch (status.toLowerCase(Locale.ROOT)) {
            case "connected" -> Containment.NORMAL;
            case "disconnected" -> Containment.CONTAINED;
            case "connecting", "disconnecting" -> Containment.PENDING;
            default -> Containment.UNKNOWN;
        };
    }

    static List<String> commaSeparated(String list) {
        return Stream.of(list.split(",", Fields.LONGEST_LIST))
                .map(String::strip)
                .toList();
    }

    /// The threat's file is what ran when it came with arguments; the originator started it.
    private static void process(Fields info, Draft draft) {
        Optional<String> arguments = info.text("maliciousProcessArguments");
        Optional<Process> originator = info.text("originatorProcess")
                .map(image -> new Process(
                        Optional.of(image), Optional.empty(), Optional.empty(), Optional.empty(), Map.of()));
        if (arguments.isPresent()) {
            draft.process(new Process(
                    info.text("filePath"),
                    arguments,
                    Optional.empty(),
                    Optional.empty(),
                    info.hashes(),
                    SentinelOne.user(info.name("processUser")),
                    originator));
            return;
        }
        originator.ifPresent(draft::process);
    }

    private static void attack(Fields indicator, Indicators found) {
        for (Fields tactic : indicator.list("tactics")) {
            List<Fields> techniques = tactic.list("techniques");
            techniques.forEach(technique -> found.attack(tactic.name("name"), technique.name("name", "link")));
            if (techniques.isEmpty()) {
                found.attack(tactic.name("name"), Optional.empty());
            }
        }
        found.techniques(indicator.text("description").stream().toList());
    }
}
