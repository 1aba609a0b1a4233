package io.varve.provider.sentinelone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.varve.evidence.Digest;
import io.varve.provider.Connection;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.Waiting;
import io.varve.provider.http.Answer;
import io.varve.provider.http.Call;
import io.varve.provider.http.Multipart;
import io.varve.provider.http.Throttle;
import io.varve.provider.http.VendorHttp;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The SentinelOne Management API v2.1 of one tenant. It has no call that connects, disconnects or mitigates anything.
///
/// Settings: `base_url`, `site_id`, `account_id`; secret `api_token` (of a service user).
final class SentinelOne {
    static final ObjectMapper JSON = new ObjectMapper();

    private static final String API = "/web/api/v2.1";
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Duration TRY_AGAIN = Duration.ofSeconds(60);
    private static final int PAGE = 200;

    private final Connection connection;
    private final URI base;
    private final String token;
    private final VendorHttp http;
    private final Pacing pacing;
    private final Clock clock;
    private final Waiting waiting;

    SentinelOne(Connection connection, Clock clock, Waiting waiting) throws ProviderException {
        this.connection = connection;
        this.base = base(connection);
        this.token = token(connection);
        this.http = new VendorHttp(connection, Throttle.retryAfter(PAUSE), clock, waiting);
        this.pacing = Pacing.of(sha256(base + " " + token));
        this.clock = clock;
        this.waiting = waiting;
    }

    private static URI base(Connection connection) throws ProviderException {
        String text = connection.required("base_url").strip();
        try {
            URI uri = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            boolean local = "127.0.0.1".equals(uri.getHost()) || "localhost".equals(uri.getHost());
            if (uri.getHost() != null && ("https".equals(uri.getScheme()) || local && "http".equals(uri.getScheme()))) {
                return URI.create(uri.getScheme() + "://" + uri.getRawAuthority());
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new ProviderException(
                Kind.REFUSED,
                "integration %s: base_url must be like https://example.sentinelone.net".formatted(connection.name()));
    }

    private static String token(Connection connection) throws ProviderException {
        String token = connection.secret("api_token").strip();
        if (!token.matches("[\\x21-\\x7e]{1,8192}")) {
            throw new ProviderException(
                    Kind.REFUSED, "integration %s: api_token is not an API token".formatted(connection.name()));
        }
        return token;
    }

    Connection connection() {
        return connection;
    }

    Clock clock() {
        return clock;
    }

    Waiting waiting() {
        return waiting;
    }

    /// A secret of our own for this text, the same each time: only who has the API token can make
    /// it.
    String secretFor(String text) {
        return sha256(token + "\n" + sha256(token + "\n" + text));
    }

    /// The site or account the integration is limited to, as a filter.
    Map<String, String> scope() {
        var scope = new LinkedHashMap<String, String>();
        connection.setting("site_id").ifPresent(id -> scope.put("siteIds", id));
        if (scope.isEmpty()) {
            connection.setting("account_id").ifPresent(id -> scope.put("accountIds", id));
        }
        return scope;
    }

    /// `path` begins behind `/web/api/v2.1`.
    JsonNode read(Right right, String path, Map<String, String> query) throws ProviderException, InterruptedException {
        return good(right, Call.read(uri(path, query)), path);
    }

    /// Rows of all pages, at most this many.
    List<JsonNode> rows(Right right, String path, Map<String, String> query, int most)
            throws ProviderException, InterruptedException {
        var rows = new ArrayList<JsonNode>();
        var page = new LinkedHashMap<>(query);
        page.putIfAbsent("limit", Integer.toString(Math.min(most, PAGE)));
        while (rows.size() < most) {
            JsonNode answer = read(right, path, page);
            answer.path("data").forEach(rows::add);
            Optional<String> next = text(answer.path("pagination"), "nextCursor");
            if (next.isEmpty() || answer.path("data").isEmpty()) {
                break;
            }
            page.put("cursor", next.get());
        }
        return rows.size() > most ? rows.subList(0, most) : rows;
    }

    /// Sent once: what it begins may be begun twice otherwise.
    JsonNode post(Right right, String path, Object body) throws ProviderException, InterruptedException {
        return good(right, json("POST", path, body), path);
    }

    /// For questions that are sent by POST and may be asked again.
    JsonNode ask(Right right, String path, Object body) throws ProviderException, InterruptedException {
        return good(right, json("POST", path, body).again(), path);
    }

    JsonNode delete(Right right, String path, Object body) throws ProviderException, InterruptedException {
        return good(right, json("DELETE", path, body).again(), path);
    }

    JsonNode upload(Right right, String path, Multipart body) throws ProviderException, InterruptedException {
        return good(right, Call.multipart(uri(path, Map.of()), body), path);
    }

    /// A file of the console itself.
    void download(Right right, String path, Path target, long most) throws ProviderException, InterruptedException {
        pacing.pass(path, clock, waiting);
        Answer answer =
                http.download(signed(Call.read(uri(path, Map.of())).within(Duration.ofMinutes(10))), target, most);
        if (!answer.good()) {
            throw refused(right, path, answer);
        }
    }

    /// A file behind a signed link, which gets no token of ours.
    void follow(String link, Path target, long most) throws ProviderException, InterruptedException {
        URI uri;
        try {
            uri = URI.create(link);
        } catch (IllegalArgumentException e) {
            throw new ProviderException(Kind.FAILED, "the console gives a link that is none");
        }
        boolean own = base.getScheme().equals(uri.getScheme())
                && base.getRawAuthority().equals(uri.getRawAuthority());
        if (uri.getHost() == null || !own && !"https".equals(uri.getScheme())) {
            throw new ProviderException(Kind.REFUSED, "the console gives a link that is not https: " + uri.getScheme());
        }
        Answer answer = http.download(Call.read(uri).within(Duration.ofMinutes(10)), target, most);
        if (!answer.good()) {
            throw new ProviderException(
                    Kind.FAILED,
                    "%s answers %d to a download link of the console".formatted(uri.getHost(), answer.status()),
                    Optional.of(TRY_AGAIN));
        }
    }

    private Call json(String method, String path, Object body) throws ProviderException {
        try {
            byte[] bytes = JSON.writeValueAsBytes(body);
            return new Call(
                    method,
                    uri(path, Map.of()),
                    Map.of("Content-Type", "application/json"),
                    () -> BodyPublishers.ofByteArray(bytes),
                    false,
                    Duration.ofSeconds(60));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private JsonNode good(Right right, Call call, String path) throws ProviderException, InterruptedException {
        pacing.pass(path, clock, waiting);
        Answer answer = http.send(signed(call));
        if (!answer.good()) {
            throw refused(right, path, answer);
        }
        return answer.json();
    }

    private Call signed(Call call) {
        return call.header("Authorization", "ApiToken " + token).header("Accept", "application/json");
    }

    private URI uri(String path, Map<String, String> query) {
        String text = query.entrySet().stream()
                .map(one -> encoded(one.getKey()) + "=" + encoded(one.getValue()))
                .collect(Collectors.joining("&"));
        return URI.create(base + API + path + (text.isEmpty() ? "" : "?" + text));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private ProviderException refused(Right right, String path, Answer answer) {
        String said = said(answer);
        return switch (answer.status()) {
            case 401 ->
                new ProviderException(
                        Kind.REFUSED,
                        "SentinelOne does not accept the API token of integration %s (%s): it has expired or was revoked; make a new one for the service user in Settings > Users > Service Users"
                                .formatted(connection.name(), said));
            case 403 ->
                new ProviderException(
                        Kind.FORBIDDEN,
                        "SentinelOne refuses %s (%s): the permission \"%s\" is missing, needed to %s; %s"
                                .formatted(path, said, right.permission(), right.needed(), right.mend()));
            case 404 -> new ProviderException(Kind.NOT_FOUND, "SentinelOne has no %s (%s)".formatted(path, said));
            case 400, 405, 413, 415, 422 ->
                new ProviderException(Kind.REFUSED, "SentinelOne refuses %s: %s".formatted(path, said));
            default ->
                new ProviderException(
                        Kind.FAILED,
                        "SentinelOne answers %d to %s: %s".formatted(answer.status(), path, said),
                        Optional.of(TRY_AGAIN));
        };
    }

    /// The errors of the envelope in one line: code, title, detail.
    private static String said(Answer answer) {
        try {
            var lines = new ArrayList<String>();
            for (JsonNode error : answer.json().path("errors")) {
                lines.add("%s %s %s"
                        .formatted(
                                error.path("code").asText(""),
                                error.path("title").asText(""),
                                error.path("detail").asText(""))
                        .strip());
            }
            String said = printable(String.join("; ", lines), 400);
            return said.isEmpty() ? "status " + answer.status() : said;
        } catch (ProviderException e) {
            return answer.quoted();
        }
    }

    /// One line of printable characters, cut at a length: nothing the vendor or a host says goes
    /// into messages otherwise.
    static String printable(String text, int longest) {
        String line = text.replaceAll("[\\p{Cntrl}\\p{Cf}]+", " ").strip();
        return line.length() <= longest ? line : line.substring(0, longest) + "…";
    }

    static Optional<String> text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isValueNode() && !value.isNull() && !value.asText().isBlank()
                ? Optional.of(printable(value.asText(), 1000))
                : Optional.empty();
    }

    static Optional<Instant> time(JsonNode node, String field) {
        return text(node, field).flatMap(SentinelOne::time);
    }

    static Optional<Instant> time(String text) {
        try {
            return Optional.of(Instant.parse(text.endsWith("Z") || text.contains("+") ? text : text + "Z"));
        } catch (java.time.format.DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /// An id as the console makes them.
    static boolean id(String text) {
        return text.matches("\\d{10,25}");
    }

    private static String sha256(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
