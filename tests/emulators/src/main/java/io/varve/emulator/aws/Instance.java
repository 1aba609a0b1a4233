package io.varve.emulator.aws;

import java.util.List;

/// An instance of the emulated cloud.
///
/// @param volumes ids of its volumes, that of the root first
public record Instance(String id, String account, String region, List<String> volumes) {}
