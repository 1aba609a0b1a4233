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
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Google's REST interfaces without a client library: signed in all the same.
final class Rest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int TIMEOUT_MILLIS = 60_000;
    private static final int LARGEST_ANSWER = 32 << 20;

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

    private GenericUrl url(String service, String path) {
        return new GenericUrl(endpoint.map(URI::toString).orElse(service) + path, true);
    }

    private static JsonNode send(HttpRequest request) throws IOException {
        request.setConnectTimeout(TIMEOUT_MILLIS).setReadTimeout(TIMEOUT_MILLIS).setFollowRedirects(false);
        HttpResponse response = request.execute();
        try (InputStream body = response.getContent()) {
            return JSON.readTree(body.readNBytes(LARGEST_ANSWER));
        } finally {
            response.disconnect();
        }
    }
}
