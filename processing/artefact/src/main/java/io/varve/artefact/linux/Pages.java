package io.varve.artefact.linux;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Limits;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Little-endian random access through a bounded cache of pages, for formats whose structures point back and forth.
final class Pages {
    private static final int SHIFT = 16;
    private static final int PAGE = 1 << SHIFT;
    /// 32 MiB in memory at most.
    private static final int SLOTS = 512;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final Bytes bytes;
    private final long size;
    private final byte[] @Nullable [] pages = new byte[SLOTS][];
    private final long[] numbers = new long[SLOTS];

    Pages(Bytes bytes) {
        this.bytes = bytes;
        this.size = bytes.size();
        Arrays.fill(numbers, -1);
    }

    long size() {
        return size;
    }

    int u8(long offset, String field) throws IOException {
        bytes.check(offset, 1, field);
        return page(offset)[(int) offset & (PAGE - 1)] & 0xff;
    }

    long u32(long offset, String field) throws IOException {
        bytes.check(offset, 4, field);
        int start = (int) offset & (PAGE - 1);
        int value = start <= PAGE - 4 ? (int) INT.get(page(offset), start) : (int) INT.get(copy(offset, 4), 0);
        return value & 0xffff_ffffL;
    }

    long i64(long offset, String field) throws IOException {
        bytes.check(offset, 8, field);
        int start = (int) offset & (PAGE - 1);
        return start <= PAGE - 8 ? (long) LONG.get(page(offset), start) : (long) LONG.get(copy(offset, 8), 0);
    }

    /// An unsigned 64-bit offset, size or count; one that does not fit a positive long is damage.
    long u63(long offset, String field) throws IOException {
        long value = i64(offset, field);
        if (value < 0) {
            throw new CorruptException("%s at %d is %s".formatted(field, offset, Long.toUnsignedString(value)));
        }
        return value;
    }

    byte[] bytes(long offset, long length, String field) throws IOException {
        bytes.check(offset, length, field);
        return copy(offset, Limits.check(length, Limits.STRUCTURE, field));
    }

    private byte[] copy(long offset, int length) throws IOException {
        byte[] target = new byte[length];
        int done = 0;
        while (done < length) {
            int start = (int) (offset + done) & (PAGE - 1);
            int count = Math.min(length - done, PAGE - start);
            System.arraycopy(page(offset + done), start, target, done, count);
            done += count;
        }
        return target;
    }

    private byte[] page(long offset) throws IOException {
        long number = offset >>> SHIFT;
        int slot = (int) (number & (SLOTS - 1));
        byte[] page = pages[slot];
        if (page != null && numbers[slot] == number) {
            return page;
        }
        return load(number, slot);
    }

    private byte[] load(long number, int slot) throws IOException {
        byte[] page = pages[slot];
        if (page == null) {
            page = new byte[PAGE];
            pages[slot] = page;
        }
        numbers[slot] = -1;
        long start = number << SHIFT;
        bytes.read(start, page, 0, (int) Math.min(PAGE, size - start));
        numbers[slot] = number;
        return page;
    }
}
