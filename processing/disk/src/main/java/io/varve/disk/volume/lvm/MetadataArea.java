package io.varve.disk.volume.lvm;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import io.varve.binary.Limits;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// An area of a physical volume in which the texts of the volume group are written one behind the other, and again from
/// the start when its end is reached.
///
/// Source: LVM2 `lib/format_text/layout.h` (mda_header, raw_locn).
final class MetadataArea {
    private static final int HEADER = 512;
    private static final String MAGIC = " LVM2 x[5A%r0N*>";
    private static final int IGNORED = 1;

    /// Most bytes of an area that are searched for older texts.
    private static final int SEARCHED = 64 << 20;

    private MetadataArea() {}

    /// The text that is valid; empty when the area is not in use.
    static Optional<Group> read(Bytes device, long place, long size) throws IOException {
        device.check(place, HEADER, "LVM2 metadata area header");
        byte[] header = new byte[HEADER];
        device.read(place, header, 0, HEADER);
        Cursor in = Cursor.littleEndian(MemorySegment.ofArray(header));
        if (Checksum.of(header, 4, HEADER - 4) != in.u32("checksum")) {
            throw new CorruptException(
                    "the metadata area header at offset %d does not have its checksum".formatted(place));
        }
        if (!new String(header, 4, 16, StandardCharsets.ISO_8859_1).equals(MAGIC)) {
            throw new CorruptException("the metadata area header at offset %d has no signature".formatted(place));
        }
        Cursor text = in.at(40);
        long offset = text.i64("offset of the text");
        long length = text.i64("length of the text");
        long checksum = text.u32("checksum of the text");
        long flags = text.u32("flags of the text");
        if (offset == 0 || (flags & IGNORED) != 0) {
            return Optional.empty();
        }
        byte[] raw = text(device, place, size, offset, length);
        if (Checksum.of(raw, 0, raw.length) != checksum) {
            throw new CorruptException("the text at offset %d does not have its checksum".formatted(place + offset));
        }
        return Optional.of(Group.of(MetadataText.parse(raw)));
    }

    private static byte[] text(Bytes device, long place, long size, long offset, long length) throws IOException {
        int count = Limits.check(length, MetadataText.LONGEST, "length of LVM2 metadata");
        if (size < HEADER || offset < HEADER || offset >= size || count > size - HEADER) {
            throw new CorruptException(
                    "a text of %d bytes at %d does not fit into its area of %d bytes".formatted(length, offset, size));
        }
        device.check(place, size, "LVM2 metadata area");
        byte[] raw = new byte[count];
        int first = (int) Math.min(count, size - offset);
        device.read(place + offset, raw, 0, first);
        device.read(place + HEADER, raw, first, count - first);
        return raw;
    }

    /// The newest of the older texts, each of which begins at a sector, that can still be read; those that wrap around
    /// are not found.
    static Optional<Group> older(Bytes device, long place, long size) throws IOException {
        if (place < 0 || place > device.size() - HEADER || size <= HEADER) {
            return Optional.empty();
        }
        int length = (int) Math.min(Math.min(size, device.size() - place), SEARCHED);
        byte[] area = new byte[length];
        device.read(place, area, 0, length);
        Optional<Group> newest = Optional.empty();
        // texts lie one behind the other, so together they are no longer than the area: more is crafted
        int budget = length;
        for (int start = HEADER; start < length - HEADER && budget > 0; start += HEADER) {
            if (begins(area, start)) {
                byte[] text = Arrays.copyOfRange(area, start, end(area, start));
                budget -= text.length;
                newest = newer(newest, text);
            }
        }
        return newest;
    }

    private static Optional<Group> newer(Optional<Group> newest, byte[] text) {
        try {
            Group group = Group.of(MetadataText.parseFirst(text));
            return newest.isEmpty() || group.sequence() > newest.get().sequence() ? Optional.of(group) : newest;
        } catch (CorruptException e) {
            // overwritten in part by a later one
            return newest;
        }
    }

    /// Whether a text begins here: `name {` and a line with its id.
    private static boolean begins(byte[] area, int start) {
        String head = new String(area, start, Math.min(256, area.length - start), StandardCharsets.ISO_8859_1);
        return head.matches("(?s)[A-Za-z0-9+_.-]+ \\{\\n\\s*id = \".*");
    }

    /// A text ends with a zero byte.
    private static int end(byte[] area, int start) {
        int end = start;
        while (end < area.length && end - start < MetadataText.LONGEST && area[end] != 0) {
            end++;
        }
        return end;
    }
}
