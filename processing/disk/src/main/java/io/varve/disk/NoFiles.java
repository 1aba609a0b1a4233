package io.varve.disk;

import io.varve.binary.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Volumes that hold no files by their kind or their content, so that nothing is lost in them.
final class NoFiles {
    /// Swap space ends its first page with this, see `mkswap`; pages are 4 to 64 KiB.
    private static final List<String> SWAP = List.of("SWAPSPACE2", "SWAP-SPACE", "S1SUSPEND", "S2SUSPEND");

    private static final int[] PAGES = {4096, 8192, 16384, 65536};
    private static final int CHUNK = 1 << 20;
    private static final byte[] ZEROS = new byte[CHUNK];
    /// How much of a volume is read from its start on to call it empty.
    private static final long LOOKED_AT = 64L << 20;
    /// Pieces of the rest that are read, and how large they are.
    private static final int SAMPLES = 1_024;

    private static final int SAMPLE = 64 << 10;

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
        return empty(volume);
    }

    private static String text(Bytes volume, long offset) throws IOException {
        byte[] raw = new byte[10];
        volume.read(offset, raw, 0, raw.length);
        return new String(raw, StandardCharsets.ISO_8859_1).replace("\0", "");
    }

    /// How far it was looked at and found to be zeros; empty when something else is there.
    private static Optional<String> empty(Bytes volume) throws IOException {
        long size = volume.size();
        long whole = zeros(volume, 0, size, LOOKED_AT);
        if (whole == size) {
            return Optional.of("empty: all its bytes are zeros");
        }
        long step = Math.max(SAMPLE, (size - whole) / SAMPLES);
        for (long at = whole; at < size; at += step) {
            long end = Math.min(size, at + SAMPLE);
            if (zeros(volume, at, end, SAMPLE) < end) {
                return Optional.empty();
            }
        }
        if (step == SAMPLE) {
            return Optional.of("empty: all its bytes are zeros");
        }
        return Optional.of(
                ("empty as far as it was looked at: its first %d bytes and %d bytes at every %d after them are "
                                + "zeros, the rest of its %d bytes was not read")
                        .formatted(whole, SAMPLE, step, size));
    }

    /// Where the first byte is that is not zero, or where it stopped after reading `most` bytes: known holes cost
    /// nothing.
    private static long zeros(Bytes volume, long from, long end, long most) throws IOException {
        byte[] chunk = new byte[CHUNK];
        long at = from;
        for (long left = most; at < end && left > 0; ) {
            long hole = volume.zeros(at);
            if (hole > 0) {
                at = Math.min(end, at + hole);
                continue;
            }
            int count = (int) Math.min(Math.min(CHUNK, left), end - at);
            volume.read(at, chunk, 0, count);
            int same = Arrays.mismatch(chunk, 0, count, ZEROS, 0, count);
            if (same >= 0) {
                return at + same;
            }
            at += count;
            left -= count;
        }
        return at;
    }
}
