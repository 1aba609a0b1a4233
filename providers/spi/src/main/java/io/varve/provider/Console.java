package io.varve.provider;

import java.util.Optional;

/// The vendor's own console: we leave a comment with the link to the Forensics tab on its alert.
@FunctionalInterface
public interface Console {
    /// Leaves one comment. Asked again with the same text for the same alert, it may leave it twice
    /// only when the first answer was lost.
    void comment(Connection connection, Subject subject, String text) throws ProviderException, InterruptedException;

    /// @param source alert source, e.g. `graph` or `sentinel`
    /// @param alert the source's own alert id
    /// @param group the source's own incident or group id
    record Subject(String source, String alert, Optional<String> group) {}
}
