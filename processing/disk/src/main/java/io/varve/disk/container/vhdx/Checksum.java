package io.varve.disk.container.vhdx;

import io.varve.binary.Cursor;
import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/// CRC-32C over a structure, its own field counting as zero.
final class Checksum {
    private static final int FIELD = 4;

    private Checksum() {}

    /// Whether the checksum that follows the signature of a structure is right.
    static boolean matches(MemorySegment structure) {
        CRC32C crc = new CRC32C();
        crc.update(structure.asSlice(0, FIELD).asByteBuffer());
        crc.update(new byte[Integer.BYTES]);
        crc.update(structure.asSlice(FIELD + Integer.BYTES).asByteBuffer());
        return Cursor.littleEndian(structure).at(FIELD).u32("VHDX checksum") == crc.getValue();
    }
}
