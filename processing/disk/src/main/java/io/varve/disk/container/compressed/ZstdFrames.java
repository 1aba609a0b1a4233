package io.varve.disk.container.compressed;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

/// Where the frames of a zstd file lie and what they expand to.
///
/// Written after RFC 8878 and "Zstandard Seekable Format",
/// <https://github.com/facebook/zstd/blob/dev/contrib/seekable_format/zstd_seekable_compression_format.md>.
///
/// @param offsets in the file, of the frames that expand to something
/// @param lengths in the file
/// @param starts in the content; one more, the size
record ZstdFrames(long[] offsets, int[] lengths, long[] starts) {
    static final int MAGIC = 0xfd2f_b528;
    static final int SKIPPABLE = 0x184d_2a50;

    /// Largest frame that is expanded for a read in it, compressed or not.
    static final int LARGEST = 64 << 20;

    private static final int MOST = 8 << 20;
    private static final int SEEKABLE = 0x8f92_eab1;
    private static final int SEEK_TABLE = 0x184d_2a5e;
    private static final int FOOTER = 9;
    private static final int LONGEST_HEADER = 18;

    /// Empty when the frames cannot be told without expanding them, or are too large.
    static Optional<ZstdFrames> of(Bytes file) throws IOException {
        Optional<ZstdFrames> listed = seekTable(file);
        return listed.isPresent() ? listed : walk(file);
    }

    private static Optional<ZstdFrames> seekTable(Bytes file) throws IOException {
        if (file.size() < FOOTER + 8) {
            return Optional.empty();
        }
        Cursor footer = cursor(file, file.size() - FOOTER, FOOTER);
        long count = footer.u32("number of frames");
        int descriptor = footer.u8("seek table descriptor");
        int width = (descriptor & 0x80) != 0 ? 12 : 8;
        long length = count * width;
        long start = file.size() - FOOTER - length;
        if (footer.i32("seek table magic") != SEEKABLE || count > MOST || start < 8) {
            return Optional.empty();
        }
        Cursor header = cursor(file, start - 8, 8);
        if (header.i32("frame magic") != SEEK_TABLE || header.u32("frame size") != length + FOOTER) {
            return Optional.empty();
        }
        var frames = new Builder();
        long offset = 0;
        for (long at = start; at < file.size() - FOOTER; at += 512L * width) {
            int part = (int) Math.min(512L * width, file.size() - FOOTER - at);
            Cursor entries = cursor(file, at, part);
            while (entries.remaining() > 0) {
                long stored = entries.u32("compressed size");
                long expanded = entries.u32("expanded size");
                entries.skip(width - 8, "checksum");
                if (stored > LARGEST || expanded > LARGEST || offset + stored > start - 8) {
                    return Optional.empty();
                }
                frames.add(offset, stored, expanded);
                offset += stored;
            }
        }
        return Optional.of(frames.build());
    }

    private static Optional<ZstdFrames> walk(Bytes file) throws IOException {
        var frames = new Builder();
        long offset = 0;
        while (offset < file.size()) {
            Cursor cursor = cursor(file, offset, (int) Math.min(LONGEST_HEADER, file.size() - offset));
            int magic = cursor.remaining() < 8 ? 0 : cursor.i32("frame magic");
            if ((magic & ~0xf) == SKIPPABLE) {
                offset += 8 + cursor.u32("frame size");
                continue;
            }
            if (magic != MAGIC || frames.count == MOST) {
                return Optional.empty();
            }
            int descriptor = cursor.u8("frame header descriptor");
            boolean single = (descriptor & 0x20) != 0;
            cursor.skip((single ? 0 : 1) + (new int[] {0, 1, 2, 4})[descriptor & 3], "window and dictionary");
            if (!single && descriptor >>> 6 == 0) {
                return Optional.empty();
            }
            long expanded = switch (descriptor >>> 6) {
                case 0 -> cursor.u8("content size");
                case 1 -> cursor.u16("content size") + 256;
                case 2 -> cursor.u32("content size");
                default -> cursor.i64("content size");
            };
            Optional<Long> end = expanded < 0 || expanded > LARGEST
                    ? Optional.empty()
                    : end(file, offset + cursor.position(), offset + LARGEST, (descriptor & 4) != 0);
            if (end.isEmpty()) {
                return Optional.empty();
            }
            frames.add(offset, end.get() - offset, expanded);
            offset = end.get();
        }
        return Optional.of(frames.build());
    }

    /// Where a frame ends: after its last block and its checksum. Empty when that is too far or past the file.
    private static Optional<Long> end(Bytes file, long blocks, long most, boolean checksum) throws IOException {
        long at = blocks;
        boolean last = false;
        while (!last) {
            if (at > file.size() - 3 || at > most) {
                return Optional.empty();
            }
            Cursor header = cursor(file, at, 3);
            int value = header.u16("block header") | header.u8("block header") << 16;
            last = (value & 1) != 0;
            at += 3 + ((value >>> 1 & 3) == 1 ? 1 : value >>> 3);
        }
        at += checksum ? 4 : 0;
        return at > file.size() || at > most ? Optional.empty() : Optional.of(at);
    }

    private static Cursor cursor(Bytes file, long offset, int length) throws IOException {
        byte[] bytes = new byte[length];
        file.read(offset, bytes, 0, length);
        return Cursor.littleEndian(MemorySegment.ofArray(bytes));
    }

    long size() {
        return starts[starts.length - 1];
    }

    int frame(long position) {
        int found = Arrays.binarySearch(starts, position);
        return found < 0 ? -found - 2 : found;
    }

    private static final class Builder {
        private long[] offsets = new long[16];
        private int[] lengths = new int[16];
        private long[] starts = new long[16];
        private int count;
        private long size;

        void add(long offset, long length, long expanded) {
            if (expanded == 0) {
                return;
            }
            if (count == offsets.length) {
                offsets = Arrays.copyOf(offsets, count * 2);
                lengths = Arrays.copyOf(lengths, count * 2);
                starts = Arrays.copyOf(starts, count * 2);
            }
            offsets[count] = offset;
            lengths[count] = Math.toIntExact(length);
            starts[count++] = size;
            size += expanded;
        }

        ZstdFrames build() {
            long[] all = Arrays.copyOf(starts, count + 1);
            all[count] = size;
            if (size < 0) {
                throw new CorruptException("zstd: frames of %d bytes in all".formatted(size));
            }
            return new ZstdFrames(Arrays.copyOf(offsets, count), Arrays.copyOf(lengths, count), all);
        }
    }
}
