package io.varve.provider.gcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.api.client.http.ByteArrayContent;
import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpRequestFactory;
import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.auth.http.HttpCredentialsAdapter;
import com.google.auth.oauth2.GoogleCredentials;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Google's REST interfaces without a client library: signed in all the same.
final class Rest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int TIMEOUT_MILLIS = 60_000;
    private static final int LARGEST_ANSWER = 32 << 20;
    private static final long LARGEST_FILE = 1L << 30;
    private static final int CHUNK = 1 << 16;

    private final HttpRequestFactory requests;
    private final Optional<URI> endpoint;

    Rest(GoogleCredentials credentials, Optional<URI> endpoint) {
        this.requests = new NetHttpTransport().createRequestFactory(new HttpCredentialsAdapter(credentials));
        this.endpoint = endpoint;
    }

    /// @param service its address, unless the integration names another
    JsonNode get(String service, String path, Map<String, String> query) throws IOException {
        String text = query.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(requests.buildGetRequest(url(service, text.isEmpty() ? path : path + "?" + text)));
    }

    JsonNode post(String service, String path, JsonNode body) throws IOException {
        return send(requests.buildPostRequest(
                url(service, path), new ByteArrayContent("application/json", JSON.writeValueAsBytes(body))));
    }

    /// Puts the answer into a file.
    ///
    /// @throws UncheckedIOException the file cannot be written
    void fetch(String service, String path, JsonNode body, Path file) throws IOException {
        HttpResponse response = prepared(requests.buildPostRequest(
                        url(service, path), new ByteArrayContent("application/json", JSON.writeValueAsBytes(body))))
                .execute();
        try (InputStream answer = Optional.ofNullable(response.getContent())
                        .orElseThrow(() -> new IOException("an answer without content"));
                OutputStream out = written(() -> Files.newOutputStream(file))) {
            byte[] chunk = new byte[CHUNK];
            long bytes = 0;
            for (int count = answer.read(chunk); count >= 0; count = answer.read(chunk)) {
                bytes += count;
                if (bytes > LARGEST_FILE) {
                    throw new IOException("an answer of more than %d bytes".formatted(LARGEST_FILE));
                }
                int read = count;
                written(() -> {
                    out.write(chunk, 0, read);
                    return out;
                });
            }
        } finally {
            response.disconnect();
        }
    }

    @FunctionalInterface
    private interface Writing {
        OutputStream write() throws IOException;
    }

    private static OutputStream written(Writing writing) {
        try {
            return writing.write();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private GenericUrl url(String service, String path) {
        return new GenericUrl(endpoint.map(URI::toString).orElse(service) + path, true);
    }

    private static HttpRequest prepared(HttpRequest request) {
        return request.setConnectTimeout(TIMEOUT_MILLIS)
                .setReadTimeout(TIMEOUT_MILLIS)
                .setFollowRedirects(false);
    }

    private static JsonNode send(HttpRequest request) throws IOException {
        HttpResponse response = prepared(request).execute();
        try (InputStream body = Optional.ofNullable(response.getContent())
                .orElseThrow(() -> new IOException("an answer without content"))) {
            byte[] content = body.readNBytes(LARGEST_ANSWER + 1);
            if (content.length > LARGEST_ANSWER) {
                throw new IOException("an answer of more than %d bytes".formatted(LARGEST_ANSWER));
            }
            return JSON.readTree(content);
        } finally {
            response.disconnect();
        }
    }
}
