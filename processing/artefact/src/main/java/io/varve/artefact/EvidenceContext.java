package io.varve.artefact;

import io.varve.event.ZoneSource;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// What is known of a host before its artefacts are parsed; events are immutable, so this is read first.
///
/// @param host host name from the evidence
/// @param operatingSystem e.g. `Debian GNU/Linux 12 (bookworm)`
/// @param zone zone of times without one
/// @param zoneSource why we believe that zone
/// @param users user names by uid (decimal) or SID
/// @param year year given by the person who started the run, for times without a year
/// @param collected when the evidence was collected, where it says so: no event in a log is later
public record EvidenceContext(
        Optional<String> host,
        Optional<String> operatingSystem,
        ZoneId zone,
        ZoneSource zoneSource,
        Map<String, String> users,
        OptionalInt year,
        Optional<Instant> collected) {

    /// The name of a uid or SID, or the number itself.
    public String user(String id) {
        return users.getOrDefault(id, id);
    }
}
