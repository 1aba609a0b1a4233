package io.varve.provider;

import java.time.Duration;
import java.util.Optional;

/// Something outside refused or failed.
public final class ProviderException extends Exception {
    public enum Kind {
        /// The host cannot be found there.
        NOT_FOUND,
        /// The host is known and does not answer.
        OFFLINE,
        /// A right is missing; the text names it.
        FORBIDDEN,
        /// Too fast; see [#retryAfter].
        THROTTLED,
        /// The vendor or the host failed; trying again may help.
        FAILED,
        /// Trying again cannot help.
        REFUSED,
        CANCELLED
    }

    private final Kind kind;
    private final String reason;
    private final Optional<Duration> retryAfter;

    public ProviderException(Kind kind, String message) {
        this(kind, message, Optional.empty());
    }

    public ProviderException(Kind kind, String message, Optional<Duration> retryAfter) {
        super(message);
        this.kind = kind;
        this.reason = message;
        this.retryAfter = retryAfter;
    }

    /// What happened, in words for the person who asked for the capture.
    public String reason() {
        return reason;
    }

    public Kind kind() {
        return kind;
    }

    public Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
