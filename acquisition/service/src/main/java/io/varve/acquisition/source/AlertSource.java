package io.varve.acquisition.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.acquisition.model.NormalisedAlert;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A product that sends alerts: how its JSON becomes a [NormalisedAlert]. Fields it does not know stay in the raw body.
public sealed interface AlertSource
        permits CrowdStrike,
                Darktrace,
                Defender,
                Generic,
                Graph,
                GuardDuty,
                Mapped,
                Ocsf,
                Scc,
                SecurityHub,
                Sentinel,
                SentinelOne {
    List<AlertSource> ALL = List.of(
            new CrowdStrike(),
            new Darktrace(),
            new Defender(),
            new Generic(),
            new Graph(),
            new GuardDuty(),
            new Mapped(Mapping.NONE),
            new Ocsf(),
            new Scc(),
            new SecurityHub(),
            new Sentinel(),
            new SentinelOne());

    /// Stable name, the last part of the address alerts are posted to.
    String name();

    /// @param received stands in for times the source does not state
    NormalisedAlert read(JsonNode event, Instant received) throws UnreadableAlertException;

    /// The alerts in one body, each readable on its own. Sources that send several at once, or wrap them, say how here.
    ///
    /// @param objects the objects of the body
    default List<JsonNode> split(List<JsonNode> objects) throws UnreadableAlertException {
        return objects;
    }

    static Optional<AlertSource> named(String name) {
        return ALL.stream().filter(source -> source.name().equals(name)).findFirst();
    }
}
