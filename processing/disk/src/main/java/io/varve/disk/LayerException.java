package io.varve.disk;

import java.io.IOException;
import java.util.OptionalLong;

/// A layer of the evidence that cannot be read: which one, where, what is wrong, and what the person can do about it.
public final class LayerException extends IOException {
    private final String layer;

    /// @param layer format or name of the layer, e.g. `QCOW2` or `LUKS2`
    /// @param offset byte offset in the bytes the layer lies in; empty when the problem has no place
    /// @param problem what is wrong, e.g. `the backing file base.qcow2 is missing`
    /// @param remedy what to do, e.g. `put it beside this file`
    public LayerException(String layer, OptionalLong offset, String problem, String remedy) {
        super("%s%s: %s; %s"
                .formatted(layer, offset.isPresent() ? " at offset " + offset.getAsLong() : "", problem, remedy));
        this.layer = layer;
    }

    public String layer() {
        return layer;
    }
}
