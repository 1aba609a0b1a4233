package io.varve.provider.crowdstrike;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.provider.Connection;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.http.Answer;
import io.varve.provider.http.Call;
import io.varve.provider.http.VendorHttp;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// The API client's token: fetched when needed, again shortly before it ends and when it is refused. It also learns in
/// which cloud the tenant lives.
final class SignIn {
    private static final Duration BEFORE_END = Duration.ofMinutes(2);
    private static final Duration LONGEST = Duration.ofHours(1);

    private final Connection connection;
    private final VendorHttp http;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private String base;
    private Optional<Token> current = Optional.empty();

    private record Token(String text, Instant renewAt) {}

    SignIn(Connection connection, VendorHttp http, Clock clock) throws ProviderException {
        this.connection = connection;
        this.http = http;
        this.clock = clock;
        this.base = Region.base(connection);
    }

    /// Address of the tenant's cloud, without a slash at the end.
    String base() throws ProviderException, InterruptedException {
        token();
        lock.lock();
        try {
            return base;
        } finally {
            lock.unlock();
        }
    }

    String token() throws ProviderException, InterruptedException {
        lock.lockInterruptibly();
        try {
            if (current.isEmpty() || !clock.instant().isBefore(current.get().renewAt)) {
                current = Optional.of(fetched());
            }
            return current.get().text;
        } finally {
            lock.unlock();
        }
    }

    /// This token was refused: the next one is fetched anew.
    void refused(String token) {
        lock.lock();
        try {
            current = current.filter(one -> !one.text.equals(token));
        } finally {
            lock.unlock();
        }
    }

    private Token fetched() throws ProviderException, InterruptedException {
        Answer answer = ask();
        if (answer.status() / 100 == 3 && moved(answer)) {
            answer = ask();
        }
        if (!answer.good()) {
            throw refusal(answer);
        }
        moved(answer);
        JsonNode json = answer.json();
        String text = json.path("access_token").asText("");
        if (!text.matches("[\\x21-\\x7e]{1,8192}")) {
            throw new ProviderException(Kind.FAILED, "CrowdStrike's answer to signing in holds no token");
        }
        Duration life = Duration.ofSeconds(Math.clamp(json.path("expires_in").asLong(1799), 10, LONGEST.toSeconds()));
        Duration early = life.compareTo(BEFORE_END.multipliedBy(2)) > 0 ? BEFORE_END : life.dividedBy(2);
        return new Token(text, clock.instant().plus(life).minus(early));
    }

    private Answer ask() throws ProviderException, InterruptedException {
        var form = new StringBuilder("client_id=")
                .append(encoded(connection.required("client_id")))
                .append("&client_secret=")
                .append(encoded(connection.secret("client_secret")));
        connection
                .setting("member_cid")
                .ifPresent(cid -> form.append("&member_cid=").append(encoded(cid)));
        return http.send(
                Call.form(URI.create(base + "/oauth2/token"), form.toString()).again());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text.strip(), StandardCharsets.UTF_8);
    }

    /// Goes to the cloud the answer names; only from one of CrowdStrike's clouds to another.
    private boolean moved(Answer answer) {
        Optional<String> other = answer.headers()
                .firstValue("X-CS-Region")
                .flatMap(Region::url)
                .filter(url -> Region.known(base) && !url.equals(base));
        other.ifPresent(url -> base = url);
        return other.isPresent();
    }

    private ProviderException refusal(Answer answer) {
        String said = CrowdStrike.said(answer);
        if (answer.status() >= 500) {
            return new ProviderException(
                    Kind.FAILED,
                    "CrowdStrike cannot sign us in now (%s)".formatted(said),
                    Optional.of(Duration.ofSeconds(30)));
        }
        return new ProviderException(
                Kind.FORBIDDEN,
                "CrowdStrike does not let the API client of integration %s in (%s). Check client_id, client_secret and region; the worker's address may also be missing in the tenant's allow list of API addresses."
                        .formatted(connection.name(), said));
    }
}
