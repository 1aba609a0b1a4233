package io.varve.event;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.OptionalLong;

/// Which record of a file this is, named so that another record never has the same name.
///
/// `key` must identify the content, not only the place: a rotated log reuses its offsets. Use the format's own unique
/// number where there is one (a journal's sequence number with its sequence id), else offset and a digest of the bytes.
///
/// @param offset byte offset in the file, where there is one
/// @param key stable name of the record in its file
public record RecordLocator(OptionalLong offset, String key) {
    public static RecordLocator of(long offset, String key) {
        return new RecordLocator(OptionalLong.of(offset), key);
    }

    /// A record of a format without its own numbering: offset and a digest of the raw bytes.
    public static RecordLocator bytes(long offset, MemorySegment raw) {
        return of(offset, offset + "-" + HexFormat.of().toHexDigits(Hashing.fnv64(raw)));
    }

    public static RecordLocator bytes(long offset, byte[] raw) {
        return bytes(offset, MemorySegment.ofArray(raw));
    }
}
