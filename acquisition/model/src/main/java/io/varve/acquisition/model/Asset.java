package io.varve.acquisition.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A host, instance, pod or account, known under many names.
///
/// @param mergedInto the asset this one turned out to be; its identifiers have moved there
public record Asset(
        AssetId id,
        Organisation organisation,
        String name,
        Instant createdAt,
        Optional<AssetId> mergedInto,
        List<Identifier> identifiers) {

    /// Kinds of name, strongest first. Only an address needs its time to mean anything.
    public enum Kind {
        AGENT_ID,
        SENSOR_ID,
        INSTANCE_ID,
        FQDN,
        HOST_NAME,
        ADDRESS
    }

    /// @param value lower case; sensor ids carry their vendor, `crowdstrike:abc`
    /// @param firstSeen when the asset was first seen under this name
    /// @param lastSeen when it was last seen under it
    public record Identifier(Kind kind, String value, Instant firstSeen, Instant lastSeen) {}
}
