package io.varve.timeline;

import java.util.List;

/// A condition on events built by code. Values are data: nothing in them is ever read as query syntax.
///
/// Field names are those of the event: `host`, `user`, `data_type`, `parser`, `location.path` and every name under
/// `fields`. Values compare without regard to case; a field with several values matches when one of them does.
public sealed interface Match {
    /// The field has exactly this value.
    record Is(String field, String value) implements Match {}

    /// The field's value begins with this.
    record StartsWith(String field, String start) implements Match {}

    /// The field's value ends with this.
    record EndsWith(String field, String end) implements Match {}

    /// The field has a value.
    record Has(String field) implements Match {}

    /// These words, next to each other, in the message or in a field value.
    record Words(String words) implements Match {}

    record All(List<Match> parts) implements Match {
        public All {
            parts = List.copyOf(parts);
        }
    }

    record Any(List<Match> parts) implements Match {
        public Any {
            parts = List.copyOf(parts);
        }
    }

    record Not(Match part) implements Match {}

    static Match is(String field, String value) {
        return new Is(field, value);
    }

    static Match all(Match... parts) {
        return new All(List.of(parts));
    }

    static Match any(Match... parts) {
        return new Any(List.of(parts));
    }
}
