package io.varve.disk.volume.encrypted;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// The boot sector of a BitLocker volume, which says where the metadata lies: *BitLocker Drive Encryption (BDE)
/// format*, section 5. Vista's has no identifier; later ones carry one, at another place in BitLocker To Go.
///
/// @param metadata byte offsets of the copies; Vista's names one
/// @param conversion byte offsets of what encrypt-on-write keeps; empty without it
record FveBoot(int sectorSize, int clusterSize, List<Long> metadata, List<Long> conversion) {
    private static final int LENGTH = 512;
    private static final byte[] IDENTIFIER = HexFormat.of().parseHex("3bd66749292ed84a8399f6a339e3d001");
    private static final byte[] ENCRYPT_ON_WRITE = HexFormat.of().parseHex("3b4da89280dd0e4d9e4eb1e3284eaed8");
    private static final int[] PLACES = {160, 424};
    private static final int VISTA_CLUSTER = 56;

    /// Empty when this is no BitLocker volume.
    static Optional<FveBoot> of(Bytes volume) throws IOException {
        if (volume.size() < LENGTH) {
            return Optional.empty();
        }
        byte[] sector = new byte[LENGTH];
        volume.read(0, sector, 0, LENGTH);
        for (int place : PLACES) {
            if (at(sector, place, IDENTIFIER)) {
                return Optional.of(boot(sector, offsets(sector, place + Guid.LENGTH, 3), List.of()));
            }
            if (at(sector, place, ENCRYPT_ON_WRITE)) {
                List<Long> metadata = offsets(sector, place + Guid.LENGTH, 3);
                return Optional.of(boot(sector, metadata, offsets(sector, place + Guid.LENGTH + 24, 2)));
            }
        }
        if (!at(sector, 3, FveMetadata.SIGNATURE)) {
            return Optional.empty();
        }
        FveBoot boot = boot(sector, List.of(), List.of());
        long cluster = offsets(sector, VISTA_CLUSTER, 1).getFirst();
        if (cluster < 0 || cluster > volume.size() / boot.clusterSize) {
            throw new CorruptException(
                    "BitLocker metadata cluster at offset 56 is %d, past the end".formatted(cluster));
        }
        return Optional.of(
                new FveBoot(boot.sectorSize, boot.clusterSize, List.of(cluster * boot.clusterSize), List.of()));
    }

    private static FveBoot boot(byte[] sector, List<Long> metadata, List<Long> conversion) {
        int sectorSize = sector[11] & 0xff | (sector[12] & 0xff) << 8;
        int clusterSize = sectorSize * Math.max(1, sector[13] & 0xff);
        if (sectorSize < 512 || sectorSize > 4096 || Integer.bitCount(sectorSize) != 1) {
            throw new CorruptException("BitLocker sector size at offset 11 is " + sectorSize);
        }
        return new FveBoot(sectorSize, clusterSize, metadata, conversion);
    }

    private static boolean at(byte[] sector, int place, byte[] wanted) {
        return Arrays.equals(sector, place, place + wanted.length, wanted, 0, wanted.length);
    }

    private static List<Long> offsets(byte[] sector, int place, int count) {
        ByteBuffer longs = ByteBuffer.wrap(sector).order(ByteOrder.LITTLE_ENDIAN);
        return IntStream.range(0, count)
                .mapToObj(i -> longs.getLong(place + i * 8))
                .toList();
    }
}
