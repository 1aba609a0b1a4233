package io.varve.acquisition.source;

import io.varve.acquisition.model.NormalisedAlert;
import io.varve.acquisition.model.NormalisedAlert.Process;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// Alerts of SentinelOne's unified alert management (GraphQL). An alert about a threat has the threat's id.
final class SentinelOneUnified {
    private SentinelOneUnified() {}

    static NormalisedAlert read(Fields alert, Instant received) {
        Fields process = alert.object("process");
        var draft = new Draft(alert.node(), received)
                .id(alert.name("externalId", "id"))
                .group(alert.name("storylineId"))
                .url(alert.text("selfLink"))
                .updated(alert.time("updatedAt"))
                .title(alert.name("name"))
                .description(alert.text("description"))
                .category(alert.name("classification"))
                .severity(severity(alert))
                .status(alert.name("status"))
                .seen(alert.time("firstSeenAt", "detectedAt", "createdAt"), alert.time("lastSeenAt"));
        for (Fields asset : alert.list("assets")) {
            draft.host(new HostDraft()
                    .name(asset.name("name"))
                    .agent(SentinelOne.AGENT, SentinelOne.agent(asset.name("agentId"), asset.name("agentUuid")))
                    .os(asset.name("osVersion", "osType")));
        }
        draft.account(SentinelOne.user(process.name("username")));
        draft.process(process(process));
        draft.found()
                .file(
                        process.text("file.path"),
                        process.name("file.name"),
                        process.object("file").hashes());
        for (Fields observable : alert.list("observables")) {
            observable.name("value").ifPresent(draft.found()::guess);
        }
        for (Fields indicator : alert.list("indicators")) {
            draft.found().techniques(indicator.texts("message"));
            draft.found().techniques(indicator.texts("type"));
        }
        return draft.alert("SentinelOne alert");
    }

    private static Optional<Severity> severity(Fields alert) {
        return alert.name("severity")
                .flatMap(Severity::named)
                .or(() -> Optional.of(
                        SentinelOneThreat.severity(alert.name("confidenceLevel"), alert.name("classification"))));
    }

    private static Process process(Fields process) {
        Optional<Process> parent = process.text("parentName")
                .map(image -> new Process(
                        Optional.of(image), Optional.empty(), Optional.empty(), Optional.empty(), Map.of()));
        return new Process(
                process.text("file.path", "file.name"),
                process.text("cmdLine"),
                process.integer("pid"),
                Optional.empty(),
                process.object("file").hashes(),
                SentinelOne.user(process.name("username")),
                parent);
    }
}
