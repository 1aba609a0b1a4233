package io.varve.emulator.sentinelone;

import java.time.Instant;
import java.util.Set;

/// A service user of the console, whom a token belongs to.
///
/// @param permissions as the vendor's specification names them, such as `Endpoints.fileFetch`
public record ServiceUser(String name, String token, Instant expiresAt, Set<String> permissions) {
    /// What a capture needs and no more.
    public static final Set<String> CAPTURE = Set.of(
            "Endpoints.view",
            "Endpoints.fileFetch",
            "Activity Page.view",
            "Remote Script Orchestration.view",
            "Remote Script Orchestration.upload",
            "Remote Script Orchestration.delete",
            "Remote Script Orchestration.runArtifactCollectionScript",
            "Task Management.view",
            "Threats.view",
            "Threats.fetchThreatFile",
            "STAR Rule Alerts.view",
            "Unified Alerts.view");

    /// What writing notes needs besides. The vendor's names for these are not verified.
    public static final Set<String> NOTES =
            Set.of("Threats.manageNotes", "Threats.manageExternalTicket", "Unified Alerts.manage");

    @Override
    public String toString() {
        return "ServiceUser[" + name + ", " + permissions + "]";
    }
}
