package io.varve.acquisition.secret;

import org.jspecify.annotations.Nullable;

/// A sealed secret cannot be opened by this installation: it must be entered again.
public final class UnsealedException extends Exception {
    public UnsealedException(String purpose, @Nullable Throwable cause) {
        super("the secret for %s cannot be opened with this installation's key".formatted(purpose), cause);
    }
}
