package io.varve.provider.http;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// One call to a vendor.
///
/// @param repeatable true when sending it twice does no harm: it is sent again after a lost answer
/// @param body makes the body anew for each time it is sent
public record Call(
        String method, URI uri, Map<String, String> headers, Body body, boolean repeatable, Duration timeout) {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    /// The body of a call.
    @FunctionalInterface
    public interface Body {
        BodyPublisher publisher() throws java.io.IOException;
    }

    public static Call read(URI uri) {
        return new Call("GET", uri, Map.of(), BodyPublishers::noBody, true, TIMEOUT);
    }

    public static Call delete(URI uri) {
        return new Call("DELETE", uri, Map.of(), BodyPublishers::noBody, true, TIMEOUT);
    }

    /// Sent once unless [#again] says that it may be repeated.
    public static Call json(String method, URI uri, byte[] json) {
        return new Call(
                method,
                uri,
                Map.of("Content-Type", "application/json"),
                () -> BodyPublishers.ofByteArray(json),
                false,
                TIMEOUT);
    }

    public static Call form(URI uri, String form) {
        byte[] bytes = form.getBytes(StandardCharsets.UTF_8);
        return new Call(
                "POST",
                uri,
                Map.of("Content-Type", "application/x-www-form-urlencoded"),
                () -> BodyPublishers.ofByteArray(bytes),
                false,
                TIMEOUT);
    }

    public static Call multipart(URI uri, Multipart parts) {
        return new Call("POST", uri, Map.of("Content-Type", parts.contentType()), parts, false, Duration.ofMinutes(10));
    }

    public Call header(String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Call(method, uri, more, body, repeatable, timeout);
    }

    /// The same call, which does no harm when it is sent twice.
    public Call again() {
        return new Call(method, uri, headers, body, true, timeout);
    }

    public Call within(Duration time) {
        return new Call(method, uri, headers, body, repeatable, time);
    }

    /// Headers may hold credentials, and addresses signed links: neither is told.
    @Override
    public String toString() {
        return method + " " + uri.getPath();
    }
}
