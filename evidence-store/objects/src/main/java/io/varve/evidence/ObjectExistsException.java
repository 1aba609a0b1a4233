package io.varve.evidence;

import java.io.IOException;

/// An object of this name exists; objects are never overwritten.
public final class ObjectExistsException extends IOException {
    public ObjectExistsException(String name) {
        super(name + " exists already");
    }
}
