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

    /// Whether a revision is surely older than another: both begin with a time. Content tells no order.
    public static boolean isOlder(String one, String other) {
        return time(one).flatMap(earlier -> time(other).map(earlier::isBefore)).orElse(false);
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
