package io.varve.acquisition.source;

import io.varve.acquisition.model.NormalisedAlert;
import io.varve.acquisition.model.NormalisedAlert.Process;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// SentinelOne alerts of custom detection rules (STAR): from `/cloud-detection/alerts`, or flattened in an activity.
final class SentinelOneStar {
    private SentinelOneStar() {}

    static NormalisedAlert alert(Fields alert, Instant received) {
        Fields info = alert.object("alertInfo");
        Fields rule = alert.object("ruleInfo");
        Fields agent = alert.object("agentDetectionInfo");
        Fields source = alert.object("sourceProcessInfo");
        Fields target = alert.object("targetProcessInfo");
        var draft = new Draft(alert.node(), received)
                .id(info.name("alertId"))
                .group(source.name("storyline"))
                .updated(info.time("updatedAt"))
                .title(rule.name("name"))
                .description(rule.text("description"))
                .category(info.name("eventType", "source"))
                .severity(rule.name("severity").flatMap(SentinelOneStar::severity))
                .status(info.name("incidentStatus"))
                .seen(info.time("createdAt", "reportedAt"), info.time("createdAt", "reportedAt"));
        draft.host(new HostDraft()
                .name(agent.name("name"))
                .name(alert.name("agentRealtimeInfo.name"))
                .agent(
                        SentinelOne.AGENT,
                        SentinelOne.agent(
                                alert.name("agentRealtimeInfo.id", "agentRealtimeInfo.agentId"), agent.name("uuid")))
                .os(agent.name("osName", "osFamily")));
        draft.account(SentinelOne.user(source.name("user")));
        Optional<Process> parent = some(process(alert.object("sourceParentProcessInfo"), Optional.empty()));
        draft.process(process(source, parent));
        draft.found().file(target.text("tgtFilePath"), Optional.empty(), target.hashes("tgtFileHash", ""));
        network(info, draft.found());
        rule.text("description").ifPresent(text -> draft.found().attack(Optional.empty(), Optional.of(text)));
        return draft.alert("SentinelOne alert");
    }

    /// The activity says in `data` what the alert says in its parts.
    static NormalisedAlert activity(Fields activity, Instant received) {
        Fields data = activity.object("data");
        var draft = new Draft(activity.node(), received)
                .id(data.name("alertId"))
                .group(data.name("sourceProcessStoryline"))
                .title(data.name("ruleName").or(() -> activity.name("primaryDescription")))
                .description(data.text("ruleDescription").or(() -> activity.text("primaryDescription")))
                .category(data.name("dvEventType", "sourceName"))
                .severity(data.name("severity").flatMap(SentinelOneStar::severity))
                .seen(data.time("detectedAt").or(() -> activity.time("createdAt")), data.time("detectedAt"));
        var host = new HostDraft()
                .name(data.name("origAgentName", "computerName"))
                .agent(SentinelOne.AGENT, SentinelOne.agent(activity.name("agentId"), data.name("origAgentUuid")))
                .os(data.name("origAgentOsName", "origAgentOsFamily"));
        data.text("agentIpV4").ifPresent(list -> host.ips(SentinelOneThreat.commaSeparated(list)));
        data.text("physical").ifPresent(list -> host.macs(SentinelOneThreat.commaSeparated(list)));
        draft.host(host);
        draft.account(SentinelOne.user(data.name("sourceProcessUserName")));
        Optional<Process> parent = some(flat(data, "sourceParentProcess", Optional.empty()));
        draft.process(flat(data, "sourceProcess", parent));
        draft.found().file(data.text("tgtFilePath"), Optional.empty(), data.hashes("tgtFileHash", ""));
        network(data, draft.found());
        draft.found().techniques(data.text("ruleDescription").stream().toList());
        return draft.alert("SentinelOne alert");
    }

    /// `Critical`, or `E_CRITICAL` in activities.
    static Optional<Severity> severity(String name) {
        String plain = name.toLowerCase(Locale.ROOT);
        return Severity.named(plain.startsWith("e_") ? plain.substring(2) : plain);
    }

    private static void network(Fields info, Indicators found) {
        found.connection(info.name("srcIp"), info.port("srcPort"), info.name("dstIp"), info.port("dstPort"));
        found.domain(info.name("dnsRequest"));
    }

    private static Process process(Fields process, Optional<Process> parent) {
        return new Process(
                process.text("filePath", "name"),
                process.text("commandline"),
                process.integer("pid"),
                process.time("pidStarttime"),
                process.hashes("fileHash", ""),
                SentinelOne.user(process.name("user")),
                parent);
    }

    private static Process flat(Fields data, String prefix, Optional<Process> parent) {
        Map<String, String> hashes = data.hashes(prefix, "");
        return new Process(
                data.text(prefix + "FilePath", prefix + "Path", prefix + "Name"),
                data.text(prefix + "CommandLine"),
                data.integer(prefix + "Pid"),
                data.time(prefix + "StartTime"),
                hashes,
                SentinelOne.user(data.name(prefix + "UserName")),
                parent);
    }

    private static Optional<Process> some(Process process) {
        return Optional.of(process).filter(known -> known.image().isPresent());
    }
}
