package io.varve.evidence.s3;

import io.varve.evidence.Feature;
import java.util.Set;

/// What one S3 target understands of the protocol, as its probe found it.
///
/// @param features what it enforces by itself
/// @param uploadsListed whether it lists unfinished uploads
/// @param ranges whether it reads from the middle of an object
public record S3Dialect(Set<Feature> features, boolean uploadsListed, boolean ranges) {
    static final S3Dialect NOTHING = new S3Dialect(Set.of(), false, false);

    public S3Dialect {
        features = Set.copyOf(features);
    }

    boolean has(Feature feature) {
        return features.contains(feature);
    }
}
