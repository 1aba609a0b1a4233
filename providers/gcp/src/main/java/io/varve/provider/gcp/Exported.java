package io.varve.provider.gcp;

/// An export in the bucket, as it was when it was complete.
///
/// @param generation Google's number for this content of the object: another one is another content
/// @param crc32c of all its bytes, as Google stores it, in base 64
/// @param md5 the same; empty for composed objects
record Exported(
        String disk,
        String device,
        String snapshot,
        String object,
        long generation,
        long size,
        String crc32c,
        String md5) {}
