package io.varve.disk.container.vhdx;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import io.varve.binary.Limits;
import io.varve.disk.LayerException;
import io.varve.disk.container.Disks;
import io.varve.disk.container.Guids;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The log of changes to the tables of the image: a ring of entries, of which the newest unbroken sequence counts.
final class Log {
    private static final int SECTOR = 4096;
    private static final int ENTRY_HEADER = 64;
    private static final int DESCRIPTOR = 32;
    private static final int ENTRY = 0x6567_6f6c;
    private static final int DATA_DESCRIPTOR = 0x6373_6564;
    private static final int ZERO_DESCRIPTOR = 0x6f72_657a;
    private static final int DATA_SECTOR = 0x6174_6164;

    /// Largest log; Hyper-V makes them of 1 MiB.
    private static final int LARGEST = 64 << 20;

    /// Times the log's length that may be checksummed while the sequence is looked for.
    private static final int EFFORT = 16;

    private final Bytes file;
    private final Header header;
    private final int length;
    private long effort;

    private Log(Bytes file, Header header) throws LayerException {
        if (header.logVersion() != 0 || header.logLength() > LARGEST) {
            throw new LayerException(
                    Vhdx.LAYER,
                    OptionalLong.of(header.offset()),
                    "its log of version %d and %d bytes is not read".formatted(header.logVersion(), header.logLength()),
                    "open the disk once in Hyper-V, on a copy");
        }
        this.file = file;
        this.header = header;
        this.length = (int) header.logLength() / SECTOR * SECTOR;
        file.check(header.logOffset(), length, "VHDX log");
    }

    /// The file as it would be with its log written back.
    static Bytes replayed(Bytes file, Header header, List<String> notes) throws IOException {
        Log log = new Log(file, header);
        List<Entry> sequence = log.active();
        if (sequence.isEmpty()) {
            notes.add("the log is not empty but holds no whole sequence; its changes are lost");
            return file;
        }
        Overlay overlay = new Overlay(file);
        for (Entry entry : sequence) {
            log.replay(entry, overlay);
        }
        Entry head = sequence.getLast();
        if (file.size() < head.flushed) {
            notes.add("the image is cut: it had %d bytes when its log was written".formatted(head.flushed));
        } else {
            overlay.extend(Disks.size(head.last, "VHDX last file offset"));
        }
        notes.add("the log was replayed in memory: %d entries".formatted(sequence.size()));
        return overlay;
    }

    /// @param start where in the log
    /// @param tail where in the log the sequence starts that has this entry as its last
    private record Entry(int start, int length, int tail, long sequence, int descriptors, long flushed, long last) {}

    /// The whole sequence with the highest number, from its tail to its head.
    private List<Entry> active() throws IOException {
        List<Entry> active = List.of();
        for (int tail = 0; tail < length; ) {
            List<Entry> found = sequence(tail);
            int first = 0;
            while (first < found.size() && found.get(first).start != found.getLast().tail) {
                first++;
            }
            if (first < found.size() && (active.isEmpty() || found.getLast().sequence > active.getLast().sequence)) {
                active = found.subList(first, found.size());
            }
            tail += first == found.size()
                    ? SECTOR
                    : found.stream().mapToInt(Entry::length).sum();
        }
        return active;
    }

    private List<Entry> sequence(int start) throws IOException {
        List<Entry> entries = new ArrayList<>();
        int used = 0;
        while (used < length) {
            Entry entry = entry((start + used) % length);
            if (entry == null
                    || entry.length > length - used
                    || !entries.isEmpty() && entry.sequence != entries.getLast().sequence + 1) {
                break;
            }
            entries.add(entry);
            used += entry.length;
        }
        return entries;
    }

    /// The entry at a place in the log; null when there is no valid one.
    private @Nullable Entry entry(int start) throws IOException {
        Cursor in = Cursor.littleEndian(MemorySegment.ofArray(bytes(start, ENTRY_HEADER)));
        if (in.i32("VHDX log signature") != ENTRY) {
            return null;
        }
        in.skip(4, "VHDX log checksum");
        long size = in.u32("VHDX log entry length");
        long tail = in.u32("VHDX log tail");
        long sequence = in.i64("VHDX log sequence");
        long descriptors = in.u32("VHDX log descriptor count");
        in.skip(4, "VHDX log entry");
        boolean ours = Guids.read(in, "VHDX log id").equals(header.logId());
        long flushed = in.i64("VHDX log flushed offset");
        long last = in.i64("VHDX log last offset");
        if (!ours
                || size < SECTOR
                || size > length
                || size % SECTOR != 0
                || tail >= length
                || tail % SECTOR != 0
                || sequence <= 0
                || descriptors > (size - ENTRY_HEADER) / DESCRIPTOR) {
            return null;
        }
        Entry entry = new Entry(start, (int) size, (int) tail, sequence, (int) descriptors, flushed, last);
        return isWhole(entry) ? entry : null;
    }

    private boolean isWhole(Entry entry) throws IOException {
        effort += entry.length;
        if (effort > (long) EFFORT * length) {
            throw new CorruptException(
                    "VHDX log at offset %d is made of entries within entries".formatted(header.logOffset()));
        }
        MemorySegment bytes = MemorySegment.ofArray(bytes(entry.start, entry.length));
        if (!Checksum.matches(bytes)) {
            return false;
        }
        int data = dataStart(entry);
        for (int i = 0; i < entry.descriptors; i++) {
            Cursor in = Cursor.littleEndian(bytes).at(ENTRY_HEADER + (long) i * DESCRIPTOR);
            int signature = in.i32("VHDX log descriptor signature");
            if (in.at(in.position() + 20).i64("VHDX log descriptor sequence") != entry.sequence) {
                return false;
            }
            if (signature == ZERO_DESCRIPTOR) {
                continue;
            }
            if (signature != DATA_DESCRIPTOR || data > entry.length - SECTOR) {
                return false;
            }
            Cursor sector = Cursor.littleEndian(bytes).at(data);
            boolean marked = sector.i32("VHDX log data signature") == DATA_SECTOR
                    && sector.u32("VHDX log data sequence") == entry.sequence >>> 32
                    && sector.at(data + SECTOR - 4L).u32("VHDX log data sequence") == (entry.sequence & 0xffff_ffffL);
            if (!marked) {
                return false;
            }
            data += SECTOR;
        }
        return true;
    }

    private static int dataStart(Entry entry) {
        long end = ENTRY_HEADER + (long) entry.descriptors * DESCRIPTOR;
        return (int) ((end + SECTOR - 1) / SECTOR * SECTOR);
    }

    private void replay(Entry entry, Overlay overlay) throws IOException {
        MemorySegment bytes = MemorySegment.ofArray(bytes(entry.start, entry.length));
        int data = dataStart(entry);
        for (int i = 0; i < entry.descriptors; i++) {
            Cursor in = Cursor.littleEndian(bytes).at(ENTRY_HEADER + (long) i * DESCRIPTOR);
            int signature = in.i32("VHDX log descriptor signature");
            MemorySegment trailing = in.bytes(4, "VHDX log trailing bytes");
            Cursor leading = in.at(in.position());
            long zeros = in.i64("VHDX log zero length");
            long offset = in.i64("VHDX log file offset");
            if (offset < 0 || offset > Disks.LARGEST || offset % SECTOR != 0) {
                throw new CorruptException("VHDX log entry %d writes at offset %d".formatted(entry.sequence, offset));
            }
            if (signature == ZERO_DESCRIPTOR) {
                overlay.zero(offset, Disks.size(zeros, "VHDX log zero length") / SECTOR * SECTOR);
                continue;
            }
            byte[] sector = bytes.asSlice(data, SECTOR).toArray(ValueLayout.JAVA_BYTE);
            MemorySegment target = MemorySegment.ofArray(sector);
            MemorySegment.copy(leading.bytes(8, "VHDX log leading bytes"), 0, target, 0, 8);
            MemorySegment.copy(trailing, 0, target, SECTOR - 4, 4);
            overlay.write(offset, sector);
            data += SECTOR;
        }
    }

    /// Bytes of the log, which goes on at its start where it ends.
    private byte[] bytes(int start, int count) throws IOException {
        byte[] bytes = new byte[Limits.check(count, length, "VHDX log entry")];
        int first = Math.min(count, length - start);
        file.read(header.logOffset() + start, bytes, 0, first);
        file.read(header.logOffset(), bytes, first, count - first);
        return bytes;
    }
}
