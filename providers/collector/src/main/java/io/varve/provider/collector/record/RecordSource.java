package io.varve.provider.collector.record;

import io.varve.provider.ProviderException;
import java.io.IOException;
import java.time.Instant;

/// One log of a cloud's.
public interface RecordSource {
    /// Where its records lie in the archive, e.g. `varve/cloud/aws/cloudtrail.jsonl`.
    String path();

    /// Name of it in `varve/outcomes.jsonl`, e.g. `AwsCloudTrail`.
    String artifact();

    /// Hands over the records of a time, as the cloud has them; which of them are about the captured asset is the
    /// source's affair.
    ///
    /// @throws ProviderException REFUSED, FORBIDDEN or NOT_FOUND when this log cannot be had: the others can
    void read(Window window, Lines lines) throws ProviderException, InterruptedException, IOException;

    /// @param to not in it
    record Window(Instant from, Instant to) {}

    /// Takes records, a line each.
    @FunctionalInterface
    interface Lines {
        /// @param record without an end of line in it
        /// @return false when no more is taken
        boolean add(String record) throws ProviderException, IOException;

        /// Asked where a source reads for long without a record: stops a capture that is cancelled or late.
        default void proceed() throws ProviderException {}
    }
}
