package io.varve.acquisition.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.acquisition.model.NormalisedAlert;
import io.varve.acquisition.model.NormalisedAlert.Process;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Alert records of Defender's streaming API: one `AlertInfo` and any number of `AlertEvidence` for each alert. More
/// about a piece of evidence stands as JSON text in `AdditionalFields`.
final class DefenderStream {
    /// Several records of one alert, put together by us.
    static final String JOINED = "AdvancedHunting-Alert";

    /// The member that holds them; not `records`, which would be taken apart again.
    static final String TOGETHER = "alertRecords";

    private static final String PREFIX = "AdvancedHunting-";

    private DefenderStream() {}

    static boolean isRecord(String category) {
        return category.startsWith(PREFIX);
    }

    /// The alert that a record is part of; empty for anything but alert records.
    static Optional<String> alertOf(JsonNode object) {
        String category = object.path("category").asText("");
        if (!category.equals(PREFIX + "AlertInfo") && !category.equals(PREFIX + "AlertEvidence")) {
            return Optional.empty();
        }
        return new Fields(object).name("properties.AlertId");
    }

    static NormalisedAlert read(JsonNode event, Instant received) throws UnreadableAlertException {
        var whole = new Fields(event);
        String category = whole.name("category").orElse("");
        if (!category.startsWith(JOINED)) {
            throw new UnreadableAlertException("not an alert: Defender record " + category);
        }
        List<Fields> records = whole.has(TOGETHER)
                ? whole.list(TOGETHER).stream()
                        .map(record -> record.object("properties"))
                        .toList()
                : List.of(whole.object("properties"));
        return read(event, records, received);
    }

    private static NormalisedAlert read(JsonNode event, List<Fields> records, Instant received) {
        var draft = new Draft(event, received)
                .id(first(records, "AlertId"))
                .title(first(records, "Title"))
                .category(first(records, "Category", "DetectionSource"))
                .description(first(records, "ServiceSource"))
                .severity(first(records, "Severity").flatMap(Severity::named))
                .seen(
                        time(records).min(Comparator.naturalOrder()),
                        time(records).max(Comparator.naturalOrder()));
        records.forEach(record -> evidence(record, draft));
        return draft.alert("Defender alert");
    }

    private static Optional<String> first(List<Fields> records, String... names) {
        return records.stream().flatMap(record -> record.name(names).stream()).findFirst();
    }

    private static java.util.stream.Stream<Instant> time(List<Fields> records) {
        return records.stream().flatMap(record -> record.time("Timestamp").stream());
    }

    private static void evidence(Fields record, Draft draft) {
        Indicators found = draft.found();
        record.text("AttackTechniques").ifPresent(text -> found.techniques(List.of(text)));
        record.name("Category").ifPresent(tactic -> found.knownTactics(List.of(tactic)));
        record.text("Categories")
                .flatMap(AlertBody::nested)
                .ifPresent(list -> list.forEach(tactic -> found.knownTactics(List.of(tactic.asText()))));
        Fields more = record.json("AdditionalFields").orElse(record.object("AdditionalFields"));
        draft.host(host(record, more));
        switch (record.name("EntityType").orElse("")) {
            case "Process" -> draft.process(process(record, more));
            case "File" ->
                found.file(
                        FilePaths.whole(record.text("FolderPath"), record.name("FileName")),
                        record.name("FileName"),
                        hashes(record, more));
            case "User" -> draft.user(record.name("AccountName"), record.name("AccountDomain"));
            default -> {
                // mail messages and kinds we do not know stay in the raw alert
            }
        }
        found.connection(record.name("LocalIP"), Optional.empty(), record.name("RemoteIP"), Optional.empty());
        record.text("RemoteUrl").ifPresent(found::guess);
    }

    /// A machine is evidence of its own, or the host of the file that ran.
    private static HostDraft host(Fields record, Fields more) {
        var host = new HostDraft().name(record.name("DeviceName")).agent(Defender.AGENT, record.name("DeviceId"));
        for (Fields described : List.of(more, more.object("ImageFile.Host"), more.object("Host"))) {
            if (described.has("MachineId") || described.has("NetBiosName")) {
                host.name(described.name("NetBiosName"))
                        .name(described.name("HostName"))
                        .agent(Defender.AGENT, described.name("MachineId"))
                        .os(described.name("OSFamily"));
                described.list("IpInterfaces").forEach(nic -> host.ip(nic.name("Address")));
            }
        }
        return host;
    }

    private static Process process(Fields record, Fields more) {
        return new Process(
                FilePaths.whole(record.text("FolderPath"), record.name("FileName")),
                record.text("ProcessCommandLine"),
                more.integer("ProcessId"),
                more.time("CreationTimeUtc"),
                hashes(record, more),
                record.name("AccountName"),
                Optional.empty());
    }

    private static Map<String, String> hashes(Fields record, Fields more) {
        var hashes = new HashMap<String, String>();
        for (String list : List.of("ImageFile.FileHashes", "FileHashes")) {
            more.list(list).forEach(item -> hashes.putAll(Fields.hashes(item.name("Value"))));
        }
        hashes.putAll(record.hashes());
        return Map.copyOf(hashes);
    }
}
