package io.varve.disk.volume.lvm;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Limits;
import io.varve.disk.LayerException;
import io.varve.disk.Problems;
import io.varve.disk.volume.Absent;
import io.varve.disk.volume.Runs;
import io.varve.disk.volume.Volume;
import io.varve.disk.volume.lvm.Group.Logical;
import io.varve.disk.volume.lvm.Group.Physical;
import io.varve.disk.volume.lvm.Group.Segment;
import io.varve.disk.volume.raid.Mirrored;
import io.varve.disk.volume.raid.Striped;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/// Makes the logical volumes of one group, each from its segments, those from devices or further logical volumes.
///
/// A segment that cannot be made leaves a hole that names the reason when it is read; the rest of its volume is kept.
final class LogicalVolumes {
    static final String LAYER = "LVM2";

    private static final int DEPTH = 16;
    private static final long SECTOR = 512;

    /// Types that hold no file system of their own.
    private static final Set<String> INTERNAL = Set.of("thin-pool", "cache-pool", "snapshot", "vdo-pool");

    private final Group group;
    private final String name;
    private final Map<String, PhysicalVolume> devices;
    private final Problems problems;
    private final Map<String, Segment> snapshots;
    private final Map<String, Bytes> made = new HashMap<>();
    private final Set<String> making = new HashSet<>();
    private final Map<String, ThinPool> pools = new HashMap<>();

    /// @param devices by their UUID
    LogicalVolumes(Group group, String name, Map<String, PhysicalVolume> devices, Problems problems) {
        this.group = group;
        this.snapshots = group.snapshots();
        this.name = name;
        this.devices = devices;
        this.problems = problems;
    }

    List<Volume> all() {
        for (Physical physical : group.physical().values()) {
            if (!devices.containsKey(physical.id())) {
                problems.lost(
                        OptionalLong.empty(),
                        "volume group %s lacks the device with UUID %s (it was %s)"
                                .formatted(name, physical.id(), Group.clean(physical.device())));
            }
        }
        List<Volume> volumes = new ArrayList<>();
        for (Map.Entry<String, Logical> entry : group.logical().entrySet()) {
            Logical volume = entry.getValue();
            // the store of a snapshot is hidden, but LVM shows the snapshot by its name
            boolean shown = volume.visible() || snapshots.containsKey(entry.getKey());
            if (shown && !INTERNAL.contains(volume.type())) {
                add(entry.getKey(), volume, volumes);
            }
        }
        return volumes;
    }

    private void add(String key, Logical volume, List<Volume> volumes) {
        String full = name + "/" + volume.name();
        try {
            Segment snapshot = snapshots.get(key);
            volumes.add(
                    snapshot == null
                            ? new Volume(full, kind(volume), -1, bytes(key), true)
                            : new Volume(full, "snapshot", -1, snapshot(key, snapshot), true));
        } catch (IOException | CorruptException e) {
            problems.lost(OptionalLong.empty(), "%s cannot be made: %s".formatted(full, e.getMessage()));
        }
    }

    private static String kind(Logical volume) {
        boolean linear = volume.type().equals("striped")
                && volume.segments().stream()
                        .allMatch(segment ->
                                segment.values().number("stripe_count").orElse(1) == 1);
        return linear ? "linear" : Group.clean(volume.type());
    }

    /// The content of a logical volume, hidden ones too.
    Bytes bytes(String key) throws IOException {
        Bytes done = made.get(key);
        if (done != null) {
            return done;
        }
        Logical volume = group.logical().get(key);
        if (volume == null) {
            throw new CorruptException(
                    "LVM2 metadata names the logical volume %s but does not describe it".formatted(key));
        }
        Limits.check(making.size(), DEPTH, "depth of LVM2 volumes in volumes");
        if (!making.add(key)) {
            throw new CorruptException("the LVM2 volume %s is made of itself".formatted(key));
        }
        try {
            Bytes bytes = joined(volume);
            made.put(key, bytes);
            return bytes;
        } finally {
            making.remove(key);
        }
    }

    private Bytes joined(Logical volume) throws IOException {
        var runs = Runs.builder();
        for (Segment segment : volume.segments()) {
            long length = group.bytes(segment.extents());
            if (group.bytes(segment.start()) != runs.size()) {
                throw new CorruptException("LVM2 volume %s has a segment at extent %d, expected at byte %d"
                        .formatted(volume.name(), segment.start(), runs.size()));
            }
            try {
                Bytes bytes = segment(volume, segment, length);
                runs.add(bytes, 0, length, cut(volume.name()));
            } catch (LayerException | CorruptException e) {
                problems.lost(
                        OptionalLong.empty(),
                        "%s/%s: %d bytes at offset %d cannot be read: %s"
                                .formatted(name, volume.name(), length, runs.size(), e.getMessage()));
                runs.missing(length, new Absent(0, LAYER, String.valueOf(e.getMessage()), "see the reason"));
            }
        }
        return runs.build();
    }

    private static Absent cut(String volume) {
        return new Absent(
                0, LAYER, "the bytes of %s are missing here".formatted(volume), "add the whole device to the evidence");
    }

    private Bytes segment(Logical volume, Segment segment, long length) throws IOException {
        Section values = segment.values();
        String type = segment.type();
        if (type.startsWith("raid")) {
            return new RaidSegment(this, values, type).bytes(length);
        }
        return switch (type) {
            case "striped", "linear" -> striped(values, length);
            case "mirror" -> new Mirrored(areas(values.list("mirrors"), length), length);
            case "thin" -> thin(volume, values, length);
            case "cache", "writecache", "integrity" -> {
                problems.noted("%s/%s is read from its origin: blocks that only its %s holds are not seen"
                        .formatted(name, volume.name(), type));
                yield bytes(values.requiredText("origin"));
            }
            case "zero" -> Runs.builder().zeros(length).build();
            default ->
                throw new LayerException(
                        LAYER,
                        OptionalLong.empty(),
                        "segments of type %s are not read".formatted(Group.clean(type)),
                        "activate the volume with LVM and image it");
        };
    }

    private Bytes striped(Section values, long length) throws IOException {
        List<?> stripes = values.list("stripes");
        int count = stripes.size() / 2;
        if (count == 0) {
            throw new CorruptException("LVM2 segment %s has no stripes".formatted(values.name()));
        }
        List<Bytes> areas = areas(stripes, length / count);
        if (count == 1) {
            return areas.getFirst();
        }
        long chunk = Math.min(values.required("stripe_size"), 1L << 32) * SECTOR;
        return whole(new Striped(areas, chunk, Striped.Layout.ALTERNATE), length);
    }

    static Bytes whole(Bytes bytes, long length) {
        if (bytes.size() < length) {
            throw new CorruptException("an LVM2 segment has %d bytes, expected %d".formatted(bytes.size(), length));
        }
        return bytes;
    }

    /// Pairs of a name and the extent there at which an area starts.
    private List<Bytes> areas(List<?> pairs, long length) throws IOException {
        List<Bytes> areas = new ArrayList<>();
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
            if (!(pairs.get(i) instanceof String where) || !(pairs.get(i + 1) instanceof Long extent)) {
                throw new CorruptException("an LVM2 area is %s, %s".formatted(pairs.get(i), pairs.get(i + 1)));
            }
            areas.add(area(where, extent, length));
        }
        return areas;
    }

    private Bytes area(String where, long extent, long length) throws IOException {
        Physical physical = group.physical().get(where);
        if (physical == null) {
            return Runs.builder()
                    .add(bytes(where), group.bytes(extent), length, cut(where))
                    .build();
        }
        PhysicalVolume device = devices.get(physical.id());
        if (device == null) {
            return new Absent(
                    length,
                    LAYER,
                    "the device with UUID %s is missing".formatted(physical.id()),
                    "add it to the evidence (it was %s)".formatted(Group.clean(physical.device())));
        }
        long start = physical.start() + group.bytes(extent);
        if (start + length > device.bytes().size()) {
            problems.lost(
                    OptionalLong.of(start),
                    "%s ends at byte %d, before an area of %d bytes of group %s"
                            .formatted(device.name(), device.bytes().size(), length, name));
        }
        return Runs.builder()
                .add(device.bytes(), start, length, cut(device.name()))
                .build();
    }

    private Bytes thin(Logical volume, Section values, long length) throws IOException {
        String poolName = values.requiredText("thin_pool");
        ThinPool pool = pools.get(poolName);
        if (pool == null) {
            pool = pool(poolName);
            pools.put(poolName, pool);
        }
        Bytes origin = values.text("external_origin").isPresent()
                ? bytes(values.requiredText("external_origin"))
                : Runs.builder().build();
        OptionalLong root = pool.root(values.required("device_id"));
        if (root.isEmpty()) {
            problems.noted("%s/%s has no device in its thin pool yet: it is read as never written"
                    .formatted(name, volume.name()));
        }
        return new ThinVolume(pool, root, length, origin);
    }

    private ThinPool pool(String poolName) throws IOException {
        Logical pool = group.logical().get(poolName);
        if (pool == null || !pool.type().equals("thin-pool")) {
            throw new CorruptException("the LVM2 thin pool %s is not described".formatted(poolName));
        }
        Section values = pool.segments().getFirst().values();
        return new ThinPool(bytes(values.requiredText("metadata")), bytes(values.requiredText("pool")));
    }

    private Bytes snapshot(String store, Segment segment) throws IOException {
        return CowSnapshot.open(
                bytes(segment.values().requiredText("origin")), bytes(store), group.bytes(segment.extents()));
    }
}
