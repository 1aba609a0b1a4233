package io.varve.disk.filesystem.ntfs;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Limits;
import io.varve.disk.LittleEndian;
import io.varve.disk.Problems;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/// `$MFT`: the records of all files, found through its own first record, or that record's copy in `$MFTMirr`.
final class MasterFileTable {
    /// Records kept a second time in `$MFTMirr`.
    private static final int MIRRORED = 4;

    private static final int FILE = 0x454c_4946;
    private static final int BAAD = 0x4441_4142;

    private final Bytes volume;
    private final BootSector boot;
    private final Problems problems;
    private RunBytes bytes;

    /// @param problems told what was read from a copy instead
    MasterFileTable(Bytes volume, BootSector boot, Problems problems) throws IOException {
        this.volume = volume;
        this.boot = boot;
        this.problems = problems;
        var first = new Runs(boot.clusters());
        long clusters = Math.ceilDiv((long) boot.recordSize(), boot.clusterSize());
        if (boot.table() > boot.clusters() - clusters) {
            throw new CorruptException("$MFT at cluster %d of %d".formatted(boot.table(), boot.clusters()));
        }
        first.add(boot.table(), clusters);
        this.bytes = new RunBytes(volume, boot.clusterSize(), first, boot.recordSize(), boot.recordSize());
        byte[] record = record(0);
        var runs = new Runs(boot.clusters());
        this.bytes = data(record, runs);
        for (Extent extent : extents(record)) {
            // what is known of the table so far reaches to the records that hold its further extents
            if (!extend(extent, runs)) {
                break;
            }
        }
    }

    private boolean extend(Extent extent, Runs runs) throws IOException {
        try {
            byte[] record = record(extent.record());
            for (int at = Record.first(record); Record.isAttribute(record, at); at += Attribute.length(record, at)) {
                if (LittleEndian.i32(record, at) == Attribute.DATA
                        && Attribute.nameLength(record, at) == 0
                        && !Attribute.isResident(record, at)
                        && Attribute.lowest(record, at) == extent.lowest()) {
                    Attribute.addRuns(record, at, runs);
                }
            }
            return true;
        } catch (CorruptException e) {
            problems.lost(
                    place(extent.record()), "$MFT from cluster %d on: %s".formatted(extent.lowest(), e.getMessage()));
            return false;
        }
    }

    private record Extent(long lowest, long record) {}

    /// What the attribute list of `$MFT` says of its data in other records.
    private List<Extent> extents(byte[] record) throws IOException {
        List<Extent> extents = new ArrayList<>();
        for (int at = Record.first(record); Record.isAttribute(record, at); at += Attribute.length(record, at)) {
            if (LittleEndian.i32(record, at) == Attribute.ATTRIBUTE_LIST) {
                byte[] list = list(record, at);
                for (int entry = 0; entry <= list.length - 26; ) {
                    int length = LittleEndian.u16(list, entry + 4);
                    if (length < 26 || length > list.length - entry) {
                        problems.lost(place(0), "attribute list of $MFT has an entry of %d bytes".formatted(length));
                        break;
                    }
                    long number = LittleEndian.i64(list, entry + 16) & Record.NUMBER;
                    if (LittleEndian.i32(list, entry) == Attribute.DATA && list[entry + 6] == 0 && number != 0) {
                        extents.add(new Extent(LittleEndian.i64(list, entry + 8), number));
                    }
                    entry += length;
                }
            }
        }
        return extents;
    }

    private byte[] list(byte[] record, int at) throws IOException {
        if (Attribute.isResident(record, at)) {
            int from = Attribute.value(record, at);
            return Arrays.copyOfRange(record, from, from + Attribute.valueLength(record, at));
        }
        var runs = new Runs(boot.clusters());
        Attribute.addRuns(record, at, runs);
        long size = Attribute.size(record, at);
        byte[] list = new byte[Limits.check(size, Record.LONGEST_LIST, "attribute list of $MFT")];
        new RunBytes(volume, boot.clusterSize(), runs, size, size).read(0, list, 0, list.length);
        return list;
    }

    private RunBytes data(byte[] record, Runs runs) {
        for (int at = Record.first(record); Record.isAttribute(record, at); at += Attribute.length(record, at)) {
            if (LittleEndian.i32(record, at) == Attribute.DATA
                    && Attribute.nameLength(record, at) == 0
                    && !Attribute.isResident(record, at)
                    && Attribute.lowest(record, at) == 0) {
                Attribute.addRuns(record, at, runs);
                long size = Attribute.size(record, at);
                long initialized = Math.min(size, LittleEndian.i64(record, at + 56));
                return new RunBytes(volume, boot.clusterSize(), runs, initialized, initialized);
            }
        }
        throw new CorruptException("record 0 of $MFT has no data");
    }

    BootSector boot() {
        return boot;
    }

    Bytes volume() {
        return volume;
    }

    /// The whole table as stored.
    Bytes bytes() {
        return bytes;
    }

    long records() {
        return bytes.size() / boot.recordSize();
    }

    /// A record with its true bytes in place.
    byte[] record(long number) throws IOException {
        byte[] record = new byte[boot.recordSize()];
        String wrong;
        try {
            bytes.check(Math.multiplyExact(number, (long) record.length), record.length, "record %d".formatted(number));
            bytes.read(number * record.length, record, 0, record.length);
            wrong = mend(record, 0);
        } catch (CorruptException e) {
            wrong = String.valueOf(e.getMessage());
        }
        if (!wrong.isEmpty() && !mirrored(number, record, wrong)) {
            throw new CorruptException("record %d of $MFT: %s".formatted(number, wrong));
        }
        return record;
    }

    /// Puts the true bytes of a record in place.
    ///
    /// @return what is wrong with it; empty text when nothing is
    String mend(byte[] bytes, int start) {
        int magic = LittleEndian.i32(bytes, start);
        if (magic == BAAD) {
            return "marked bad by the system";
        }
        if (magic != FILE) {
            return "no record";
        }
        return Fixups.apply(bytes, start, boot.recordSize());
    }

    /// Reads one of the first records from its copy.
    boolean mirrored(long number, byte[] record, String wrong) throws IOException {
        if (number >= MIRRORED) {
            return false;
        }
        long offset = boot.mirror() * boot.clusterSize() + number * record.length;
        if (offset > volume.size() - record.length) {
            return false;
        }
        volume.read(offset, record, 0, record.length);
        if (!mend(record, 0).isEmpty()) {
            return false;
        }
        problems.noted("record %d of $MFT was read from its copy in $MFTMirr: %s".formatted(number, wrong));
        return true;
    }

    /// Offset of a record in the volume, for a message.
    OptionalLong place(long number) {
        return bytes.place(number, boot.recordSize());
    }
}
