package io.varve.database;

import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Organisation;
import java.time.Instant;
import java.util.Optional;

/// An endpoint agent that has enrolled.
///
/// @param publicKey as it sent it, the only key its requests are accepted with
/// @param asset the host it runs on
public record Agent(
        String id,
        Organisation organisation,
        String publicKey,
        String host,
        String os,
        String version,
        Optional<AssetId> asset,
        Instant enrolledAt,
        Instant lastSeen) {}
