package io.varve.disk.filesystem.btrfs;

import io.varve.binary.CorruptException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// A piece of metadata: little-endian numbers at fixed places. A field outside of it is a [CorruptException].
///
/// @param structure what it is, for errors
/// @param place logical address in the file system, or byte offset in the volume for a superblock
/// @param bytes may hold more than this piece; never written to
record Block(String structure, long place, byte[] bytes, int start, int length) {
    private static final VarHandle I16 = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();
    private static final VarHandle I32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();
    private static final VarHandle I64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();

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

    Key key(int at) {
        return new Key(i64(at), u8(at + 8), i64(at + 9));
    }

    byte[] copy(int at, int count) {
        int from = index(at, count);
        return Arrays.copyOfRange(bytes, from, from + count);
    }

    Block part(int at, int count) {
        return new Block(structure, place, bytes, index(at, count), count);
    }

    CorruptException corrupt(String problem) {
        return new CorruptException("btrfs %s at %d: %s".formatted(structure, place, problem));
    }

    private int index(int at, int count) {
        if (at < 0 || count < 0 || at > length - count) {
            throw corrupt("needs %d bytes at +%d of %d".formatted(count, at, length));
        }
        return start + at;
    }
}
