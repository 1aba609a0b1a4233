package io.varve.disk.filesystem.xfs;

import java.util.Set;
import java.util.stream.IntStream;

/// Where the metadata of an XFS image lies, by its signatures.
final class XfsPlaces {
    private static final Set<Integer> SIGNATURES =
            Set.of(0x58465342, 0x58414749, 0x49414233, 0x58444233, 0x58444433, 0x424d4133, 0x58534c4d, 0x5841524d);

    private XfsPlaces() {}

    static long[] of(byte[] image) {
        var block = new Block("image", 0, image, 0, image.length);
        return IntStream.iterate(0, at -> at < image.length, at -> at + 512)
                .filter(at ->
                        SIGNATURES.contains(block.i32(at)) || block.u16(at) == 0x494e || block.u16(at + 8) == 0x3bee)
                .mapToLong(at -> at)
                .toArray();
    }
}
