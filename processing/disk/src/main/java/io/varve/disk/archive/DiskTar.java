package io.varve.disk.archive;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.Slice;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// All disks of one machine in one tar, as captures of cloud machines store them: members `NAME.json`, what is known of
/// a disk, and `NAME.raw` or `NAME.qcow2`, the disk, in turns. Read in place.
public final class DiskTar {
    private static final int MOST = 256;
    private static final String ABOUT = ".json";
    private static final String DISK = ".raw";

    /// The disk is an image of its own: its name keeps the ending.
    public static final String IMAGE = ".qcow2";

    private DiskTar() {}

    /// The disks by their names, in order; empty when it is another tar. One that cannot be read is none of ours
    /// either:
    /// reading it for real will say why.
    public static Optional<Map<String, Bytes>> of(Bytes tar) {
        var disks = new LinkedHashMap<String, Bytes>();
        long at = 0;
        try {
            for (int member = 0; at + TarHeader.SIZE <= tar.size(); member++) {
                var header = new TarHeader(block(tar, at));
                if (TarHeader.isZero(header.block())) {
                    break;
                }
                String name = new String(header.name(), java.nio.charset.StandardCharsets.ISO_8859_1);
                boolean isDisk = member % 2 == 1;
                boolean isNamed = isDisk ? name.endsWith(DISK) || name.endsWith(IMAGE) : name.endsWith(ABOUT);
                boolean fits = TarHeader.isHeader(header.block()) && name.matches("[A-Za-z0-9._-]+");
                if (member >= 2 * MOST || !fits || !isNamed) {
                    return Optional.empty();
                }
                if (isDisk) {
                    disks.put(
                            name.endsWith(DISK) ? name.substring(0, name.length() - DISK.length()) : name,
                            new Slice(tar, at + TarHeader.SIZE, header.size()));
                }
                at += TarHeader.SIZE + (header.size() + TarHeader.SIZE - 1) / TarHeader.SIZE * TarHeader.SIZE;
            }
        } catch (IOException | CorruptException | IllegalArgumentException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
        return disks.isEmpty() ? Optional.empty() : Optional.of(disks);
    }

    private static byte[] block(Bytes tar, long at) throws IOException {
        byte[] block = new byte[TarHeader.SIZE];
        tar.read(at, block, 0, block.length);
        return block;
    }
}
