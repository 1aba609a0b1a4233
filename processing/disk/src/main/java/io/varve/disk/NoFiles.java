package io.varve.disk;

import io.varve.binary.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Volumes that hold no files by their kind or their content, so that nothing is lost in them.
final class NoFiles {
    /// Swap space ends its first page with this, see `mkswap`; pages are 4 to 64 KiB.
    private static final List<String> SWAP = List.of("SWAPSPACE2", "SWAP-SPACE", "S1SUSPEND", "S2SUSPEND");

    private static final int[] PAGES = {4096, 8192, 16384, 65536};
    private static final int CHUNK = 1 << 20;
    /// How much of a volume is looked at to call it empty.
    private static final long LOOKED_AT = 64L << 20;

    private NoFiles() {}

    /// Why there is nothing to read; empty when there may be.
    static Optional<String> in(String kind, Bytes volume) throws IOException {
        String name = kind.toLowerCase(Locale.ROOT);
        if (name.contains("bios boot") || name.contains("microsoft reserved") || name.contains("prep boot")) {
            return Optional.of("holds no file system by its kind");
        }
        for (int page : PAGES) {
            if (volume.size() >= page && SWAP.contains(text(volume, page - 10))) {
                return Optional.of("swap space: no file system");
            }
        }
        return isEmpty(volume)
                ? Optional.of("empty: its first %d bytes are zeros".formatted(Math.min(volume.size(), LOOKED_AT)))
                : Optional.empty();
    }

    private static String text(Bytes volume, long offset) throws IOException {
        byte[] raw = new byte[10];
        volume.read(offset, raw, 0, raw.length);
        return new String(raw, StandardCharsets.ISO_8859_1).replace("\0", "");
    }

    private static boolean isEmpty(Bytes volume) throws IOException {
        byte[] chunk = new byte[CHUNK];
        long end = Math.min(volume.size(), LOOKED_AT);
        for (long at = 0; at < end; ) {
            long hole = volume.zeros(at);
            if (hole > 0) {
                at += hole;
                continue;
            }
            int count = (int) Math.min(CHUNK, end - at);
            volume.read(at, chunk, 0, count);
            for (int i = 0; i < count; i++) {
                if (chunk[i] != 0) {
                    return false;
                }
            }
            at += count;
        }
        return true;
    }
}
