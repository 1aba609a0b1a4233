package io.varve.disk.filesystem.btrfs;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.LayerException;
import io.varve.disk.Names;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;

/// What one of the three superblocks says of the file system.
///
/// @param device number of the device this superblock lies on, among those of the file system
/// @param metadataId what every block of metadata carries
/// @param systemChunks where the tree of chunks itself lies: keys, each with a chunk
record Superblock(
        long place,
        long generation,
        long root,
        int rootLevel,
        long chunkRoot,
        int chunkLevel,
        long logRoot,
        long totalBytes,
        long devices,
        long device,
        int sectorSize,
        int nodeSize,
        Checksum checksum,
        byte[] metadataId,
        Block systemChunks,
        String label) {
    static final int SIZE = 4096;

    private static final long[] PLACES = {64 << 10, 64 << 20, 256L << 30};
    private static final long MAGIC = 0x4D5F53665248425FL; // _BHRfS_M
    private static final int SYSTEM_CHUNKS = 2048;
    private static final long OTHER_METADATA_ID = 0x400;
    private static final int DEEPEST = 8;

    /// Whether any superblock carries the signature.
    static boolean present(Bytes volume) throws IOException {
        for (long place : PLACES) {
            if (place <= volume.size() - SIZE) {
                byte[] magic = new byte[8];
                volume.read(place + 64, magic, 0, 8);
                if (new Block("superblock", place, magic, 0, 8).i64(0) == MAGIC) {
                    return true;
                }
            }
        }
        return false;
    }

    /// The newest superblock that is whole.
    static Superblock of(Bytes volume) throws IOException {
        Optional<Superblock> newest = Optional.empty();
        CorruptException reason = new CorruptException("btrfs: no superblock");
        for (long place : PLACES) {
            if (place > volume.size() - SIZE) {
                continue;
            }
            byte[] bytes = new byte[SIZE];
            volume.read(place, bytes, 0, SIZE);
            try {
                Superblock found = of(new Block("superblock", place, bytes, 0, SIZE));
                if (newest.isEmpty() || found.generation > newest.get().generation) {
                    newest = Optional.of(found);
                }
            } catch (CorruptException e) {
                reason = newest.isEmpty() && place != PLACES[0] ? reason : e;
            }
        }
        CorruptException none = reason;
        return newest.orElseThrow(() -> none);
    }

    private static Superblock of(Block block) throws LayerException {
        if (block.i64(64) != MAGIC) {
            throw block.corrupt("no signature");
        }
        int kind = block.u16(196);
        if (kind >= Checksum.values().length) {
            throw new LayerException(
                    "btrfs",
                    OptionalLong.of(block.place()),
                    "checksum type %d is not known".formatted(kind),
                    "report it");
        }
        Checksum checksum = Checksum.values()[kind];
        if (!checksum.fits(block.bytes())) {
            throw block.corrupt("its checksum is wrong");
        }
        long systemSize = block.u32(160);
        long nodeSize = block.u32(148);
        long sectorSize = block.u32(144);
        if (Long.bitCount(nodeSize) != 1 || nodeSize < 1 << 12 || nodeSize > 1 << 16) {
            throw block.corrupt("node size %d".formatted(nodeSize));
        }
        if (Long.bitCount(sectorSize) != 1 || sectorSize < 1 << 12 || sectorSize > 1 << 16) {
            throw block.corrupt("sector size %d".formatted(sectorSize));
        }
        if (systemSize > SYSTEM_CHUNKS || block.u8(198) > DEEPEST || block.u8(199) > DEEPEST) {
            throw block.corrupt("%d bytes of chunks, trees of %d and %d levels"
                    .formatted(systemSize, block.u8(198), block.u8(199)));
        }
        boolean otherId = (block.i64(188) & OTHER_METADATA_ID) != 0;
        return new Superblock(
                block.place(),
                block.i64(72),
                block.i64(80),
                block.u8(198),
                block.i64(88),
                block.u8(199),
                block.i64(96),
                block.i64(112),
                block.i64(136),
                block.i64(201),
                (int) sectorSize,
                (int) nodeSize,
                checksum,
                block.copy(otherId ? 0x23b : 32, 16),
                block.part(0x32b, (int) systemSize),
                label(block.copy(0x12b, 256)));
    }

    private static String label(byte[] field) {
        int length = 0;
        while (length < field.length && field[length] != 0) {
            length++;
        }
        return Names.text(Arrays.copyOf(field, length));
    }

    /// An identifier as other tools write it.
    static String uuid(byte[] id) {
        String hex = HexFormat.of().formatHex(id);
        return "%s-%s-%s-%s-%s"
                .formatted(
                        hex.substring(0, 8),
                        hex.substring(8, 12),
                        hex.substring(12, 16),
                        hex.substring(16, 20),
                        hex.substring(20));
    }
}
