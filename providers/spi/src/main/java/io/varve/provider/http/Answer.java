package io.varve.provider.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;

/// What a vendor answered.
public record Answer(int status, HttpHeaders headers, byte[] body) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int QUOTED = 300;

    public boolean good() {
        return status >= 200 && status < 300;
    }

    /// The body as JSON; an empty object when there is none.
    ///
    /// @throws ProviderException when it is not JSON
    public JsonNode json() throws ProviderException {
        if (body.length == 0) {
            return JSON.createObjectNode();
        }
        try {
            JsonNode node = JSON.readTree(body);
            return node == null ? JSON.createObjectNode() : node;
        } catch (IOException e) {
            throw new ProviderException(
                    Kind.FAILED, "status %d with a body that is not JSON: %s".formatted(status, quoted()));
        }
    }

    /// The beginning of the body as one printable line, for messages.
    public String quoted() {
        String text = new String(body, 0, Math.min(body.length, QUOTED), StandardCharsets.UTF_8);
        return text.replaceAll("[^\\x20-\\x7e]+", " ").strip();
    }
}
