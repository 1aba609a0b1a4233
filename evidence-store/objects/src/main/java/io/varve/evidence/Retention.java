package io.varve.evidence;

import java.time.Instant;

/// How long an object may not be removed.
///
/// @param mode who may still shorten it
public record Retention(Instant until, Mode mode) {
    public enum Mode {
        /// Accounts with a right of their own may lift it.
        GOVERNANCE,
        /// Nobody may lift it, the owner of the account included.
        COMPLIANCE
    }

    /// The one that binds longer; the stricter mode of both.
    public Retention longer(Retention other) {
        Mode strict = mode == Mode.COMPLIANCE || other.mode == Mode.COMPLIANCE ? Mode.COMPLIANCE : Mode.GOVERNANCE;
        return new Retention(until.isAfter(other.until) ? until : other.until, strict);
    }
}
