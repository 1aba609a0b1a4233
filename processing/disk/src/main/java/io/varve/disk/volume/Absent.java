package io.varve.disk.volume;

import io.varve.binary.Bytes;
import io.varve.disk.LayerException;
import java.util.OptionalLong;

/// Bytes that a layer should have but whose device is not at hand: reading them says which one, and what to do.
///
/// @param layer as in [LayerException]
public record Absent(long size, String layer, String problem, String remedy) implements Bytes {
    @Override
    public void read(long offset, byte[] target, int start, int length) throws LayerException {
        check(offset, length, "read");
        if (length > 0) {
            throw new LayerException(layer, OptionalLong.of(offset), problem, remedy);
        }
    }
}
