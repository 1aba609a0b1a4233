package io.varve.disk.volume;

import com.google.auto.service.AutoService;
import io.varve.binary.Bytes;
import io.varve.binary.Cursor;
import io.varve.disk.Names;
import io.varve.disk.Problems;
import io.varve.disk.volume.Places.Extent;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.CRC32;

/// The GUID partition table, from its header in the second sector or the backup in the last one.
///
/// The best copy is taken: checksums of header and entries are right, the primary one first. Entries whose checksum is
/// wrong in both copies are still read, and told. As in Linux the table counts only when sector 0 does not hold another
/// table or a file system: those were made later. Numbers are places in the table, starting with 1.
///
/// Source: UEFI Specification 2.10, section 5.3.
@AutoService(PartitionTable.class)
public final class Gpt implements PartitionTable {
    /// Most bytes of the array of entries.
    static final int ENTRIES = 4 << 20;

    private static final int[] SECTOR_SIZES = {512, 4096, 2048, 1024};

    @Override
    public String name() {
        return "GPT";
    }

    @Override
    public int order() {
        return 10;
    }

    @Override
    public Optional<List<Volume>> read(Bytes device, Problems problems) throws IOException {
        if (device.size() < 3 * BootSector.SIZE || isFileSystem(BootSector.read(device, 0))) {
            return Optional.empty();
        }
        Optional<GptHeader> found = best(device, problems);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Optional<List<MbrEntry>> mbr = Mbr.entries(device);
        if (mbr.isPresent() && mbr.get().stream().noneMatch(MbrEntry::protective)) {
            problems.noted("a GPT is left on this disk, but its MBR does not protect it: the MBR is newer");
            return Optional.empty();
        }
        if (mbr.isPresent() && mbr.get().size() > 1) {
            problems.noted("the MBR in front of the GPT names partitions too; those of the GPT are read");
        }
        return Optional.of(volumes(device, found.get(), problems));
    }

    private static boolean isFileSystem(byte[] sector) {
        return BootSector.isFileSystem(sector)
                && MbrEntry.read(sector).stream().noneMatch(entry -> entry.protective() && entry.plausible());
    }

    private static Optional<GptHeader> best(Bytes device, Problems problems) throws IOException {
        Optional<GptHeader> second = Optional.empty();
        for (int sectorSize : SECTOR_SIZES) {
            Optional<GptHeader> primary = GptHeader.read(device, sectorSize, sectorSize);
            if (primary.isPresent() && primary.get().whole()) {
                return primary;
            }
            long last = (device.size() / sectorSize - 1) * sectorSize;
            Optional<GptHeader> backup = GptHeader.read(device, last, sectorSize);
            if (backup.isPresent() && backup.get().whole()) {
                problems.noted("the GPT at the start of the disk is %s; its backup at offset %d is read"
                        .formatted(primary.isPresent() ? "damaged" : "missing", last));
                return backup;
            }
            second = second.or(() -> primary.filter(GptHeader::sound))
                    .or(() -> backup.filter(GptHeader::sound))
                    .or(() -> primary)
                    .or(() -> backup);
        }
        second.ifPresent(header -> problems.lost(
                OptionalLong.of(header.place()),
                "both copies of the GPT are damaged: the %s of this one does not have its checksum; it is read all the same"
                        .formatted(header.sound() ? "table" : "header")));
        return second;
    }

    private static List<Volume> volumes(Bytes device, GptHeader header, Problems problems) {
        var places = new Places(device, problems);
        for (int i = 0; i < header.count(); i++) {
            Cursor entry = header.entry(i);
            String type = GptHeader.guid(entry.bytes(16, "type"));
            if (type.equals(GptHeader.NIL)) {
                continue;
            }
            entry.skip(16, "unique GUID");
            long first = entry.i64("first sector");
            long last = entry.i64("last sector");
            entry.skip(8, "attributes");
            String label = text(entry.bytes(72, "name"));
            String name = "p" + (i + 1);
            long place = header.place(i);
            if (first <= 0 || last < first || last >= GptHeader.SECTORS) {
                problems.lost(
                        OptionalLong.of(place), "%s goes from sector %d to sector %d".formatted(name, first, last));
                continue;
            }
            String kind = PartitionTypes.gpt(type).orElse(type) + (label.isEmpty() ? "" : " '" + label + "'");
            places.add(name, kind, Extent.sectors(first, last - first + 1, header.sectorSize()), place);
        }
        return places.all();
    }

    private static String text(MemorySegment raw) {
        String name = new String(raw.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_16LE);
        int end = name.indexOf('\0');
        return Names.utf16(end < 0 ? name : name.substring(0, end)).replaceAll("\\p{Cntrl}", "?");
    }

    /// The checksum of some bytes as the table stores it.
    static long checksum(byte[] bytes, int length) {
        var crc = new CRC32();
        crc.update(bytes, 0, length);
        return crc.getValue();
    }
}
