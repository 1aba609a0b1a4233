package io.varve.emulator.kit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a handler answers.
public record Response(int status, Map<String, String> headers, Body body) {
    /// Bytes of known length, opened when they are sent.
    public interface Body {
        long length() throws IOException;

        InputStream open() throws IOException;
    }

    public static Response empty(int status) {
        return bytes(status, "", new byte[0]);
    }

    public static Response json(int status, JsonNode node) {
        return bytes(status, "application/json", node.toString().getBytes(StandardCharsets.UTF_8));
    }

    public static Response text(int status, String text) {
        return bytes(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    public static Response redirect(String location) {
        return empty(302).with("Location", location);
    }

    public static Response bytes(int status, String type, byte[] bytes) {
        return new Response(status, type.isEmpty() ? Map.of() : Map.of("Content-Type", type), new Body() {
            @Override
            public long length() {
                return bytes.length;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(bytes);
            }
        });
    }

    public static Response file(int status, String type, Path file) {
        return new Response(status, Map.of("Content-Type", type), new Body() {
            @Override
            public long length() throws IOException {
                return Files.size(file);
            }

            @Override
            public InputStream open() throws IOException {
                return Files.newInputStream(file);
            }
        });
    }

    public Response with(String header, String value) {
        var all = new LinkedHashMap<>(headers);
        all.put(header, value);
        return new Response(status, all, body);
    }
}
