package io.varve.disk.container;

import io.varve.binary.Bytes;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// Tables of an image, read by the page; at most [#SLOTS] pages are kept. Safe for several threads.
public final class Pages {
    private static final int PAGE = 16 << 10;
    private static final int SLOTS = 128;

    private static final VarHandle BE64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LE64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle BE32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LE32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final Bytes file;
    private final boolean big;
    private final AtomicReferenceArray<Page> slots = new AtomicReferenceArray<>(SLOTS);

    private record Page(long number, byte[] bytes) {}

    private Pages(Bytes file, boolean big) {
        this.file = file;
        this.big = big;
    }

    public static Pages bigEndian(Bytes file) {
        return new Pages(file, true);
    }

    public static Pages littleEndian(Bytes file) {
        return new Pages(file, false);
    }

    public int u8(long offset, String field) throws IOException {
        file.check(offset, 1, field);
        return page(offset).bytes[(int) (offset % PAGE)] & 0xff;
    }

    public long u32(long offset, String field) throws IOException {
        file.check(offset, 4, field);
        int value = (int) (big ? BE32 : LE32).get(holding(offset, 4), within(offset, 4));
        return value & 0xffff_ffffL;
    }

    public long i64(long offset, String field) throws IOException {
        file.check(offset, 8, field);
        return (long) (big ? BE64 : LE64).get(holding(offset, 8), within(offset, 8));
    }

    /// The page that holds a value, or a copy of a value that two pages hold.
    private byte[] holding(long offset, int length) throws IOException {
        if (offset % PAGE <= PAGE - length) {
            return page(offset).bytes;
        }
        byte[] copy = new byte[length];
        file.read(offset, copy, 0, length);
        return copy;
    }

    private static int within(long offset, int length) {
        int within = (int) (offset % PAGE);
        return within <= PAGE - length ? within : 0;
    }

    private Page page(long offset) throws IOException {
        long number = offset / PAGE;
        int slot = (int) (number % SLOTS);
        Page held = slots.get(slot);
        if (held != null && held.number == number) {
            return held;
        }
        byte[] bytes = new byte[(int) Math.min(PAGE, file.size() - number * PAGE)];
        file.read(number * PAGE, bytes, 0, bytes.length);
        Page read = new Page(number, bytes);
        slots.set(slot, read);
        return read;
    }
}
