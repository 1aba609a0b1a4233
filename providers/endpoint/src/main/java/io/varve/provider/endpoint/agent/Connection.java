package io.varve.provider.endpoint.agent;

import io.varve.evidence.Digest;
import io.varve.provider.endpoint.protocol.HostFacts;
import io.varve.provider.endpoint.protocol.Json;
import io.varve.provider.endpoint.protocol.Keys;
import io.varve.provider.endpoint.protocol.Message;
import io.varve.provider.endpoint.protocol.RequestSignature;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.PrivateKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/// Requests to the server: pinned, signed, tried again with growing pauses while the network or the server is down.
final class Connection implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(150);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);
    private static final int LARGEST_ANSWER = 16 << 20;

    private final Identity identity;
    private final PrivateKey key;
    private final Clock clock;
    private final Pause pause;
    private final HttpClient http;
    private volatile Duration serverAhead = Duration.ZERO;

    Connection(Identity identity, Clock clock, Pause pause) throws IOException {
        this.identity = identity;
        this.key = Keys.privateKey(identity.privateKey());
        this.clock = clock;
        this.pause = pause;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(PinnedCertificate.tls(identity.fingerprint()))
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    String server() {
        return identity.server();
    }

    /// How far the server's clock is ahead of ours, as last seen.
    Duration serverAhead() {
        return serverAhead;
    }

    Message.Enrolled enrol(String secret, HostFacts host) throws RefusedException, InterruptedException {
        byte[] body = Json.write(new Message.Enrol(secret, identity.publicKey(), host));
        return patiently(() -> {
            HttpRequest request = HttpRequest.newBuilder(uri("/agent/v1/enrol"))
                    .timeout(ANSWER)
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build();
            return read(exchange(request), Message.Enrolled.class);
        });
    }

    /// Waits up to `seconds` for an order.
    Optional<Message.SignedOrder> order(HostFacts host, int seconds) throws RefusedException, InterruptedException {
        byte[] body = Json.write(new Message.Poll(host, seconds));
        return patiently(() -> {
            Answer answer = signed("POST", "/agent/v1/orders", body);
            return answer.status() == 204 ? Optional.empty() : Optional.of(read(answer, Message.SignedOrder.class));
        });
    }

    Message.Heard post(String capture, String what, Object message) throws RefusedException, InterruptedException {
        byte[] body = Json.write(message);
        String path = path(capture, what);
        return patiently(() -> read(signed("POST", path, body), Message.Heard.class));
    }

    Message.Parts parts(String capture) throws RefusedException, InterruptedException {
        String path = path(capture, "parts");
        return patiently(() -> read(signed("GET", path, new byte[0]), Message.Parts.class));
    }

    /// Sends a part once: after a cut connection the server is asked what it has before the part is sent again.
    Message.Parts part(String capture, Message.Part part, byte[] content)
            throws RefusedException, InterruptedException {
        String path = path(capture, "parts/%d?offset=%d".formatted(part.number(), part.offset()));
        var first = new boolean[] {true};
        return patiently(() -> {
            if (!first[0]) {
                Message.Parts there = read(signed("GET", path(capture, "parts"), new byte[0]), Message.Parts.class);
                if (there.parts().contains(part)) {
                    return there;
                }
            }
            first[0] = false;
            return read(signed("PUT", path, content), Message.Parts.class);
        });
    }

    private static String path(String capture, String what) {
        return "/agent/v1/captures/" + capture + "/" + what;
    }

    private URI uri(String path) {
        return URI.create(identity.server() + path);
    }

    /// One try.
    @FunctionalInterface
    private interface Try<T> {
        T once() throws IOException, RefusedException, InterruptedException;
    }

    private record Answer(int status, byte[] body) {}

    private <T> T patiently(Try<T> what) throws RefusedException, InterruptedException {
        Duration wait = SHORTEST_PAUSE;
        while (true) {
            try {
                return what.once();
            } catch (javax.net.ssl.SSLHandshakeException e) {
                throw new RefusedException(0, "wrong_certificate", String.valueOf(e.getMessage()));
            } catch (RefusedException e) {
                if (e.status() < 500 && !e.code().equals("stale")) {
                    throw e;
                }
            } catch (IOException e) {
                AgentMain.log("connection: " + e);
            }
            pause.pass(wait.plusMillis(ThreadLocalRandom.current().nextLong(1 + wait.toMillis() / 4)));
            wait = wait.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wait.multipliedBy(2);
        }
    }

    private Answer signed(String method, String target, byte[] body)
            throws IOException, RefusedException, InterruptedException {
        Digest digest = Digest.of(body);
        RequestSignature signature = RequestSignature.sign(
                key,
                identity.agent().orElseThrow(),
                method,
                target,
                clock.instant().plus(serverAhead),
                digest);
        return exchange(HttpRequest.newBuilder(uri(target))
                .timeout(ANSWER)
                .header(RequestSignature.AGENT, signature.agent())
                .header(RequestSignature.TIME, Long.toString(signature.at()))
                .header(RequestSignature.NONCE, signature.nonce())
                .header(RequestSignature.BODY, digest.hex())
                .header(RequestSignature.SIGNATURE, signature.signatureText())
                .method(
                        method,
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    }

    private Answer exchange(HttpRequest request) throws IOException, RefusedException, InterruptedException {
        HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        byte[] body;
        try (InputStream in = response.body()) {
            body = in.readNBytes(LARGEST_ANSWER);
        }
        if (response.statusCode() < 400) {
            return new Answer(response.statusCode(), body);
        }
        Message.Problem problem = Json.read(body, Message.Problem.class);
        if (problem.code().equals("stale")) {
            serverAhead = Duration.between(clock.instant(), problem.now());
        }
        throw new RefusedException(response.statusCode(), problem.code(), problem.detail());
    }

    private static <T> T read(Answer answer, Class<T> shape) throws IOException {
        return Json.read(answer.body(), shape);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
