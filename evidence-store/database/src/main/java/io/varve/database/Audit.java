package io.varve.database;

import io.varve.acquisition.model.Organisation;
import java.time.Instant;
import java.util.List;

/// Who did what in Varve itself. Custody of evidence has its own, signed log.
public interface Audit {
    void add(Entry entry);

    /// Newest first.
    List<Entry> newest(Organisation organisation, int limit);

    /// @param actor user, key or process
    /// @param action e.g. `signed_in`, `key_created`
    /// @param subject what it was done to
    /// @param address where the request came from; empty for processes
    record Entry(
            Instant at,
            Organisation organisation,
            String actor,
            String action,
            String subject,
            String detail,
            String address) {}
}
