package io.varve.disk.volume.encrypted;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.volume.encrypted.Regions.Region;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A BitLocker volume as Windows shows it: the start from where it is kept, BitLocker's own structures as zeros, the
/// part that is not encrypted (yet, or any more) as it lies there.
final class FveView {
    /// Vista leaves this much of the start in clear.
    static final int VISTA_CLEAR = 0x2000;

    private static final int COPY = 64 << 10;
    private static final int VISTA_COPY = 16 << 10;

    /// A run that is shown as zeros.
    private record Hidden(long start, long end) {}

    private FveView() {}

    /// @param decrypted the whole volume, decrypted
    static Bytes of(Bytes volume, Bytes decrypted, FveBoot boot, FveMetadata metadata) throws IOException {
        int sector = boot.sectorSize();
        long size = volume.size() - volume.size() % sector;
        var hidden = new ArrayList<Hidden>();
        Bytes data = decrypted;
        if (!boot.conversion().isEmpty()) {
            var conversion = new EncryptOnWrite(volume, decrypted, boot.conversion());
            conversion.own().forEach(own -> hide(hidden, own.start(), own.length(), sector, size));
            data = conversion;
        } else if (metadata.encrypted() > 0 && metadata.encrypted() < size) {
            long border = metadata.encrypted() - metadata.encrypted() % sector;
            data = new Regions(List.of(new Region(border, decrypted, 0), new Region(size - border, volume, border)));
        }
        long copy = metadata.version() == 1 ? Math.max(VISTA_COPY, boot.clusterSize()) : COPY;
        metadata.places().forEach(place -> hide(hidden, place, copy, sector, size));
        return metadata.version() == 1
                ? vista(volume, data, size, sector, metadata, hidden)
                : redirected(data, size, sector, metadata, hidden);
    }

    private static Bytes vista(
            Bytes volume, Bytes data, long size, int sector, FveMetadata metadata, List<Hidden> hidden)
            throws IOException {
        if (size < VISTA_CLEAR) {
            throw new CorruptException("BitLocker volume of %d bytes is too short".formatted(size));
        }
        byte[] first = new byte[sector];
        volume.read(0, first, 0, sector);
        byte[] name = "NTFS    ".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(name, 0, first, 3, name.length);
        ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).putLong(56, metadata.last());
        var regions = new ArrayList<Region>();
        regions.add(new Region(sector, Bytes.of(first), 0));
        regions.add(new Region(VISTA_CLEAR - sector, volume, sector));
        rest(regions, data, VISTA_CLEAR, size, hidden);
        return new Regions(regions);
    }

    private static Bytes redirected(Bytes data, long size, int sector, FveMetadata metadata, List<Hidden> hidden) {
        long length = metadata.headerSectors() * sector;
        if (length == 0) {
            length = metadata.of(FveEntry.VOLUME_HEADER, FveEntry.OFFSET_AND_SIZE).stream()
                    .filter(entry -> entry.data().length >= 16)
                    .mapToLong(entry -> entry.i64(8))
                    .findFirst()
                    .orElse(VISTA_CLEAR);
        }
        if (length < 0 || length % sector != 0 || metadata.last() % sector != 0) {
            throw new CorruptException(
                    "BitLocker keeps %d bytes of the volume's start at offset %d".formatted(length, metadata.last()));
        }
        data.check(metadata.last(), length, "BitLocker copy of the volume's start");
        hide(hidden, metadata.last(), length, sector, size);
        var regions = new ArrayList<Region>();
        regions.add(new Region(length, data, metadata.last()));
        rest(regions, data, length, size, hidden);
        return new Regions(regions);
    }

    private static void rest(List<Region> regions, Bytes data, long start, long size, List<Hidden> hidden) {
        hidden.sort(Comparator.comparingLong(Hidden::start));
        long at = start;
        for (Hidden run : hidden) {
            if (run.start > at) {
                regions.add(new Region(run.start - at, data, at));
                at = run.start;
            }
            if (run.end > at) {
                regions.add(new Region(run.end - at, new Zeros(run.end - at), 0));
                at = run.end;
            }
        }
        if (size > at) {
            regions.add(new Region(size - at, data, at));
        }
    }

    /// Notes a run of whole sectors, as far as the volume reaches.
    private static void hide(List<Hidden> hidden, long start, long length, int sector, long size) {
        if (start < 0 || start >= size || length <= 0) {
            return;
        }
        long end = start + Math.min(length, size - start);
        end = Math.min(size, (end + sector - 1) / sector * sector);
        hidden.add(new Hidden(start - start % sector, end));
    }
}
