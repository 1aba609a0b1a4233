package io.varve.provider.crowdstrike;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.provider.Connection;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.Waiting;
import io.varve.provider.http.Answer;
import io.varve.provider.http.Call;
import io.varve.provider.http.VendorHttp;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// The Falcon REST interface of one tenant: signed in, paced, its errors in words. It has no method that contains or
/// releases a host.
final class CrowdStrike {
    static final ObjectMapper JSON = new ObjectMapper();

    private static final Duration TRY_AGAIN = Duration.ofSeconds(30);
    private static final Duration WITHOUT_TIME = Duration.ofSeconds(5);

    private final Connection connection;
    private final Clock clock;
    private final Waiting waiting;
    private final VendorHttp http;
    private final Pace pace;
    private final SignIn signIn;

    CrowdStrike(Connection connection, Clock clock, Waiting waiting) throws ProviderException {
        this.connection = connection;
        this.clock = clock;
        this.waiting = waiting;
        this.http = new VendorHttp(connection, CrowdStrike::wait, clock, waiting);
        this.pace = new Pace(clock, waiting);
        this.signIn = new SignIn(connection, http, clock);
    }

    /// `X-RateLimit-RetryAfter` is a time since 1970 in seconds.
    private static Optional<Duration> wait(Answer answer, Instant now) {
        if (answer.status() != 429) {
            return Optional.empty();
        }
        Duration wait = answer.headers()
                .firstValue("X-RateLimit-RetryAfter")
                .filter(text -> text.strip().matches("\\d{1,11}"))
                .map(text -> Duration.between(now, Instant.ofEpochSecond(Long.parseLong(text.strip()))))
                .orElse(WITHOUT_TIME);
        return Optional.of(wait.isPositive() ? wait : Duration.ofSeconds(1));
    }

    Connection connection() {
        return connection;
    }

    Clock clock() {
        return clock;
    }

    void pass(Duration time) throws InterruptedException {
        waiting.pass(time);
    }

    /// The address of a call; query as name, value, name, value.
    URI uri(String path, String... query) throws ProviderException, InterruptedException {
        var text = new StringBuilder(signIn.base()).append(path);
        for (int i = 0; i + 1 < query.length; i += 2) {
            text.append(i == 0 ? '?' : '&').append(query[i]).append('=').append(encoded(query[i + 1]));
        }
        return URI.create(text.toString());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /// The envelope of a GET.
    JsonNode read(Scope scope, String path, String... query) throws ProviderException, InterruptedException {
        return good(scope, Call.read(uri(path, query)));
    }

    /// The envelope of a POST that does no harm when it is sent twice.
    JsonNode post(Scope scope, String path, ObjectNode body) throws ProviderException, InterruptedException {
        return good(scope, json("POST", uri(path), body).again());
    }

    static Call json(String method, URI uri, JsonNode body) {
        return Call.json(method, uri, body.toString().getBytes(StandardCharsets.UTF_8));
    }

    /// The envelope of a good answer.
    JsonNode good(Scope scope, Call call) throws ProviderException, InterruptedException {
        Answer answer = answer(scope, call);
        if (!answer.good()) {
            throw failed(answer, call.method() + " " + call.uri().getPath());
        }
        JsonNode envelope = answer.json();
        JsonNode errors = envelope.path("errors");
        boolean nothing = envelope.path("resources").isEmpty()
                && envelope.path("combined").isEmpty();
        if (!errors.isEmpty() && nothing) {
            int code = errors.path(0).path("code").asInt(answer.status());
            throw failed(code, answer, call.method() + " " + call.uri().getPath());
        }
        return envelope;
    }

    /// The answer whatever its status, except that we are not let in.
    ///
    /// @throws ProviderException FORBIDDEN when the scope is missing
    Answer answer(Scope scope, Call call) throws ProviderException, InterruptedException {
        return admitted(scope, token -> http.send(signed(call, token)));
    }

    Answer download(Scope scope, Call call, Path target, long most) throws ProviderException, InterruptedException {
        return admitted(scope, token -> http.download(signed(call, token), target, most));
    }

    @FunctionalInterface
    private interface Sending {
        Answer with(String token) throws ProviderException, InterruptedException;
    }

    private Answer admitted(Scope scope, Sending sending) throws ProviderException, InterruptedException {
        String token = signIn.token();
        Answer answer = paced(sending, token);
        if (answer.status() == 401) {
            signIn.refused(token);
            answer = paced(sending, signIn.token());
        }
        if (answer.status() == 401 || answer.status() == 403) {
            throw new ProviderException(
                    Kind.FORBIDDEN,
                    "CrowdStrike refuses this (%s). The API client probably lacks the scope %s, needed to %s. %s If it is ticked, the worker's address may be missing in the tenant's allow list of API addresses."
                            .formatted(said(answer), scope.text(), scope.needed(), scope.mend()));
        }
        return answer;
    }

    private Answer paced(Sending sending, String token) throws ProviderException, InterruptedException {
        pace.turn();
        Answer answer = sending.with(token);
        pace.told(answer);
        return answer;
    }

    private static Call signed(Call call, String token) {
        return call.header("Authorization", "Bearer " + token);
    }

    /// An answer that is no success, as an exception.
    static ProviderException failed(Answer answer, String what) {
        return failed(answer.status(), answer, what);
    }

    /// @param code a status, or one with two more digits, e.g. 40401
    private static ProviderException failed(int code, Answer answer, String what) {
        int status = code >= 10_000 ? code / 100 : code;
        String text = "%s: CrowdStrike answers %s".formatted(what, said(answer));
        if (status == 404) {
            return new ProviderException(Kind.NOT_FOUND, text);
        }
        if (answer.status() >= 500 || status >= 500) {
            return new ProviderException(Kind.FAILED, text, Optional.of(TRY_AGAIN));
        }
        return new ProviderException(Kind.REFUSED, text);
    }

    /// Status and the first error's words, one line, bounded.
    static String said(Answer answer) {
        JsonNode error;
        try {
            error = answer.json().path("errors").path(0);
        } catch (ProviderException e) {
            return answer.status() + ": " + answer.quoted();
        }
        String message = error.path("message").asText("");
        return message.isEmpty()
                ? Integer.toString(answer.status())
                : "%d: %s %s".formatted(answer.status(), error.path("code").asText(""), plain(message, 300));
    }

    /// Text from outside as one printable line.
    static String plain(String text, int most) {
        String line = text.replaceAll("[\\p{Cntrl}]+", " ").strip();
        return line.length() <= most ? line : line.substring(0, most) + "…";
    }
}
