package io.varve.disk.volume;

import io.varve.binary.Bytes;
import io.varve.binary.Cursor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/// One copy of the header of a GPT with the entries it leads to.
///
/// @param place byte offset of the header
/// @param table byte offset of the entries
/// @param sound the header has its checksum
/// @param whole so have the entries
record GptHeader(
        long place,
        int sectorSize,
        long table,
        int count,
        int entrySize,
        byte[] entries,
        boolean sound,
        boolean whole) {
    static final String NIL = "00000000-0000-0000-0000-000000000000";

    /// No disk has more sectors: keeps byte offsets below 2^62.
    static final long SECTORS = 1L << 50;

    private static final long SIGNATURE = 0x5452415020494645L;
    private static final int SMALLEST = 92;
    private static final int SMALLEST_ENTRY = 128;
    private static final int LARGEST_ENTRY = 4096;

    static Optional<GptHeader> read(Bytes device, long place, int sectorSize) throws IOException {
        if (place < sectorSize || place > device.size() - sectorSize) {
            return Optional.empty();
        }
        byte[] sector = new byte[sectorSize];
        device.read(place, sector, 0, sectorSize);
        Cursor in = Cursor.littleEndian(MemorySegment.ofArray(sector));
        if (in.i64("signature") != SIGNATURE) {
            return Optional.empty();
        }
        in.skip(4, "revision");
        long headerSize = in.u32("header size");
        long stored = in.u32("header checksum");
        in.skip(4, "reserved");
        long own = in.i64("own sector");
        Cursor array = in.at(72);
        long first = array.i64("sector of the entries");
        long count = array.u32("number of entries");
        long entrySize = array.u32("size of an entry");
        long arrayChecksum = array.u32("checksum of the entries");
        long bytes = count * entrySize;
        boolean usable = first > 0
                && first < SECTORS
                && entrySize >= SMALLEST_ENTRY
                && entrySize <= LARGEST_ENTRY
                && count > 0
                && bytes <= Gpt.ENTRIES
                && first * sectorSize <= device.size() - bytes;
        if (!usable) {
            return Optional.empty();
        }
        boolean sound = own == place / sectorSize
                && headerSize >= SMALLEST
                && headerSize <= sectorSize
                && checksum(sector, (int) headerSize) == stored;
        byte[] entries = new byte[(int) bytes];
        device.read(first * sectorSize, entries, 0, entries.length);
        boolean whole = sound && Gpt.checksum(entries, entries.length) == arrayChecksum;
        return Optional.of(new GptHeader(
                place, sectorSize, first * sectorSize, (int) count, (int) entrySize, entries, sound, whole));
    }

    /// Of the header, its own field taken as zero.
    private static long checksum(byte[] sector, int length) {
        byte[] copy = sector.clone();
        for (int i = 16; i < 20; i++) {
            copy[i] = 0;
        }
        return Gpt.checksum(copy, length);
    }

    Cursor entry(int index) {
        return Cursor.littleEndian(MemorySegment.ofArray(entries).asSlice((long) index * entrySize, entrySize));
    }

    /// Byte offset of an entry.
    long place(int index) {
        return table + (long) index * entrySize;
    }

    /// A GUID as text: its first three parts are little-endian.
    static String guid(MemorySegment raw) {
        ByteBuffer bytes = ByteBuffer.wrap(raw.toArray(ValueLayout.JAVA_BYTE)).order(ByteOrder.LITTLE_ENDIAN);
        int first = bytes.getInt();
        short second = bytes.getShort();
        short third = bytes.getShort();
        long rest = bytes.order(ByteOrder.BIG_ENDIAN).getLong();
        return "%08x-%04x-%04x-%04x-%012x".formatted(first, second, third, rest >>> 48, rest & 0xffff_ffff_ffffL);
    }
}
