package io.varve.disk.volume.lvm;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import io.varve.disk.LayerException;
import io.varve.disk.volume.Absent;
import io.varve.disk.volume.raid.Mirrored;
import io.varve.disk.volume.raid.Parity;
import io.varve.disk.volume.raid.ParityLayout;
import io.varve.disk.volume.raid.Raid10;
import io.varve.disk.volume.raid.Striped;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// A RAID segment: images laid out as md does it, each with a small volume of metadata that says whether it is healthy.
///
/// Sources: LVM2 `lib/raid/raid.c`; Linux `drivers/md/dm-raid.c` for the layouts and the metadata
/// (dm_raid_superblock).
final class RaidSegment {
    private static final long SECTOR = 512;
    private static final long MAGIC = 0x64526d44L;
    private static final int NEAR = 1 << 8;
    private static final int LEFT_SYMMETRIC = 2;
    private static final Map<String, Integer> LAYOUTS = Map.ofEntries(
            Map.entry("raid4", 4),
            Map.entry("raid5_0", 4),
            Map.entry("raid5_n", 5),
            Map.entry("raid5_la", 0),
            Map.entry("raid5_ra", 1),
            Map.entry("raid5_ls", LEFT_SYMMETRIC),
            Map.entry("raid5_rs", 3),
            Map.entry("raid5", LEFT_SYMMETRIC),
            Map.entry("raid6", 8),
            Map.entry("raid6_zr", 8),
            Map.entry("raid6_nr", 9),
            Map.entry("raid6_nc", 10),
            Map.entry("raid6_n_6", 5),
            Map.entry("raid6_la_6", 16),
            Map.entry("raid6_ra_6", 17),
            Map.entry("raid6_ls_6", 18),
            Map.entry("raid6_rs_6", 19),
            Map.entry("raid6_0_6", 20));

    private final LogicalVolumes volumes;
    private final Section values;
    private final String type;

    RaidSegment(LogicalVolumes volumes, Section values, String type) {
        this.volumes = volumes;
        this.values = values;
        this.type = type;
    }

    Bytes bytes(long length) throws IOException {
        List<Image> images = images();
        if (images.isEmpty()) {
            throw new CorruptException("the LVM2 %s segment has no images".formatted(type));
        }
        if (images.stream().anyMatch(Image::reshaping)) {
            throw new LayerException(
                    LogicalVolumes.LAYER,
                    OptionalLong.empty(),
                    "a %s volume is being reshaped".formatted(type),
                    "let Linux finish the reshape on copies of the devices");
        }
        List<Bytes> healthy = healthy(images);
        long size = images.stream().mapToLong(image -> image.data.size()).min().orElse(0);
        if (type.equals("raid1")) {
            return LogicalVolumes.whole(new Mirrored(present(healthy), size), length);
        }
        long chunk = Math.min(values.required("stripe_size"), 1L << 32) * SECTOR;
        if (type.startsWith("raid10")) {
            long copies = values.number("data_copies").orElse(2);
            return LogicalVolumes.whole(new Raid10(type, healthy, NEAR | copies, chunk, size), length);
        }
        if (type.startsWith("raid0")) {
            List<Bytes> all = images.stream().map(Image::data).toList();
            return LogicalVolumes.whole(new Striped(all, chunk, Striped.Layout.ALTERNATE), length);
        }
        int level = type.startsWith("raid6") ? 6 : 5;
        Integer layout = LAYOUTS.get(type);
        ParityLayout parity = ParityLayout.of(level, layout == null ? -1 : layout)
                .orElseThrow(() -> new CorruptException("LVM2 segments have the type %s".formatted(type)));
        return LogicalVolumes.whole(new Parity(type, healthy, parity, chunk, size), length);
    }

    /// @param events 0 when its metadata was never written
    private record Image(Bytes data, long events, boolean recovered, boolean reshaping) {}

    private List<Image> images() throws IOException {
        List<?> names = type.equals("raid0") ? values.list("raid0_lvs") : values.list("raids");
        List<Image> images = new ArrayList<>();
        byte[] metadata = new byte[64];
        for (Object entry : names) {
            String name = entry.toString();
            if (name.contains("_rmeta_")) {
                metadata = metadata(name);
                continue;
            }
            images.add(image(volumes.bytes(name), metadata));
            metadata = new byte[64];
        }
        return images;
    }

    private byte[] metadata(String name) throws IOException {
        byte[] head = new byte[64];
        try {
            volumes.bytes(name).read(0, head, 0, head.length);
        } catch (LayerException e) {
            // the image on the same device is missing too, and says so
            return new byte[64];
        }
        return head;
    }

    private static Image image(Bytes data, byte[] metadata) {
        Cursor in = Cursor.littleEndian(MemorySegment.ofArray(metadata));
        if (in.u32("magic") != MAGIC) {
            return new Image(data, 0, true, false);
        }
        boolean extended = (in.u32("features") & 1) != 0;
        long events = in.at(16).i64("events");
        boolean recovered = in.at(32).i64("recovered up to") == -1;
        boolean reshaping = extended && (in.at(60).u32("flags") & 1) != 0;
        return new Image(data, events, recovered, reshaping);
    }

    /// Images that fell behind or are not rebuilt are left out, as long as others stand in for them.
    private static List<Bytes> healthy(List<Image> images) {
        long newest = images.stream().mapToLong(Image::events).max().orElse(0);
        boolean some = images.stream().anyMatch(image -> image.events == newest && image.recovered);
        return images.stream()
                .map(image -> !some || image.events == newest && image.recovered
                        ? image.data
                        : (Bytes) new Absent(
                                image.data.size(),
                                LogicalVolumes.LAYER,
                                "this image is older than the others",
                                "none is needed unless too few are left"))
                .toList();
    }

    private static List<Bytes> present(List<Bytes> images) {
        List<Bytes> present =
                images.stream().filter(image -> !(image instanceof Absent)).toList();
        return present.isEmpty() ? images : present;
    }
}
