package io.varve.acquisition.integration;

import io.varve.acquisition.model.Integration.Use;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A vendor as the integrations page offers it.
///
/// @param uses what it can be used for
/// @param sources alert sources that read what it sends or keeps
/// @param comments alert sources whose alerts it takes comments on
/// @param fields settings and secrets, in the order they are asked for
/// @param guide name of its page in docs/providers; empty when there is none
public record VendorKind(
        String name,
        String label,
        Set<Use> uses,
        List<String> sources,
        List<String> comments,
        List<Field> fields,
        String guide) {
    /// One setting or secret.
    ///
    /// @param standard what counts when it is left empty; empty when there is no default
    /// @param help one sentence for the person who fills it in
    public record Field(String name, String label, Form form, Need need, String standard, String help) {}

    public enum Form {
        TEXT,
        ADDRESS,
        NUMBER,
        SWITCH,
        /// Written, never read back.
        SECRET,
        /// Several lines, e.g. a certificate or a mapping.
        LONG_TEXT
    }

    public enum Need {
        REQUIRED,
        /// Has a default or may stay empty.
        OPTIONAL,
        /// Of interest to few: behind "more".
        ADVANCED
    }

    public Optional<Field> field(String named) {
        return fields.stream().filter(field -> field.name().equals(named)).findFirst();
    }
}
