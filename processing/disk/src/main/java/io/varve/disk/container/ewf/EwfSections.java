package io.varve.disk.container.ewf;

import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import io.varve.binary.Limits;
import io.varve.disk.container.LoadedCache;
import io.varve.disk.container.ewf.Ewf.More;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The sections of an E01 or S01 image: a chain of descriptors, each followed by its data and naming the next one.
final class EwfSections implements Ewf.Sections {
    static final int FILE_HEADER = 13;
    private static final int DESCRIPTOR = 76;
    private static final int SHORT_VOLUME = 94;
    private static final int VOLUME = 1052;

    /// Most sections of one image; real ones have five per 16,375 chunks.
    private static final int MOST_SECTIONS = 4 << 20;

    /// Most bytes of tables kept.
    private static final long TABLES = 32L << 20;

    private static final Set<String> TYPES = Set.of(
            "header",
            "header2",
            "xheader",
            "volume",
            "disk",
            "data",
            "sectors",
            "table",
            "table2",
            "next",
            "done",
            "hash",
            "digest",
            "xhash",
            "error2",
            "session",
            "incomplete",
            "ltypes",
            "ltree",
            "map");

    private final ChunkMap.Builder chunks = new ChunkMap.Builder();
    private final List<TableRun> tables = new ArrayList<>();
    private final LoadedCache<long[]> loaded = new LoadedCache<>(
            TABLES, table -> 8L * table.length, id -> tables.get((int) id).load());
    private final Map<String, String> digests = new TreeMap<>();
    private final List<String> notes = new ArrayList<>();
    private Optional<Volume> volume = Optional.empty();
    private String format = "E01";
    private int sections;

    /// The part of a file whose chunks no table has listed yet.
    private Optional<Section> unlisted = Optional.empty();

    private Optional<TableRun> lastTable = Optional.empty();
    private long dataEnd;

    private record Section(String type, long offset, long next) {
        long start() {
            return offset + DESCRIPTOR;
        }
    }

    private record Volume(long sectors, Geometry geometry, boolean shortForm, byte[] set) {}

    @Override
    public More add(Segment segment) throws IOException {
        long offset = FILE_HEADER;
        unlisted = Optional.empty();
        lastTable = Optional.empty();
        while (true) {
            if (++sections > MOST_SECTIONS) {
                throw new CorruptException("EWF: more than %d sections".formatted(MOST_SECTIONS));
            }
            Optional<Section> read = descriptor(segment, offset);
            if (read.isEmpty()) {
                return cut(segment, offset);
            }
            Section section = read.get();
            boolean whole = section.next <= segment.bytes().size();
            section(segment, section, whole);
            if (section.type.equals("next") || section.type.equals("done")) {
                scan(segment, "no table lists it", false);
                return section.type.equals("next") ? More.YES : More.NO;
            }
            if (!whole || section.next < offset + DESCRIPTOR) {
                return cut(segment, whole ? section.start() : segment.bytes().size());
            }
            offset = section.next;
        }
    }

    private More cut(Segment segment, long offset) throws IOException {
        String reason = offset > segment.bytes().size() - DESCRIPTOR
                ? "%s is cut after %d bytes"
                        .formatted(segment.name(), segment.bytes().size())
                : "the sections of %s are damaged at offset %d".formatted(segment.name(), offset);
        notes.add(reason);
        scan(segment, reason, true);
        return More.UNKNOWN;
    }

    /// Turns chunks without a table into a run that is scanned.
    private void scan(Segment segment, String reason, boolean cut) throws IOException {
        if (volume.isEmpty()) {
            return;
        }
        long start = unlisted.map(Section::start).orElse(segment.bytes().size());
        long end = Math.min(
                unlisted.map(Section::next).orElse(start), segment.bytes().size());
        if (cut) {
            chunks.cut(new ScannedRun(segment, volume.get().geometry, Math.min(start, end), end, reason));
        } else if (unlisted.isPresent()) {
            ScannedRun run = new ScannedRun(segment, volume.get().geometry, start, end, reason);
            chunks.add(run, run.count());
            notes.add("the table of the chunks at offset %d of %s is lost; they were found without it"
                    .formatted(start, segment.name()));
        }
        unlisted = Optional.empty();
    }

    /// Empty when there is none: the file is cut or damaged here.
    private static Optional<Section> descriptor(Segment segment, long offset) throws IOException {
        if (offset > segment.bytes().size() - DESCRIPTOR) {
            return Optional.empty();
        }
        byte[] raw = segment.read(offset, DESCRIPTOR, "EWF section descriptor");
        Cursor cursor = Cursor.littleEndian(MemorySegment.ofArray(raw));
        String type = cursor.text(16, "section type").toLowerCase(Locale.ROOT);
        long next = cursor.i64("next section");
        boolean intact = cursor.at(72).u32("checksum") == Segment.adler(raw, 0, 72);
        if (!intact && !TYPES.contains(type)) {
            return Optional.empty();
        }
        return Optional.of(new Section(type, offset, next));
    }

    private void section(Segment segment, Section section, boolean whole) throws IOException {
        switch (section.type) {
            case "volume", "disk", "data" -> {
                if (whole) {
                    volume(segment, section);
                }
            }
            case "sectors" -> {
                scan(segment, "no table lists it", false);
                unlisted = Optional.of(section);
                dataEnd = Math.min(section.next, segment.bytes().size());
                lastTable = Optional.empty();
            }
            case "table", "table2" -> table(segment, section);
            case "header", "header2" -> {
                if (whole) {
                    EwfHeader.notes(data(segment, section), notes);
                }
            }
            case "hash", "digest", "xhash" -> {
                if (whole) {
                    digest(section.type, data(segment, section));
                }
            }
            case "error2" -> errors(segment, section);
            default -> {
                // nothing of the disk
            }
        }
    }

    private static byte[] data(Segment segment, Section section) throws IOException {
        long length = section.next - section.start();
        if (length < 0 || length > EwfHeader.LONGEST) {
            return new byte[0];
        }
        return segment.read(section.start(), length, "EWF " + section.type);
    }

    private void volume(Segment segment, Section section) throws IOException {
        byte[] raw = data(segment, section);
        boolean shortForm = raw.length < VOLUME;
        int length = shortForm ? SHORT_VOLUME : VOLUME;
        if (raw.length < length) {
            throw new CorruptException(
                    "EWF %s section at offset %d has %d bytes".formatted(section.type, section.offset, raw.length));
        }
        Cursor cursor = Cursor.littleEndian(MemorySegment.ofArray(raw)).at(4);
        cursor.skip(4, "number of chunks");
        long sectorsPerChunk = cursor.u32("sectors per chunk");
        long bytesPerSector = cursor.u32("bytes per sector");
        long sectors = shortForm ? cursor.u32("number of sectors") : cursor.i64("number of sectors");
        byte[] set = shortForm ? new byte[0] : Arrays.copyOfRange(raw, 64, 80);
        Optional<Volume> first = volume;
        if (first.isPresent() && first.get().sectors != 0) {
            if (!shortForm && !Arrays.equals(first.get().set, set)) {
                notes.add("%s names another set of segments than the first one".formatted(segment.name()));
            }
            return;
        }
        if (first.isEmpty() && section.type.equals("data")) {
            notes.add("the volume section is lost, its copy was read");
        }
        if (shortForm) {
            format = new String(raw, 85, 5, StandardCharsets.ISO_8859_1).equals("SMART") ? "S01" : "E01";
        }
        volume =
                Optional.of(new Volume(sectors, Geometry.of(sectors, bytesPerSector, sectorsPerChunk), shortForm, set));
    }

    private void table(Segment segment, Section section) throws IOException {
        long end = Math.min(section.next, segment.bytes().size());
        TableRun.Header header;
        try {
            header = TableRun.Header.read(segment, section.start(), end);
        } catch (CorruptException e) {
            notes.add(e.getMessage());
            return;
        }
        if (section.type.equals("table2") && lastTable.isPresent()) {
            lastTable.get().copy(header);
            lastTable = Optional.empty();
            return;
        }
        if (!header.intact()) {
            // its copy follows, or else its chunks are scanned
            notes.add("the table at offset %d of %s is damaged".formatted(section.offset, segment.name()));
            return;
        }
        boolean shortForm = volume.isPresent() && volume.get().shortForm;
        long until = dataEnd > FILE_HEADER && !shortForm ? dataEnd : end;
        TableRun run = new TableRun(tables.size(), segment, header, until, !shortForm, loaded);
        tables.add(run);
        chunks.add(run, header.count());
        lastTable = Optional.of(run);
        unlisted = Optional.empty();
    }

    private void digest(String type, byte[] raw) {
        if (type.equals("xhash")) {
            EwfHeader.digests(raw, digests);
            return;
        }
        int checked = type.equals("hash") ? 32 : 76;
        if (raw.length < checked + 4) {
            return;
        }
        long checksum =
                Cursor.littleEndian(MemorySegment.ofArray(raw)).at(checked).u32("checksum");
        if (checksum != Segment.adler(raw, 0, checked)) {
            notes.add("the stored %s is damaged and not used".formatted(type));
            return;
        }
        digest("md5", raw, 0, 16);
        if (type.equals("digest")) {
            digest("sha1", raw, 16, 20);
        }
    }

    private void digest(String name, byte[] raw, int start, int length) {
        String digest = HexFormat.of().formatHex(raw, start, start + length);
        if (!digest.matches("0+")) {
            digests.put(name, digest);
        }
    }

    /// Sectors that could not be read when the image was made; they are stored as zeros.
    private void errors(Segment segment, Section section) throws IOException {
        byte[] raw = data(segment, section);
        if (raw.length < 520) {
            return;
        }
        Cursor cursor = Cursor.littleEndian(MemorySegment.ofArray(raw));
        long count = cursor.u32("number of read errors");
        cursor = cursor.at(520);
        for (int i = 0; i < Math.min(count, Limits.WARNINGS) && cursor.remaining() >= 8; i++) {
            notes.add("read error at acquisition: sector %d, %d sectors"
                    .formatted(cursor.u32("sector"), cursor.u32("sectors")));
        }
        if (count > Limits.WARNINGS) {
            notes.add("read errors at acquisition: %d in all".formatted(count));
        }
    }

    @Override
    public EwfDisk disk(List<Segment> segments) throws IOException {
        Volume found = volume.orElseThrow(() -> new CorruptException(
                "E01: %s has no volume section".formatted(segments.getFirst().name())));
        Geometry geometry = found.geometry;
        if (found.sectors == 0) {
            long size = Math.multiplyExact(chunks.counted(), (long) geometry.chunkSize());
            geometry = new Geometry(size, geometry.chunkSize());
            notes.add("the image does not say how large the disk is: acquisition was not finished");
        }
        notes.add("segments: %d".formatted(segments.size()));
        return new EwfDisk(format, geometry, chunks.build(geometry.chunks()), segments, digests, notes);
    }
}
