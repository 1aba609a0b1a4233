package io.varve.artefact;

import io.varve.event.EventData;
import io.varve.event.RecordLocator;

/// Where a parser puts what it reads. Keeps the ledger: `found = parsed + rejected`.
public interface EventSink {
    /// One record of the format was read. It may hold any number of facts, also none (an empty slot).
    void record(RecordLocator where, EventData... data);

    /// One record of the format was found and could not be read.
    void rejected(long offset, String reason);

    /// Something a reader of the coverage should know, e.g. a checksum that does not match; no record is lost.
    void warning(long offset, String reason);
}
