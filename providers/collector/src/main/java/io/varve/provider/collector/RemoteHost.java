package io.varve.provider.collector;

import java.util.List;
import java.util.Optional;

/// A host as its vendor knows it now.
///
/// @param id the vendor's id of the sensor on it
/// @param name the host's name
/// @param platform empty when the vendor names none that we know
/// @param online empty when the vendor does not say
/// @param others further hosts that answer to the same name: id and last sight of each, in words. The newest was chosen
/// @param facts what else the vendor says of it, for custody: addresses, version of the sensor, …
public record RemoteHost(
        String id,
        String name,
        Optional<Platform> platform,
        Optional<Boolean> online,
        List<String> others,
        java.util.Map<String, String> facts) {}
