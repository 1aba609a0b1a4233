package io.varve.evidence;

import java.io.IOException;
import java.util.Locale;

/// The store's target cannot do this.
public final class UnsupportedFeatureException extends IOException {
    public UnsupportedFeatureException(Feature feature) {
        super("the object store has no "
                + feature.name().toLowerCase(Locale.ROOT).replace('_', ' '));
    }
}
