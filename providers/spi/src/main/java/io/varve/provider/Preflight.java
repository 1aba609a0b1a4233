package io.varve.provider;

import java.util.List;
import java.util.Optional;

/// What is known of a host and of the way to it before a capture, found without touching the host.
///
/// @param host its name as the vendor has it; empty when it was not found
/// @param platform `linux`, `macos` or `windows`
/// @param others further hosts that answer to the same name: id and last sight of each, in words
/// @param online empty when the vendor does not say
/// @param touches what the capture will read, write and run on the host, a sentence each
public record Preflight(
        Optional<String> host,
        Optional<String> platform,
        List<String> others,
        Optional<Boolean> online,
        Containment containment,
        List<Check> checks,
        List<String> touches) {}
