package io.varve.provider.aws;

/// A snapshot of one of the instance's volumes.
///
/// @param key KMS key the snapshot is encrypted with; empty when it is not
record Taken(String volume, String device, String snapshot, long gibibytes, String key) {}
