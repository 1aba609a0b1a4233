package io.varve.provider.collector;

import io.varve.evidence.Digest;

/// One file that collects on a host of a platform: text of the platform's own shell, made from a profile, whole in
/// itself. The same profile gives the same bytes.
///
/// @param fileName `varve-collect-<first 12 digits of its digest>.sh` or `.ps1`
public record CollectorScript(Platform platform, String profile, String fileName, byte[] content, Digest sha256) {}
