package io.varve.database;

import io.varve.acquisition.model.Organisation;
import io.varve.evidence.Digest;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// A key that automation calls with. Only its digest is kept.
///
/// @param scopes `alerts`, `read`, `write`, `forensics`, `admin`
public record ApiKey(
        UUID id,
        Organisation organisation,
        String name,
        Digest key,
        Set<String> scopes,
        String createdBy,
        Instant createdAt,
        Optional<Instant> lastUsed) {}
