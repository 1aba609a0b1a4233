package io.varve.disk.container;

import io.varve.binary.CorruptException;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Deflated blocks.
public final class Inflated {
    private Inflated() {}

    /// A block with zlib's header and checksum (RFC 1950).
    public static int zlib(byte[] packed, byte[] target, String what) {
        return inflate(new Inflater(), packed, target, what);
    }

    /// A bare deflate stream (RFC 1951).
    public static int bare(byte[] packed, byte[] target, String what) {
        return inflate(new Inflater(true), packed, target, what);
    }

    /// Fills `target` as far as the stream goes.
    private static int inflate(Inflater inflater, byte[] packed, byte[] target, String what) {
        try (inflater) {
            inflater.setInput(packed);
            int done = 0;
            while (done < target.length && !inflater.finished()) {
                int count = inflater.inflate(target, done, target.length - done);
                if (count == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
                    throw new CorruptException("%s ends after %d of %d bytes".formatted(what, done, target.length));
                }
                done += count;
            }
            return done;
        } catch (DataFormatException e) {
            throw new CorruptException("%s does not inflate: %s".formatted(what, e.getMessage()), e);
        }
    }
}
