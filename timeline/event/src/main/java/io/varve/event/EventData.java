package io.varve.event;

import java.util.Map;

/// What a parser read: a record annotated with [DataType], whose components carry [Time] and [Field].
///
/// One event is made for each present `@Time` component; a record with none present becomes one undated event.
/// A component that is itself a record lends its `@Time` and `@Field` components and its [ExtraFields], so that kinds
/// of
/// records can share a common part. The field `host.name` replaces the host of the event, `user.name` is its user.
public interface EventData extends ExtraFields {
    /// One sentence a responder understands without knowing the format.
    String message();

    @Override
    default Map<String, Object> extraFields() {
        return Map.of();
    }
}
