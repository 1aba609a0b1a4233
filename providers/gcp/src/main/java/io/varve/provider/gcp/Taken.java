package io.varve.provider.gcp;

/// A snapshot of one of the instance's disks.
///
/// @param bytes that Google stores of it
/// @param key Cloud KMS key it is encrypted with; empty when it is Google's own
record Taken(String disk, String device, String snapshot, long gibibytes, long bytes, String key) {}
