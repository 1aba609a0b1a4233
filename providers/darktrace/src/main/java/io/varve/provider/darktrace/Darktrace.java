package io.varve.provider.darktrace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.varve.provider.Connection;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.Waiting;
import io.varve.provider.http.Answer;
import io.varve.provider.http.Call;
import io.varve.provider.http.Throttle;
import io.varve.provider.http.VendorHttp;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The API of one Darktrace appliance or master: every call signed, its errors in words.
final class Darktrace {
    static final ObjectMapper JSON = new ObjectMapper();

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss").withZone(ZoneOffset.UTC);
    /// What needs no escaping, so that what is signed is what is sent.
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._,-]{1,200}");

    private static final Duration TRY_AGAIN = Duration.ofSeconds(30);

    private final Connection connection;
    private final Clock clock;
    private final VendorHttp http;
    private final Pace pace;
    private final String base;
    private final boolean signsBody;

    Darktrace(Connection connection, Clock clock, Waiting waiting) throws ProviderException {
        this.connection = connection;
        this.clock = clock;
        this.http = new VendorHttp(connection, Throttle.retryAfter(Duration.ofSeconds(3)), clock, waiting);
        this.pace = new Pace(clock, waiting);
        this.base = base(connection);
        this.signsBody = signsBody(connection);
    }

    private static String base(Connection connection) throws ProviderException {
        String text = connection.required("base_url").strip();
        String base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        if (!base.matches("https?://[A-Za-z0-9._:\\[\\]-]{1,255}")
                || URI.create(base).getHost() == null) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "integration %s: base_url must be like https://darktrace.example.com".formatted(connection.name()));
        }
        return base;
    }

    private static boolean signsBody(Connection connection) throws ProviderException {
        return switch (connection.setting("post_signing").orElse("with-body")) {
            case "with-body" -> true;
            case "path" -> false;
            default ->
                throw new ProviderException(
                        Kind.REFUSED,
                        "integration %s: post_signing must be with-body or path".formatted(connection.name()));
        };
    }

    Connection connection() {
        return connection;
    }

    Clock clock() {
        return clock;
    }

    String base() {
        return base;
    }

    /// @param query in the order of its names, as it is signed
    JsonNode read(String path, SortedMap<String, String> query) throws ProviderException, InterruptedException {
        String target = target(path, query);
        return good(signed(Call.read(URI.create(base + target)), target), path);
    }

    private static String target(String path, SortedMap<String, String> query) {
        String text = query.entrySet().stream()
                .map(one -> one.getKey() + "=" + plain(one.getValue()))
                .collect(Collectors.joining("&"));
        return text.isEmpty() ? path : path + "?" + text;
    }

    private static String plain(String value) {
        if (!PLAIN.matcher(value).matches()) {
            throw new IllegalArgumentException("a value that would need escaping");
        }
        return value;
    }

    /// Sends JSON, without spaces.
    JsonNode post(String path, JsonNode body) throws ProviderException, InterruptedException {
        String text = body.toString();
        Call call = Call.json("POST", URI.create(base + path), text.getBytes(StandardCharsets.UTF_8));
        return good(signed(call, signsBody ? path + "?" + text : path), path);
    }

    /// The signature's date is the time of the first sending; repeats come within seconds.
    private Call signed(Call call, String target) throws ProviderException {
        String date = DATE.format(clock.instant());
        String publicToken = connection.required("public_token").strip();
        String privateToken = connection.secret("private_token").strip();
        return call.header("DTAPI-Token", publicToken)
                .header("DTAPI-Date", date)
                .header("DTAPI-Signature", Signature.of(privateToken, publicToken, date, target));
    }

    private JsonNode good(Call call, String path) throws ProviderException, InterruptedException {
        pace.turn();
        Answer answer = http.send(call);
        if (answer.good()) {
            return answer.json();
        }
        throw failed(answer, path);
    }

    private static ProviderException failed(Answer answer, String path) {
        if (answer.status() / 100 == 3) {
            return redirected(answer, path);
        }
        String said = answer.quoted();
        if (said.contains("API SIGNATURE ERROR")) {
            return new ProviderException(
                    Kind.FORBIDDEN,
                    "Darktrace does not accept the signature: check public_token and private_token; for comments try the setting post_signing with the other value (with-body, path)");
        }
        if (said.contains("API DATE ERROR")) {
            return new ProviderException(
                    Kind.FORBIDDEN,
                    "Darktrace does not accept our date: set the clocks of the worker and of Darktrace");
        }
        String text = "%s: Darktrace answers %d: %s".formatted(path, answer.status(), said);
        return switch (answer.status()) {
            case 401, 403 -> new ProviderException(Kind.FORBIDDEN, text);
            case 404 -> new ProviderException(Kind.NOT_FOUND, text);
            default ->
                answer.status() >= 500
                        ? new ProviderException(Kind.FAILED, text, Optional.of(TRY_AGAIN))
                        : new ProviderException(Kind.REFUSED, text);
        };
    }

    private static ProviderException redirected(Answer answer, String path) {
        String location = answer.headers().firstValue("Location").orElse("");
        if (location.endsWith("/403")) {
            return new ProviderException(
                    Kind.FORBIDDEN,
                    "the API token lacks the permission for %s: give it to the token's user in Darktrace (System Config > Settings > API Token, and the user's permissions)"
                            .formatted(path));
        }
        if (location.endsWith("/login")) {
            return new ProviderException(
                    Kind.NOT_FOUND, "this Darktrace has no %s: its version may be too old".formatted(path));
        }
        return new ProviderException(
                Kind.REFUSED, "%s: Darktrace sends us elsewhere (%d)".formatted(path, answer.status()));
    }
}
