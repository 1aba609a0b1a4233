package io.varve.emulator.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// One request as it arrived: path decoded for routing, target and body byte for byte as they were on the wire.
///
/// @param target path and query as they were sent, not decoded
/// @param headers by lower-case name
public record Request(
        String method, String path, String target, Map<String, List<String>> headers, byte[] body, Instant receivedAt) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int MOST_PARAMETERS = 10_000;

    public Optional<String> header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
                .findFirst();
    }

    public Optional<String> query(String name) {
        return queries(name).stream().findFirst();
    }

    /// All values of a query parameter that may be repeated.
    public List<String> queries(String name) {
        return query().getOrDefault(name, List.of());
    }

    public Map<String, List<String>> query() {
        int mark = target.indexOf('?');
        return mark < 0 ? Map.of() : decoded(target.substring(mark + 1));
    }

    /// The body as a form.
    public Map<String, List<String>> form() {
        return decoded(text());
    }

    public Optional<String> form(String name) {
        return form().getOrDefault(name, List.of()).stream().findFirst();
    }

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /// The body as JSON; the missing node when it is empty or not JSON.
    public JsonNode json() {
        try {
            JsonNode node = JSON.readTree(body);
            return node == null ? MissingNode.getInstance() : node;
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    private static Map<String, List<String>> decoded(String form) {
        var parameters = new LinkedHashMap<String, List<String>>();
        for (String pair : form.split("&", MOST_PARAMETERS)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            if (!name.isEmpty()) {
                parameters
                        .computeIfAbsent(decode(name), any -> new ArrayList<>())
                        .add(decode(value));
            }
        }
        return parameters;
    }

    /// What is not properly encoded stays as it is.
    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
