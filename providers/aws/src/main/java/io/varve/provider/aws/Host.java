package io.varve.provider.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Optional;

/// An instance as it was found, kept as the step `host` of its capture.
///
/// @param role empty for the account of the credentials
/// @param caller ARN of whom AWS saw asking
/// @param group its Auto Scaling group; empty when it is in none
record Host(
        String account,
        String role,
        String region,
        String caller,
        String instance,
        String type,
        String image,
        String group,
        List<Volume> volumes) {
    private static final JsonMapper JSON = new JsonMapper();

    /// @param key KMS key it is encrypted with; empty when it is not
    record Volume(String device, String volume, long gibibytes, String key, boolean deleteOnTermination) {}

    Optional<String> assumed() {
        return role.isEmpty() ? Optional.empty() : Optional.of(role);
    }

    static Host of(String step) {
        return read(step, new TypeReference<>() {});
    }

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
