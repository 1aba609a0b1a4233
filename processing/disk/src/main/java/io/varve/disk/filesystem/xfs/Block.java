package io.varve.disk.filesystem.xfs;

import io.varve.binary.CorruptException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// A piece of metadata: big-endian numbers at fixed places. A field outside of it is a [CorruptException].
///
/// @param structure what it is, for errors
/// @param place where it lies in the volume
/// @param bytes may hold more than this piece; never written to
record Block(String structure, long place, byte[] bytes, int start, int length) {
    private static final VarHandle I16 = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();
    private static final VarHandle I32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();
    private static final VarHandle I64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();
    private static final byte[] NO_CHECKSUM = new byte[4];

    int u8(int at) {
        return bytes[index(at, 1)] & 0xff;
    }

    int u16(int at) {
        return (short) I16.get(bytes, index(at, 2)) & 0xffff;
    }

    int i32(int at) {
        return (int) I32.get(bytes, index(at, 4));
    }

    long u32(int at) {
        return i32(at) & 0xffff_ffffL;
    }

    long i64(int at) {
        return (long) I64.get(bytes, index(at, 8));
    }

    byte[] copy(int at, int count) {
        int from = index(at, count);
        return Arrays.copyOfRange(bytes, from, from + count);
    }

    Block part(int at, int count) {
        return new Block(structure, place + at, bytes, index(at, count), count);
    }

    /// Whether the CRC-32C that version 5 keeps at `at`, in little-endian order, fits the rest.
    boolean intact(int at) {
        var crc = new CRC32C();
        int field = index(at, 4);
        crc.update(bytes, start, at);
        crc.update(NO_CHECKSUM, 0, 4);
        crc.update(bytes, field + 4, length - at - 4);
        return (int) crc.getValue() == Integer.reverseBytes(i32(at));
    }

    CorruptException corrupt(String problem) {
        return new CorruptException("XFS %s at offset %d: %s".formatted(structure, place, problem));
    }

    private int index(int at, int count) {
        if (at < 0 || count < 0 || at > length - count) {
            throw corrupt("needs %d bytes at +%d of %d".formatted(count, at, length));
        }
        return start + at;
    }
}
