package io.varve.disk.filesystem.ntfs;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Limits;
import io.varve.disk.LayerException;
import io.varve.disk.LittleEndian;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The attributes of one file, from all its records, extents joined.
record Attributes(MasterFileTable table, List<Attribute> all) {
    /// Reads them from the file's first record and those that continue it.
    static Attributes of(MasterFileTable table, Catalogue catalogue, int record) throws IOException {
        List<Extent> extents = new ArrayList<>();
        add(table.record(record), extents);
        if (catalogue.is(record, Catalogue.LISTED)) {
            for (int other : catalogue.continuations(record)) {
                try {
                    add(table.record(other), extents);
                } catch (CorruptException e) {
                    // what it held is missed when it is read: a gap in the run list
                    continue;
                }
            }
        }
        return new Attributes(table, joined(table, extents));
    }

    /// Those of a record that needs no others.
    static Attributes of(MasterFileTable table, byte[] record) {
        List<Extent> extents = new ArrayList<>();
        add(record, extents);
        return new Attributes(table, joined(table, extents));
    }

    private record Extent(byte[] record, int at, int type, String name, long lowest) {}

    private static void add(byte[] record, List<Extent> extents) {
        int at = Record.first(record);
        while (Record.isAttribute(record, at)) {
            extents.add(new Extent(
                    record,
                    at,
                    LittleEndian.i32(record, at),
                    Attribute.name(record, at),
                    Attribute.lowest(record, at)));
            at += Attribute.length(record, at);
        }
    }

    private static List<Attribute> joined(MasterFileTable table, List<Extent> extents) {
        extents.sort(Comparator.comparingInt(Extent::type)
                .thenComparing(Extent::name)
                .thenComparingLong(Extent::lowest));
        List<Attribute> joined = new ArrayList<>();
        for (int i = 0; i < extents.size(); ) {
            int end = i + 1;
            Extent first = extents.get(i);
            if (Attribute.isResident(first.record, first.at)) {
                joined.add(resident(first));
            } else {
                while (end < extents.size() && continues(first, extents.get(end))) {
                    end++;
                }
                joined.add(stored(table, extents.subList(i, end)));
            }
            i = end;
        }
        return joined;
    }

    private static boolean continues(Extent first, Extent other) {
        return other.type == first.type
                && other.name.equals(first.name)
                && other.lowest > first.lowest
                && !Attribute.isResident(other.record, other.at);
    }

    private static Attribute resident(Extent extent) {
        int from = Attribute.value(extent.record, extent.at);
        byte[] value = Arrays.copyOfRange(extent.record, from, from + Attribute.valueLength(extent.record, extent.at));
        return new Attribute.Resident(extent.type, extent.name, LittleEndian.u16(extent.record, extent.at + 12), value);
    }

    private static Attribute stored(MasterFileTable table, List<Extent> extents) {
        Extent first = extents.getFirst();
        var runs = new Runs(table.boot().clusters());
        for (Extent extent : extents) {
            try {
                Attribute.addRuns(extent.record, extent.at, runs);
            } catch (CorruptException e) {
                // clusters that are read from here on are told then
                break;
            }
        }
        boolean known = first.lowest == 0;
        return new Attribute.Stored(
                first.type,
                first.name,
                LittleEndian.u16(first.record, first.at + 12),
                LittleEndian.u8(first.record, first.at + 34),
                known ? LittleEndian.i64(first.record, first.at + 48) : Long.MAX_VALUE,
                known ? LittleEndian.i64(first.record, first.at + 56) : Long.MAX_VALUE,
                runs);
    }

    Optional<Attribute> find(int type, String name) {
        return all.stream()
                .filter(attribute ->
                        attribute.type() == type && attribute.name().equals(name))
                .findFirst();
    }

    /// The value, expanded where it is compressed.
    ///
    /// @param path named in errors
    Bytes open(Attribute attribute, String path) throws IOException {
        return switch (attribute) {
            case Attribute.Resident resident -> Bytes.of(resident.value());
            case Attribute.Stored stored -> open(stored, path);
        };
    }

    private Bytes open(Attribute.Stored stored, String path) throws IOException {
        if ((stored.flags() & Attribute.ENCRYPTED) != 0) {
            throw new LayerException(
                    "NTFS",
                    OptionalLong.empty(),
                    path + " is encrypted by EFS",
                    "decrypt it on a system that holds its user's certificate, e.g. with cipher /d");
        }
        if (stored.size() == Long.MAX_VALUE) {
            throw new CorruptException("%s: the record with the first part of its value is missing".formatted(path));
        }
        var bytes = new RunBytes(
                table.volume(), table.boot().clusterSize(), stored.runs(), stored.size(), stored.initialized());
        boolean compressed = (stored.flags() & Attribute.COMPRESSED) != 0 && stored.unit() > 0;
        return compressed ? new CompressedBytes(bytes, stored.unit()) : bytes;
    }

    /// A value that must fit into memory.
    Optional<byte[]> value(int type, String name, int limit) throws IOException {
        Optional<Attribute> found = find(type, name);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Bytes bytes = open(found.get(), name);
        byte[] value = new byte[Limits.check(bytes.size(), limit, "attribute 0x%x".formatted(type))];
        bytes.read(0, value, 0, value.length);
        return Optional.of(value);
    }
}
