package io.varve.acquisition.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.evidence.Digest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/// Tells two versions of one alert apart: alerts grow after they were first sent.
public final class Revisions {
    private static final int DIGITS = 16;

    private Revisions() {}

    /// Whether a revision must not replace another: its time is before the other's, or the other has a time and it has
    /// none. Vendors send the same alert in a short form without the time and a long one with it.
    public static boolean isOlder(String one, String other) {
        Optional<Instant> known = time(other);
        return known.isPresent()
                && time(one).filter(time -> !time.isBefore(known.get())).isEmpty();
    }

    private static Optional<Instant> time(String revision) {
        try {
            return Optional.of(Instant.parse(revision.split(" ", 2)[0]));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    static String of(JsonNode event) {
        return Digest.of(AlertBody.write(event)).hex().substring(0, DIGITS);
    }
}
