package io.varve.provider.aws;

import io.varve.provider.ProviderException;
import io.varve.provider.collector.record.RecordSource;

/// Something that cannot be had, said in its place.
record LackingRecords(String path, String artifact, ProviderException why) implements RecordSource {
    @Override
    public void read(Window window, Lines lines) throws ProviderException {
        throw why;
    }
}
