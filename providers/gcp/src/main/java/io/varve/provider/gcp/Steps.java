package io.varve.provider.gcp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;

/// What is stored of a step, as JSON.
final class Steps {
    private static final JsonMapper JSON = new JsonMapper();

    private Steps() {}

    static <T> T read(String step, TypeReference<T> type) {
        try {
            return JSON.readValue(step, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored step cannot be read: " + e.getMessage());
        }
    }

    static String write(Object step) {
        try {
            return JSON.writeValueAsString(step);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
