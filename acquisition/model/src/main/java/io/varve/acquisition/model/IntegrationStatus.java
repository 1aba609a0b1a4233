package io.varve.acquisition.model;

import java.time.Instant;
import java.util.Optional;

/// How an integration has fared.
///
/// @param contactAt when the vendor last answered, or sent something
/// @param problem why the last contact failed; empty when it did not
/// @param cursor where its alert feed goes on
/// @param alerts how many came from it
/// @param checks result of the last check, as JSON; empty when there was none
public record IntegrationStatus(
        Optional<Instant> contactAt,
        Optional<String> problem,
        Optional<Instant> problemAt,
        Optional<String> cursor,
        long alerts,
        Optional<Instant> alertAt,
        Optional<Instant> checkedAt,
        Optional<String> checks) {}
