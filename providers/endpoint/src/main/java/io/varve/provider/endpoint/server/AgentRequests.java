package io.varve.provider.endpoint.server;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import io.varve.evidence.Digest;
import io.varve.evidence.DigestMismatchException;
import io.varve.evidence.ObjectStore;
import io.varve.evidence.StoreException;
import io.varve.provider.collector.profile.Profile;
import io.varve.provider.endpoint.protocol.Json;
import io.varve.provider.endpoint.protocol.Keys;
import io.varve.provider.endpoint.protocol.Message;
import io.varve.provider.endpoint.protocol.Order;
import io.varve.provider.endpoint.protocol.RequestSignature;
import io.varve.provider.endpoint.server.EndpointBackend.PendingOrder;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What is answered to each request of an agent. All but enrolment must be signed by the agent's key.
final class AgentRequests {
    /// Largest part of an upload.
    static final long LARGEST_PART = 32L << 20;

    private static final int LARGEST_MESSAGE = 1 << 20;
    private static final int MOST_PARTS = 100_000;
    private static final long OVERHEAD = 1L << 30;
    private static final int LONGEST_TEXT = 2000;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(25);
    private static final Duration ORDER_LIFE = Duration.ofMinutes(15);
    private static final String ROOT = "/agent/v1/";
    private static final Pattern CAPTURE = Pattern.compile(
            Pattern.quote(ROOT)
                    + "captures/(?<capture>[A-Za-z0-9-]{1,64})/(?<what>accepted|parts|progress|complete|failed)(/(?<part>[0-9]{1,6}))?");
    private static final Pattern OFFSET = Pattern.compile("offset=([0-9]{1,15})");
    private static final int LOCKS = 64;

    private final EndpointBackend backend;
    private final ServerIdentity identity;
    private final WaitingAgents waiting;
    private final Clock clock;
    private final ReplayWindow replays = new ReplayWindow();
    private final List<ReentrantLock> locks =
            Stream.generate(ReentrantLock::new).limit(LOCKS).toList();

    AgentRequests(EndpointBackend backend, ServerIdentity identity, WaitingAgents waiting, Clock clock) {
        this.backend = backend;
        this.identity = identity;
        this.waiting = waiting;
        this.clock = clock;
    }

    /// @param body not sent with status 204
    record Answer(int status, Message body) {
        static Answer ok(Message body) {
            return new Answer(200, body);
        }
    }

    Answer answer(HttpExchange exchange) throws RefusedException, IOException, InterruptedException {
        String path = exchange.getRequestURI().getRawPath();
        String method = exchange.getRequestMethod();
        if (method.equals("POST") && path.equals(ROOT + "enrol")) {
            return enrol(exchange);
        }
        RequestSignature signed = authenticate(exchange);
        if (method.equals("POST") && path.equals(ROOT + "orders")) {
            return order(exchange, signed);
        }
        Matcher capture = CAPTURE.matcher(path);
        if (!capture.matches()) {
            throw new RefusedException(404, "not_found", "no such request");
        }
        return capture(exchange, signed, method, capture);
    }

    private Answer enrol(HttpExchange exchange) throws RefusedException, IOException {
        byte[] body = body(exchange);
        Message.Enrol enrol = message(body, Message.Enrol.class);
        if (enrol.secret().length() > LONGEST_TEXT || enrol.publicKey().length > LONGEST_TEXT) {
            throw new RefusedException(400, "bad_request", "secret or key is too long");
        }
        try {
            Keys.publicKey(enrol.publicKey());
        } catch (IOException e) {
            throw new RefusedException(400, "bad_request", "not an Ed25519 public key");
        }
        Digest token = Digest.of(enrol.secret().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        String agent = backend.enrol(token, enrol.publicKey(), enrol.host(), address(exchange))
                .orElseThrow(() -> new RefusedException(403, "bad_token", "the token is unknown, used or expired"));
        return Answer.ok(new Message.Enrolled(agent, identity.orderPublicKey(), clock.instant()));
    }

    private RequestSignature authenticate(HttpExchange exchange) throws RefusedException, IOException {
        RequestSignature signed = signature(exchange.getRequestHeaders());
        EndpointBackend.Agent agent = backend.agent(signed.agent())
                .orElseThrow(() -> new RefusedException(401, "unknown_agent", "the agent is not enrolled"));
        String target = exchange.getRequestURI().toString();
        if (!signed.verify(Keys.publicKey(agent.publicKey()), exchange.getRequestMethod(), target)) {
            throw new RefusedException(401, "bad_signature", "the request is not signed by this agent");
        }
        replays.admit(signed.agent(), signed.nonce(), Instant.ofEpochMilli(signed.at()), clock.instant());
        return signed;
    }

    private static RequestSignature signature(Headers headers) throws RefusedException {
        try {
            return new RequestSignature(
                    header(headers, RequestSignature.AGENT),
                    Long.parseLong(header(headers, RequestSignature.TIME)),
                    header(headers, RequestSignature.NONCE),
                    new Digest(header(headers, RequestSignature.BODY)),
                    Base64.getDecoder().decode(header(headers, RequestSignature.SIGNATURE)));
        } catch (IllegalArgumentException e) {
            throw new RefusedException(401, "bad_signature", "the request is not signed");
        }
    }

    private static String header(Headers headers, String name) {
        String value = headers.getFirst(name);
        return value == null || value.length() > LONGEST_TEXT ? "" : value;
    }

    private Answer order(HttpExchange exchange, RequestSignature signed)
            throws RefusedException, IOException, InterruptedException {
        Message.Poll poll = message(signedBody(exchange, signed), Message.Poll.class);
        String agent = signed.agent();
        backend.seen(agent, poll.host(), address(exchange));
        Duration wait = Duration.ofSeconds(Math.clamp(poll.seconds(), 0, LONGEST_WAIT.toSeconds()));
        Optional<PendingOrder> found = waiting.await(agent, wait, () -> backend.nextOrder(agent));
        if (found.isEmpty()) {
            return new Answer(204, new Message.Heard(false));
        }
        PendingOrder pending = found.get();
        Optional<Profile> profile = backend.profile(pending.profile());
        if (profile.isEmpty()) {
            backend.failed(pending.capture(), "there is no profile " + pending.profile());
            return new Answer(204, new Message.Heard(false));
        }
        Instant now = clock.instant();
        byte[] order = Json.write(new Order(
                Order.SCHEMA,
                agent,
                pending.capture(),
                profile.get().on("linux"),
                pending.upload(),
                now,
                now.plus(ORDER_LIFE)));
        return Answer.ok(new Message.SignedOrder(order, identity.signOrder(order)));
    }

    private Answer capture(HttpExchange exchange, RequestSignature signed, String method, Matcher path)
            throws RefusedException, IOException {
        String capture = path.group("capture");
        ReentrantLock lock = locks.get(Math.floorMod(capture.hashCode(), LOCKS));
        lock.lock();
        try {
            // Read under the lock: a part that waited here while the capture was completed must not be taken any more.
            PendingOrder order = backend.order(signed.agent(), capture)
                    .orElseThrow(() -> new RefusedException(404, "no_order", "no such capture of this agent"));
            return switch (method + " " + path.group("what")) {
                case "POST accepted" -> accepted(exchange, signed, order);
                case "GET parts" -> Answer.ok(new Message.Parts(parts(order), order.cancelled()));
                case "PUT parts" -> part(exchange, signed, order, path.group("part"));
                case "POST progress" -> progress(exchange, signed, order);
                case "POST complete" -> complete(exchange, signed, order);
                case "POST failed" -> failed(exchange, signed, order);
                default -> throw new RefusedException(404, "not_found", "no such request");
            };
        } finally {
            lock.unlock();
        }
    }

    private Answer accepted(HttpExchange exchange, RequestSignature signed, PendingOrder order)
            throws RefusedException, IOException {
        signedBody(exchange, signed);
        if (!order.ended()) {
            backend.pickedUp(order.capture());
        }
        return Answer.ok(new Message.Heard(order.cancelled() || order.ended()));
    }

    private List<Message.Part> parts(PendingOrder order) throws IOException {
        return backend.objects().upload(order.upload()).parts().stream()
                .map(part -> new Message.Part(part.number(), part.offset(), part.size(), part.sha256()))
                .toList();
    }

    private Answer part(HttpExchange exchange, RequestSignature signed, PendingOrder order, String number)
            throws RefusedException, IOException {
        Matcher offset = OFFSET.matcher(
                Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse(""));
        long length = length(exchange);
        if (number == null || !offset.matches()) {
            throw new RefusedException(400, "bad_request", "part number and offset are needed");
        }
        if (order.ended()) {
            throw new RefusedException(409, "conflict", "the capture has ended");
        }
        if (length < 1 || length > LARGEST_PART) {
            throw new RefusedException(413, "too_large", "a part has 1 to " + LARGEST_PART + " bytes");
        }
        int part = Integer.parseInt(number);
        ObjectStore.Upload upload = backend.objects().upload(order.upload());
        List<ObjectStore.Part> stored = upload.parts();
        if (part < 1 || part > Math.min(stored.size() + 1, MOST_PARTS)) {
            throw new RefusedException(409, "conflict", "expected part " + (stored.size() + 1));
        }
        long start = stored.stream()
                .limit(part - 1L)
                .mapToLong(ObjectStore.Part::size)
                .sum();
        if (Long.parseLong(offset.group(1)) != start) {
            throw new RefusedException(409, "conflict", "part " + part + " starts at " + start);
        }
        if (start + length > largest(order)) {
            throw new RefusedException(413, "too_large", "the capture is larger than its profile allows");
        }
        try {
            upload.part(part, start, signed.body(), exchange.getRequestBody(), length);
        } catch (DigestMismatchException e) {
            throw new RefusedException(400, "bad_signature", "the part is not the one that was signed");
        } catch (StoreException e) {
            // The agent sends the part again; people must see why the capture does not get on.
            backend.progress(order.capture(), start, "waiting: " + e.getMessage());
            throw e;
        }
        return Answer.ok(
                new Message.Parts(List.of(new Message.Part(part, start, length, signed.body())), order.cancelled()));
    }

    /// What an honest agent stays below: the contents its profile allows, and as much again for headers, live state,
    /// listing and what does not compress.
    private long largest(PendingOrder order) throws RefusedException {
        Profile profile = backend.profile(order.profile())
                .orElseThrow(() -> new RefusedException(409, "conflict", "the profile is gone"));
        return 2 * profile.caps().totalBytes() + OVERHEAD;
    }

    private Answer progress(HttpExchange exchange, RequestSignature signed, PendingOrder order)
            throws RefusedException, IOException {
        Message.Progress progress = message(signedBody(exchange, signed), Message.Progress.class);
        if (!order.ended()) {
            backend.progress(order.capture(), Math.max(0, progress.bytes()), plain(progress.text()));
        }
        return Answer.ok(new Message.Heard(order.cancelled() || order.ended()));
    }

    private Answer complete(HttpExchange exchange, RequestSignature signed, PendingOrder order)
            throws RefusedException, IOException {
        Message.Complete complete = message(signedBody(exchange, signed), Message.Complete.class);
        if (order.ended()) {
            return Answer.ok(new Message.Heard(order.cancelled()));
        }
        List<Message.Part> stored = parts(order);
        long size = stored.stream().mapToLong(Message.Part::size).sum();
        boolean same = size == complete.size()
                && stored.stream().map(Message.Part::sha256).toList().equals(complete.parts());
        if (!same) {
            throw new RefusedException(409, "conflict", "the parts here are not the parts that were sent");
        }
        backend.uploaded(order.capture(), size, complete.parts());
        return Answer.ok(new Message.Heard(false));
    }

    private Answer failed(HttpExchange exchange, RequestSignature signed, PendingOrder order)
            throws RefusedException, IOException {
        Message.Failed failed = message(signedBody(exchange, signed), Message.Failed.class);
        if (!order.ended()) {
            backend.objects().upload(order.upload()).abort();
            backend.failed(order.capture(), plain(failed.reason()));
        }
        return Answer.ok(new Message.Heard(order.cancelled()));
    }

    private static String plain(String text) {
        String cut = text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) : text;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }

    private static byte[] signedBody(HttpExchange exchange, RequestSignature signed)
            throws RefusedException, IOException {
        byte[] body = body(exchange);
        if (!Digest.of(body).equals(signed.body())) {
            throw new RefusedException(401, "bad_signature", "the body is not the one that was signed");
        }
        return body;
    }

    private static byte[] body(HttpExchange exchange) throws RefusedException, IOException {
        byte[] body = exchange.getRequestBody().readNBytes(LARGEST_MESSAGE + 1);
        if (body.length > LARGEST_MESSAGE) {
            throw new RefusedException(413, "too_large", "at most " + LARGEST_MESSAGE + " bytes");
        }
        return body;
    }

    private static <T> T message(byte[] body, Class<T> shape) throws RefusedException {
        try {
            return Json.read(body, shape);
        } catch (IOException e) {
            throw new RefusedException(400, "bad_request", "not the JSON of " + shape.getSimpleName());
        }
    }

    private static long length(HttpExchange exchange) throws RefusedException {
        try {
            return Long.parseLong(header(exchange.getRequestHeaders(), "Content-Length"));
        } catch (NumberFormatException e) {
            throw new RefusedException(411, "bad_request", "Content-Length is needed");
        }
    }

    private static String address(HttpExchange exchange) {
        return exchange.getRemoteAddress().getAddress().getHostAddress();
    }
}
