package io.varve.event;

import java.util.Map;

/// What a parser read: a record annotated with [DataType], whose components carry [Time] and [Field].
///
/// One event is made for each present `@Time` component; a record with none present becomes one undated event.
/// A component that is itself a record lends its `@Time` and `@Field` components, so that kinds of records can share a
/// common part. The field `host.name` replaces the host of the event, `user.name` is its user.
public interface EventData {
    /// One sentence a responder understands without knowing the format.
    String message();

    /// Fields whose names only the evidence knows, e.g. the keys of a journal entry. Names are kept as found; the
    /// annotated components win over the same name here.
    default Map<String, Object> extraFields() {
        return Map.of();
    }
}
