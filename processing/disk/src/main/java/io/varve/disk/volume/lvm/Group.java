package io.varve.disk.volume.lvm;

import io.varve.binary.CorruptException;
import io.varve.disk.Names;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// A volume group as one version of its metadata describes it.
///
/// @param sequence grows with every change
/// @param extentSize in bytes
record Group(
        String name,
        String id,
        long sequence,
        long extentSize,
        Map<String, Physical> physical,
        Map<String, Logical> logical) {
    private static final long SECTOR = 512;
    private static final long LARGEST = 1L << 61;

    /// @param id without hyphens
    /// @param start byte offset of the first extent
    /// @param device where it was when the text was written
    record Physical(String name, String id, long start, long extents, String device) {}

    record Logical(String name, Set<String> status, List<Segment> segments) {
        boolean visible() {
            return status.contains("VISIBLE");
        }

        /// Kind of the first segment.
        String type() {
            return segments.isEmpty() ? "empty" : segments.getFirst().type();
        }
    }

    /// @param start in extents
    record Segment(long start, long extents, String type, Section values) {}

    /// From the text's top level: its one section is the group.
    static Group of(Section text) {
        Section group = text.sections().stream()
                .findFirst()
                .orElseThrow(() -> new CorruptException("LVM2 metadata names no volume group"));
        long extentSize = group.required("extent_size");
        if (extentSize < 1 || extentSize > LARGEST / SECTOR) {
            throw new CorruptException("LVM2 extents of %d sectors".formatted(extentSize));
        }
        Map<String, Physical> physical = new LinkedHashMap<>();
        for (Section section :
                group.section("physical_volumes").map(Section::sections).orElse(List.of())) {
            physical.put(section.name(), physical(section));
        }
        Map<String, Logical> logical = new LinkedHashMap<>();
        for (Section section :
                group.section("logical_volumes").map(Section::sections).orElse(List.of())) {
            logical.put(section.name(), logical(section));
        }
        return new Group(
                clean(group.name()),
                group.requiredText("id"),
                group.required("seqno"),
                extentSize * SECTOR,
                physical,
                logical);
    }

    private static Physical physical(Section section) {
        long start = section.required("pe_start");
        if (start < 0 || start > LARGEST / SECTOR) {
            throw new CorruptException("LVM2 physical volume %s starts at sector %d".formatted(section.name(), start));
        }
        return new Physical(
                section.name(),
                section.requiredText("id").replace("-", ""),
                start * SECTOR,
                section.required("pe_count"),
                section.text("device").orElse("unknown"));
    }

    private static Logical logical(Section section) {
        Set<String> status = new TreeSet<>();
        section.list("status").forEach(flag -> status.add(flag.toString()));
        List<Segment> segments = new ArrayList<>();
        for (Section segment : section.sections()) {
            if (segment.name().startsWith("segment")) {
                segments.add(new Segment(
                        segment.required("start_extent"),
                        segment.required("extent_count"),
                        withoutFlags(segment.requiredText("type")),
                        segment));
            }
        }
        segments.sort(Comparator.comparingLong(Segment::start));
        return new Logical(clean(section.name()), status, List.copyOf(segments));
    }

    /// Newer versions write `type+FLAG` where older ones must not touch a segment.
    private static String withoutFlags(String type) {
        int plus = type.indexOf('+');
        return plus < 0 ? type : type.substring(0, plus);
    }

    static String clean(String name) {
        return Names.segment(name.replaceAll("\\p{Cntrl}", "?"));
    }

    /// A number of extents in bytes.
    long bytes(long extents) {
        if (extents < 0 || extents > LARGEST / extentSize) {
            throw new CorruptException("%d LVM2 extents of %d bytes".formatted(extents, extentSize));
        }
        return extents * extentSize;
    }

    /// Snapshots of the old kind by the volume that keeps their changes; it carries the snapshot's name.
    Map<String, Segment> snapshots() {
        Map<String, Segment> snapshots = new LinkedHashMap<>();
        for (Logical volume : logical.values()) {
            for (Segment segment : volume.segments()) {
                Section values = segment.values();
                if (segment.type().equals("snapshot")) {
                    values.text("cow_store")
                            .or(() -> values.text("merging_store"))
                            .ifPresent(store -> snapshots.putIfAbsent(store, segment));
                }
            }
        }
        return snapshots;
    }
}
