package io.varve.disk.container.ewf;

import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import io.varve.binary.Limits;
import io.varve.disk.LayerException;
import io.varve.disk.container.LoadedCache;
import io.varve.disk.container.ewf.Ewf.More;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/// The sections of an Ex01 image: each ends in a descriptor that names the one before, so they are found from the end
/// of the file. A segment whose end is missing can therefore not be read.
final class Ewf2Sections implements Ewf.Sections {
    static final int FILE_HEADER = 32;
    private static final int DESCRIPTOR = 64;
    private static final int TABLE_HEADER = 32;

    /// Most sections of one segment.
    private static final int MOST_SECTIONS = 1 << 20;

    /// Most bytes of tables kept.
    private static final long TABLES = 32L << 20;

    private static final int DEVICE = 1;
    private static final int CASE = 2;
    private static final int TABLE = 4;
    private static final int ERRORS = 5;
    private static final int MD5 = 8;
    private static final int SHA1 = 9;
    private static final int NEXT = 13;
    private static final int DONE = 15;
    private static final int ENCRYPTED = 2;
    private static final int ZLIB = 1;

    private final ChunkMap.Builder chunks = new ChunkMap.Builder();
    private final List<Table2Run> tables = new ArrayList<>();
    private final LoadedCache<long[]> loaded = new LoadedCache<>(
            TABLES, table -> 8L * table.length, id -> tables.get((int) id).load());
    private final Map<String, String> digests = new TreeMap<>();
    private final Map<String, String> values = new HashMap<>();
    private final List<String> notes = new ArrayList<>();
    private int compression = ZLIB;

    private record Section(long type, long flags, long descriptor, long previous, long length) {
        long start() {
            return descriptor - length;
        }
    }

    @Override
    public More add(Segment segment) throws IOException {
        Cursor header = Cursor.littleEndian(MemorySegment.ofArray(segment.read(0, FILE_HEADER, "Ex01 file header")));
        compression = header.at(10).u16("compression method");
        List<Section> sections = sections(segment);
        More more = More.UNKNOWN;
        for (Section section : sections) {
            if ((section.flags & ENCRYPTED) != 0) {
                throw new LayerException(
                        "Ex01",
                        OptionalLong.of(section.descriptor),
                        "the image is encrypted, in a way that is not published",
                        "decrypt it with EnCase first");
            }
            section(segment, section);
            more = section.type == NEXT ? More.YES : section.type == DONE ? More.NO : more;
        }
        return more;
    }

    private static List<Section> sections(Segment segment) throws IOException {
        List<Section> sections = new ArrayList<>();
        long at = segment.bytes().size() - DESCRIPTOR;
        while (at > 0) {
            if (sections.size() == MOST_SECTIONS) {
                throw new CorruptException("Ex01: more than %d sections".formatted(MOST_SECTIONS));
            }
            byte[] raw = segment.read(at, DESCRIPTOR, "Ex01 section descriptor");
            Cursor cursor = Cursor.littleEndian(MemorySegment.ofArray(raw));
            long type = cursor.u32("section type");
            long flags = cursor.u32("section flags");
            long previous = cursor.i64("previous section");
            long length = cursor.i64("section length");
            if (cursor.at(60).u32("checksum") != Segment.adler(raw, 0, 60)) {
                throw new CorruptException(
                        "Ex01: %s is cut or damaged: no section descriptor at offset %d".formatted(segment.name(), at));
            }
            if (length < 0 || length > at - FILE_HEADER || previous < 0 || previous >= at) {
                throw new CorruptException("Ex01: section at offset %d of %s: %d bytes, previous at %d"
                        .formatted(at, segment.name(), length, previous));
            }
            sections.add(new Section(type, flags, at, previous, length));
            at = previous;
        }
        Collections.reverse(sections);
        return sections;
    }

    private void section(Segment segment, Section section) throws IOException {
        switch ((int) section.type) {
            case DEVICE, CASE -> values(segment, section);
            case TABLE -> table(segment, section);
            case ERRORS -> errors(segment, section);
            case MD5 -> digest(segment, section, "md5", 16);
            case SHA1 -> digest(segment, section, "sha1", 20);
            default -> {
                // the chunks themselves, and nothing of the disk
            }
        }
    }

    private void values(Segment segment, Section section) throws IOException {
        if (section.length > EwfHeader.LONGEST || compression > ZLIB) {
            throw unsupported(section);
        }
        byte[] raw = segment.read(section.start(), section.length, "Ex01 device information");
        if (compression == ZLIB) {
            EwfHeader.notes(raw, notes);
        }
        EwfHeader.values(compression == ZLIB ? EwfHeader.inflated(raw).orElse("") : EwfHeader.text(raw))
                .forEach(values::putIfAbsent);
    }

    private LayerException unsupported(Section section) {
        return new LayerException(
                "Ex01",
                OptionalLong.of(section.descriptor),
                "compression method %d is not read".formatted(compression),
                "convert the image to E01 with EnCase or libewf");
    }

    private void table(Segment segment, Section section) throws IOException {
        byte[] raw = segment.read(section.start(), 20, "Ex01 table header");
        Cursor cursor = Cursor.littleEndian(MemorySegment.ofArray(raw));
        long first = cursor.i64("first chunk");
        long count = cursor.u32("number of entries");
        if (cursor.at(16).u32("checksum") != Segment.adler(raw, 0, 16)) {
            throw new CorruptException(
                    "Ex01: table at offset %d of %s is damaged".formatted(section.start(), segment.name()));
        }
        if (first != chunks.counted() || count > (section.length - TABLE_HEADER) / Table2Run.ENTRY) {
            throw new CorruptException("Ex01: table at offset %d of %s: %d chunks from %d on, expected from %d on"
                    .formatted(section.start(), segment.name(), count, first, chunks.counted()));
        }
        if (compression > ZLIB) {
            throw unsupported(section);
        }
        Table2Run run = new Table2Run(tables.size(), segment, section.start() + TABLE_HEADER, (int) count, loaded);
        tables.add(run);
        chunks.add(run, count);
    }

    private void errors(Segment segment, Section section) throws IOException {
        long most = Math.min(section.length, TABLE_HEADER + 16L * Limits.WARNINGS);
        Cursor cursor = Cursor.littleEndian(MemorySegment.ofArray(segment.read(section.start(), most, "Ex01 errors")));
        long count = cursor.u32("number of read errors");
        cursor = cursor.at(Math.min(TABLE_HEADER, most));
        for (int i = 0; i < count && cursor.remaining() >= 16; i++) {
            notes.add("read error at acquisition: sector %d, %d sectors"
                    .formatted(cursor.i64("sector"), cursor.u32("sectors")));
            cursor.skip(4, "padding");
        }
    }

    private void digest(Segment segment, Section section, String name, int length) throws IOException {
        byte[] raw = segment.read(section.start(), length + 4L, "Ex01 digest");
        long checksum =
                Cursor.littleEndian(MemorySegment.ofArray(raw)).at(length).u32("checksum");
        if (checksum == Segment.adler(raw, 0, length)) {
            digests.put(name, HexFormat.of().formatHex(raw, 0, length));
        } else {
            notes.add("the stored %s is damaged and not used".formatted(name));
        }
    }

    @Override
    public EwfDisk disk(List<Segment> segments) {
        Geometry geometry = Geometry.of(number("ts"), number("bp"), number("sb"));
        notes.add("segments: %d".formatted(segments.size()));
        return new EwfDisk("Ex01", geometry, chunks.build(geometry.chunks()), segments, digests, notes);
    }

    private long number(String key) {
        String value = values.getOrDefault(key, "");
        if (!value.matches("[0-9]{1,18}")) {
            throw new CorruptException("Ex01: the device information gives %s as '%s'".formatted(key, value));
        }
        return Long.parseLong(value);
    }
}
