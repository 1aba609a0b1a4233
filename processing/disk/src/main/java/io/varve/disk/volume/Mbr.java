package io.varve.disk.volume;

import com.google.auto.service.AutoService;
import io.varve.binary.Bytes;
import io.varve.disk.Problems;
import io.varve.disk.volume.Places.Extent;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// The DOS partition table: four primary partitions in sector 0, a chain of extended boot records for logical ones, and
/// BSD disklabels inside a partition.
///
/// Numbers are those of Linux: 1 to 4 by slot, logical ones from 5 in the order of the chain, then those of disklabels.
/// Extended partitions are not listed, what no partition in them covers is a gap. A partition with a disklabel is
/// replaced by what the label names.
///
/// Sources: UEFI Specification 2.10, section 5.2; Linux `block/partitions/msdos.c` for the numbering and for what a
/// second data entry in an extended boot record means.
@AutoService(PartitionTable.class)
public final class Mbr implements PartitionTable {
    /// Most extended boot records that are followed.
    static final int CHAIN = 4096;

    private static final int SECTOR = 512;
    private static final int LARGE_SECTOR = 4096;

    @Override
    public String name() {
        return "MBR";
    }

    @Override
    public int order() {
        return 20;
    }

    @Override
    public Optional<List<Volume>> read(Bytes device, Problems problems) throws IOException {
        Optional<List<MbrEntry>> table = entries(device);
        if (table.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Reading(device, problems, table.get()).volumes());
    }

    /// The used entries of sector 0, when it is a partition table.
    static Optional<List<MbrEntry>> entries(Bytes device) throws IOException {
        if (device.size() < 2 * SECTOR) {
            return Optional.empty();
        }
        byte[] sector = BootSector.read(device, 0);
        if (!BootSector.signed(sector) || BootSector.isFileSystem(sector) && !leads(device, sector)) {
            return Optional.empty();
        }
        List<MbrEntry> used =
                MbrEntry.read(sector).stream().filter(MbrEntry::used).toList();
        boolean disc = BootSector.isIso9660(device);
        boolean sane = !used.isEmpty()
                && used.stream().allMatch(MbrEntry::plausible)
                && used.stream().allMatch(entry -> entry.first() > 0 || disc);
        long sectors = device.size() / SECTOR;
        boolean inside = used.stream().anyMatch(entry -> entry.first() < sectors);
        return sane && (inside || distinct(used)) ? Optional.of(used) : Optional.empty();
    }

    /// Boot loaders keep what a former FAT file system left in front of their code: the sector is a table all the same
    /// when a volume lies where it says.
    private static boolean leads(Bytes device, byte[] sector) throws IOException {
        for (MbrEntry entry : MbrEntry.read(sector)) {
            boolean leads = BootSector.isFat(sector)
                    && entry.used()
                    && entry.first() > 0
                    && BootSector.isVolumeStart(device, entry.first() * SECTOR);
            if (leads) {
                return true;
            }
        }
        return false;
    }

    /// A table of a device that was cut before its first partition: nothing but its own order speaks for it.
    private static boolean distinct(List<MbrEntry> entries) {
        for (MbrEntry entry : entries) {
            for (MbrEntry other : entries) {
                if (entry.type() == 0 || entry.slot() != other.slot() && entry.overlaps(other)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static final class Reading {
        private final Bytes device;
        private final Problems problems;
        private final List<MbrEntry> primary;
        private final int sectorSize;
        private final Places places;
        private int next = 5;

        Reading(Bytes device, Problems problems, List<MbrEntry> primary) throws IOException {
            this.device = device;
            this.problems = problems;
            this.primary = primary;
            this.sectorSize = sectorSize(device, primary);
            this.places = new Places(device, problems);
        }

        List<Volume> volumes() throws IOException {
            if (primary.stream().anyMatch(MbrEntry::protective)) {
                problems.lost(
                        OptionalLong.of(SECTOR),
                        "the MBR says that the disk has a GPT, but neither of its headers can be used");
            }
            for (MbrEntry entry : primary) {
                if (entry.extended()) {
                    follow(entry);
                }
            }
            for (MbrEntry entry : primary) {
                if (!entry.extended()) {
                    partition(entry);
                }
            }
            return places.all();
        }

        private void partition(MbrEntry entry) throws IOException {
            Extent extent = Extent.sectors(entry.first(), entry.count(), sectorSize);
            if (BsdLabel.TYPES.contains(entry.type())) {
                int before = next;
                next = BsdLabel.read(device, extent, entry.type(), places, next, problems);
                if (next > before) {
                    return;
                }
            }
            places.add("p" + (entry.slot() + 1), entry.kind(), extent, MbrEntry.TABLE + entry.slot() * MbrEntry.SIZE);
        }

        /// Each record names its own partition in a data entry, the next record in an extended one.
        private void follow(MbrEntry extended) throws IOException {
            Set<Long> seen = new HashSet<>();
            long record = extended.first();
            while (true) {
                long place = record * sectorSize;
                if (seen.size() == CHAIN || !seen.add(record)) {
                    problems.lost(OptionalLong.of(place), "the chain of extended boot records does not end");
                    return;
                }
                if (place > device.size() - SECTOR) {
                    problems.lost(OptionalLong.of(place), "an extended boot record lies past the end of the device");
                    return;
                }
                byte[] sector = BootSector.read(device, place);
                if (!BootSector.signed(sector)) {
                    problems.lost(OptionalLong.of(place), "an extended boot record has no signature");
                    return;
                }
                List<MbrEntry> entries = MbrEntry.read(sector);
                logical(entries, record, extended);
                Optional<MbrEntry> link = entries.stream()
                        .filter(entry -> entry.used() && entry.extended())
                        .findFirst();
                if (link.isEmpty()) {
                    return;
                }
                record = extended.first() + link.get().first();
            }
        }

        private void logical(List<MbrEntry> entries, long record, MbrEntry extended) {
            for (MbrEntry entry : entries) {
                if (!entry.used() || entry.extended()) {
                    continue;
                }
                long first = record + entry.first();
                boolean beyond =
                        first < extended.first() || first + entry.count() > extended.first() + extended.count();
                if (entry.slot() >= 2 && beyond) {
                    // what some tools leave in the two entries nobody uses
                    continue;
                }
                places.add(
                        "p" + next++,
                        entry.kind(),
                        Extent.sectors(first, entry.count(), sectorSize),
                        record * sectorSize + MbrEntry.TABLE + entry.slot() * MbrEntry.SIZE);
            }
        }

        /// The table does not say it. 4096 when volumes are found where sectors of that size put them and none where
        /// sectors of 512 do.
        private static int sectorSize(Bytes device, List<MbrEntry> primary) throws IOException {
            boolean large = false;
            for (MbrEntry entry : primary) {
                if (BootSector.isVolumeStart(device, entry.first() * SECTOR)) {
                    return SECTOR;
                }
                large |= BootSector.isVolumeStart(device, entry.first() * LARGE_SECTOR);
            }
            return large ? LARGE_SECTOR : SECTOR;
        }
    }
}
