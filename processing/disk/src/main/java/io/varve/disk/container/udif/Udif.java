package io.varve.disk.container.udif;

import com.google.auto.service.AutoService;
import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import io.varve.binary.Limits;
import io.varve.disk.LayerException;
import io.varve.disk.Slice;
import io.varve.disk.container.Container;
import io.varve.disk.container.ContainerFormat;
import io.varve.disk.container.Joined;
import io.varve.disk.container.Neighbours;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Apple disk images (UDIF, `.dmg`): raw, zero, ADC, zlib, bzip2, LZFSE and LZMA chunks, in one or several files.
///
/// A trailer of 512 bytes (`koly`) says where a property list lies; its `blkx` tables say where each run of sectors is
/// stored and how.
///
/// Written after <https://github.com/keramics/keramics/blob/main/docs/formats/src/udif.md> and "Demystifying the DMG
/// File Format" by Jonathan Levin, <http://newosxbook.com/DMG.html>.
@AutoService(ContainerFormat.class)
public final class Udif implements ContainerFormat {
    static final int SECTOR = 512;
    private static final int TRAILER = 512;

    /// Most files of one image.
    private static final int MOST_SEGMENTS = 4096;

    private static final byte[] KOLY = "koly".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ENCRYPTED = "encrcdsa".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ENCRYPTED_OLD = "cdsaencr".getBytes(StandardCharsets.US_ASCII);

    @Override
    public String name() {
        return "DMG";
    }

    @Override
    public boolean claims(String fileName, Bytes file) throws IOException {
        return isEncrypted(file) || has(file, file.size() - TRAILER, KOLY) && Trailer.read(file).segment <= 1;
    }

    private static boolean isEncrypted(Bytes file) throws IOException {
        return has(file, 0, ENCRYPTED) || has(file, file.size() - ENCRYPTED_OLD.length, ENCRYPTED_OLD);
    }

    private static boolean has(Bytes file, long offset, byte[] signature) throws IOException {
        if (offset < 0 || offset > file.size() - signature.length) {
            return false;
        }
        byte[] there = new byte[signature.length];
        file.read(offset, there, 0, there.length);
        return Arrays.equals(there, signature);
    }

    private record Trailer(
            long dataOffset,
            long dataLength,
            long forkOffset,
            long forkLength,
            long segment,
            long segments,
            long listOffset,
            long listLength,
            long sectors) {

        static Trailer read(Bytes file) throws IOException {
            byte[] raw = new byte[TRAILER];
            file.read(file.size() - TRAILER, raw, 0, TRAILER);
            Cursor cursor = Cursor.bigEndian(MemorySegment.ofArray(raw));
            Cursor forks = cursor.at(24);
            Cursor list = cursor.at(216);
            return new Trailer(
                    forks.i64("data fork offset"),
                    forks.i64("data fork length"),
                    forks.i64("resource fork offset"),
                    forks.i64("resource fork length"),
                    forks.u32("segment number"),
                    forks.u32("segment count"),
                    list.i64("property list offset"),
                    list.i64("property list length"),
                    cursor.at(492).i64("sector count"));
        }

        Bytes data(Bytes file) {
            file.check(dataOffset, dataLength, "DMG data fork");
            return new Slice(file, dataOffset, dataLength);
        }
    }

    @Override
    public Container open(String fileName, Bytes file, Neighbours neighbours) throws IOException {
        if (isEncrypted(file)) {
            throw new LayerException(
                    "DMG", OptionalLong.of(0), "the image is encrypted", "decrypt it with hdiutil convert first");
        }
        if (!has(file, file.size() - TRAILER, KOLY)) {
            throw new CorruptException("DMG: %s has no trailer: it is cut or not such an image".formatted(fileName));
        }
        Trailer trailer = Trailer.read(file);
        List<Bytes> files = new ArrayList<>(List.of(file));
        try {
            Bytes data = data(fileName, trailer, files, neighbours);
            Optional<BlockTable> table = table(trailer, file);
            if (table.isEmpty() && trailer.dataLength != Math.max(0, trailer.sectors) * SECTOR) {
                throw new CorruptException("DMG: %s has no tables of blocks".formatted(fileName));
            }
            BlockTable blocks = table.orElse(BlockTable.plain(trailer.dataLength / SECTOR));
            long sectors = trailer.sectors > 0 ? trailer.sectors : blocks.end();
            if (sectors > BlockTable.MOST_SECTORS) {
                throw new CorruptException("DMG: %d sectors".formatted(sectors));
            }
            return new UdifDisk(sectors * SECTOR, blocks, data, files);
        } catch (IOException | RuntimeException e) {
            for (Bytes opened : files.subList(1, files.size())) {
                opened.close();
            }
            throw e;
        }
    }

    private static Bytes data(String fileName, Trailer trailer, List<Bytes> files, Neighbours neighbours)
            throws IOException {
        if (trailer.segments <= 1) {
            return trailer.data(files.getFirst());
        }
        Limits.check(trailer.segments, MOST_SEGMENTS, "DMG segment count");
        String stem = fileName.replaceFirst("(?i)\\.dmg$", "");
        List<Bytes> forks = new ArrayList<>(List.of(trailer.data(files.getFirst())));
        for (int number = 2; number <= trailer.segments; number++) {
            String name = "%s.%03d.dmgpart".formatted(stem, number);
            Bytes part = neighbours
                    .open(name)
                    .orElseThrow(() -> new LayerException(
                            "DMG",
                            OptionalLong.empty(),
                            "segment %s is missing".formatted(name),
                            "put it beside %s".formatted(fileName)));
            files.add(part);
            if (!has(part, part.size() - TRAILER, KOLY)) {
                throw new CorruptException("DMG: segment %s has no trailer: it is cut".formatted(name));
            }
            forks.add(Trailer.read(part).data(part));
        }
        return new Joined(forks);
    }

    private static Optional<BlockTable> table(Trailer trailer, Bytes file) throws IOException {
        if (trailer.listLength > 0) {
            return Optional.of(BlockTable.of(
                    PropertyList.blocks(part(file, trailer.listOffset, trailer.listLength, "DMG property list"))));
        }
        if (trailer.forkLength > 0) {
            return Optional.of(BlockTable.of(
                    ResourceFork.blocks(part(file, trailer.forkOffset, trailer.forkLength, "DMG resource fork"))));
        }
        return Optional.empty();
    }

    private static byte[] part(Bytes file, long offset, long length, String field) throws IOException {
        file.check(offset, length, field);
        byte[] part = new byte[Limits.check(length, Limits.STRUCTURE, field)];
        file.read(offset, part, 0, part.length);
        return part;
    }
}
