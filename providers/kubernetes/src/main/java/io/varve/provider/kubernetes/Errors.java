package io.varve.provider.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.time.Duration;
import java.util.Optional;

/// The API server's refusals, in our words.
final class Errors {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration SOON = Duration.ofSeconds(30);
    /// Somebody has to put a new token in.
    private static final Duration RENEWED = Duration.ofSeconds(10);

    private static final int LONGEST = 500;

    private Errors() {}

    /// @param body a `Status` object, or whatever stood in its place
    /// @param retryAfter seconds, as the header says
    static ProviderException of(String what, int code, String body, Optional<String> retryAfter) {
        String said = body.isBlank() ? words(code) : message(body);
        String text = "%s: %s (HTTP %d)".formatted(what, said, code);
        return switch (code) {
            case 401 ->
                new ProviderException(
                        Kind.FAILED,
                        "%s: the API server does not accept the token any more (HTTP 401). Put a new one into the integration; the capture goes on with it"
                                .formatted(what),
                        Optional.of(RENEWED));
            case 403 -> new ProviderException(Kind.FORBIDDEN, text);
            case 404, 410 -> new ProviderException(Kind.NOT_FOUND, text);
            case 429 -> new ProviderException(Kind.THROTTLED, text, Optional.of(wait(retryAfter)));
            default ->
                code >= 500
                        ? new ProviderException(Kind.FAILED, text, Optional.of(SOON))
                        : new ProviderException(Kind.REFUSED, text);
        };
    }

    static ProviderException offline(String what, Throwable e) {
        return new ProviderException(
                Kind.OFFLINE,
                "%s: the API server does not answer: %s".formatted(what, plain(String.valueOf(e.getMessage()))),
                Optional.of(Duration.ofMinutes(1)));
    }

    /// The message of a `Status` object.
    static String message(String body) {
        try {
            String message = JSON.readTree(body).path("message").asText("");
            return message.isEmpty() ? "refused" : plain(message);
        } catch (JsonProcessingException e) {
            return body.isBlank() ? "refused" : plain(body);
        }
    }

    /// Where the server's own words are lost, as when it refuses a WebSocket.
    private static String words(int code) {
        return switch (code) {
            case 403 -> "not allowed";
            case 404 -> "not found";
            default -> "refused";
        };
    }

    private static Duration wait(Optional<String> seconds) {
        return seconds.filter(text -> text.matches("\\d{1,5}"))
                .map(text -> Duration.ofSeconds(Math.max(1, Long.parseLong(text))))
                .orElse(SOON);
    }

    /// Text from the cluster, which an attacker may have written: one line, bounded.
    static String plain(String text) {
        String line = text.replaceAll("[^\\x20-\\x7e]+", " ").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
