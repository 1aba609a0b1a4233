package io.varve.provider.collector.object;

import io.varve.provider.ProviderException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Map;

/// A bucket of a cloud's, or a container, as we may read it.
public interface Bucket {
    /// As people and other tools name it, e.g. `s3://web-logs`.
    String text();

    /// Hands over every version of every object below a prefix, in the order of their names.
    ///
    /// @param after where an earlier list broke off, or empty: what it handed over up to this name may be left out
    void list(String prefix, String after, Listing listing) throws ProviderException, InterruptedException, IOException;

    /// The bytes of a version, from the start. The cloud's own check of them, where it has one, is done by the stream,
    /// whose [IOException]s have a refusal of the cloud's as their cause.
    ///
    /// @throws ProviderException REFUSED, FORBIDDEN or NOT_FOUND when this one cannot be had: others can
    InputStream open(Version version) throws ProviderException, InterruptedException, IOException;

    /// @param id of the version; empty where the bucket keeps none
    /// @param isLatest whether readers of the bucket get it; false of a marker that says the object is deleted
    /// @param facts what else the bucket says of it, e.g. `etag`, `storage_class`
    record Version(
            String name,
            String id,
            long size,
            Instant modified,
            boolean isLatest,
            boolean isDeletion,
            Map<String, String> facts) {
        public Version {
            facts = Map.copyOf(facts);
        }
    }

    /// Takes versions.
    @FunctionalInterface
    interface Listing {
        /// @return false when no more is taken
        boolean add(Version version) throws ProviderException, InterruptedException, IOException;
    }
}
