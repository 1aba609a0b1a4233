package io.varve.database.stored;

import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.CaptureId;
import io.varve.acquisition.model.Incident;
import io.varve.acquisition.model.IncidentId;
import io.varve.acquisition.model.NormalisedAlert;
import io.varve.acquisition.model.Organisation;
import io.varve.acquisition.model.SeverityLabel;
import io.varve.evidence.EvidenceKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Records with every field filled, to be stored and read back.
final class Samples {
    static final Instant NOW = Instant.parse("2026-11-22T02:00:00.123456Z");

    private Samples() {}

    static Alert received(Organisation organisation) {
        return new Alert(
                AlertId.mint(),
                organisation,
                "generic",
                NOW,
                Alert.State.RECEIVED,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    static Alert normalised(Alert alert, String sourceAlertId, Optional<IncidentId> incident) {
        return new Alert(
                alert.id(),
                alert.organisation(),
                alert.source(),
                alert.receivedAt(),
                Alert.State.NORMALISED,
                Optional.empty(),
                Optional.of(new NormalisedAlert(
                        sourceAlertId,
                        Optional.of("group"),
                        Optional.empty(),
                        "1",
                        "a title with <script> and a NUL \0 in it",
                        "description",
                        "category",
                        70,
                        SeverityLabel.HIGH,
                        NOW.minusSeconds(60),
                        NOW,
                        List.of(new NormalisedAlert.Host(
                                Optional.of("web01"),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                List.of("10.0.0.5"),
                                List.of(),
                                Optional.empty())),
                        List.of(new NormalisedAlert.User("root", Optional.empty())),
                        List.of(new NormalisedAlert.Process(
                                Optional.of("/tmp/x/beacon"),
                                Optional.of("beacon 300"),
                                Optional.of(4711L),
                                Optional.of(NOW),
                                Map.of("sha256", "ab\0cd"))),
                        List.of(),
                        List.of(),
                        List.of(new NormalisedAlert.Attack(Optional.empty(), Optional.of("T1059.004"))))),
                Optional.empty(),
                incident);
    }

    static Incident incident(Organisation organisation, List<AssetId> assets) {
        return new Incident(
                IncidentId.mint(),
                organisation,
                "Beacon on web01",
                70,
                SeverityLabel.HIGH,
                Incident.Status.OPEN,
                NOW,
                NOW.minusSeconds(60),
                NOW,
                assets,
                1);
    }

    static Capture queued(Organisation organisation, AssetId asset, Optional<IncidentId> incident) {
        return new Capture(
                CaptureId.mint(),
                organisation,
                EvidenceKey.mint(organisation.value()).value(),
                asset,
                "endpoint",
                "agent-1",
                "linux-triage",
                Optional.empty(),
                incident,
                Optional.empty(),
                "rule:all",
                NOW,
                Optional.empty(),
                Optional.empty(),
                Capture.State.QUEUED,
                false,
                Map.of(),
                0,
                0,
                "",
                Capture.Plan.NONE);
    }

    static Capture in(Capture capture, Capture.State state, boolean cancelRequested) {
        return new Capture(
                capture.id(),
                capture.organisation(),
                capture.evidence(),
                capture.asset(),
                capture.provider(),
                capture.target(),
                capture.profile(),
                capture.alert(),
                capture.incident(),
                capture.rule(),
                capture.requestedBy(),
                capture.requestedAt(),
                Optional.of(NOW),
                Optional.empty(),
                state,
                cancelRequested,
                Map.of("place", "done"),
                5,
                10,
                "uploading",
                capture.plan());
    }

    static Capture further(Capture capture) {
        return new Capture(
                capture.id(),
                capture.organisation(),
                capture.evidence(),
                capture.asset(),
                capture.provider(),
                capture.target(),
                capture.profile(),
                capture.alert(),
                capture.incident(),
                capture.rule(),
                capture.requestedBy(),
                capture.requestedAt(),
                capture.startedAt(),
                capture.endedAt(),
                capture.state(),
                capture.cancelRequested(),
                capture.steps(),
                capture.done() + 1,
                capture.total(),
                capture.text(),
                capture.plan());
    }
}
