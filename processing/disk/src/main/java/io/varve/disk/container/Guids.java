package io.varve.disk.container;

import io.varve.binary.Cursor;
import java.util.UUID;

/// UUIDs as Windows stores them: the first three parts little-endian, the rest in order.
public final class Guids {
    private Guids() {}

    public static UUID read(Cursor littleEndian, String field) {
        long first = littleEndian.u32(field);
        long second = littleEndian.u16(field);
        long third = littleEndian.u16(field);
        return new UUID(first << 32 | second << 16 | third, Long.reverseBytes(littleEndian.i64(field)));
    }
}
