package io.varve.evidence.azure;

import io.varve.evidence.Digest;
import io.varve.evidence.ObjectStore.Part;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/// The name of a block: which part it belongs to, and which piece of that part it is. Azure keeps the names, so the
/// list
/// of blocks is the journal of an upload, and after it of the object.
///
/// 56 bytes in Base64, of at most 64: number (4), offset (8), size (8), SHA-256 (32), piece (4). All names in one blob
/// have the same length, as Azure wants it.
record BlockId(Part part, int piece) {
    private static final int SIZE = 56;

    String text() {
        byte[] raw = ByteBuffer.allocate(SIZE)
                .putInt(part.number())
                .putLong(part.offset())
                .putLong(part.size())
                .put(HexFormat.of().parseHex(part.sha256().hex()))
                .putInt(piece)
                .array();
        return Base64.getEncoder().encodeToString(raw);
    }

    /// @return empty when somebody else made the block
    static Optional<BlockId> of(String text) {
        byte[] raw;
        try {
            raw = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (raw.length != SIZE) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(raw);
        int number = bytes.getInt();
        long offset = bytes.getLong();
        long size = bytes.getLong();
        byte[] digest = new byte[32];
        bytes.get(digest);
        var part = new Part(number, offset, size, new Digest(HexFormat.of().formatHex(digest)));
        return Optional.of(new BlockId(part, bytes.getInt()));
    }
}
