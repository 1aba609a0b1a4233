package io.varve.provider.endpoint.protocol;

import io.varve.provider.collector.profile.Profile;
import java.time.Instant;

/// One capture order, signed by the server.
///
/// @param schema `varve.order/1`
/// @param agent the only agent that may carry it out
/// @param upload name of the object, for the record only
/// @param expires it must be begun before
public record Order(
        String schema, String agent, String capture, Profile profile, String upload, Instant issued, Instant expires) {
    public static final String SCHEMA = "varve.order/1";
}
