package io.varve.acquisition.model;

import java.util.UUID;

/// Identity of one capture.
public record CaptureId(UUID value) {
    public static CaptureId mint() {
        return new CaptureId(UUID.randomUUID());
    }

    /// @throws IllegalArgumentException when the text is not a UUID
    public static CaptureId of(String text) {
        return new CaptureId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
