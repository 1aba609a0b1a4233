package io.varve.acquisition.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.evidence.Digest;

/// Tells two versions of one alert apart: alerts grow after they were first sent.
final class Revisions {
    private static final int DIGITS = 16;

    private Revisions() {}

    static String of(JsonNode event) {
        return Digest.of(AlertBody.write(event)).hex().substring(0, DIGITS);
    }
}
