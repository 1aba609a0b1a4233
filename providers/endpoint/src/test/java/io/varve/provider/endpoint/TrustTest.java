package io.varve.provider.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.evidence.Digest;
import io.varve.provider.Orders.State;
import io.varve.provider.endpoint.agent.Agent;
import io.varve.provider.endpoint.protocol.EnrolmentToken;
import io.varve.provider.endpoint.protocol.Json;
import io.varve.provider.endpoint.protocol.Keys;
import io.varve.provider.endpoint.protocol.Message;
import io.varve.provider.endpoint.protocol.RequestSignature;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who is believed: tokens, certificates, orders, requests.
class TrustTest {
    @TempDir
    Path folder;

    private World world;
    private Path root;

    @BeforeEach
    void start() throws IOException {
        world = new World(folder);
        root = SmallHost.in(folder);
    }

    @AfterEach
    void stop() {
        world.close();
    }

    @Test
    void unknownTokenIsRefused() {
        String token = EnrolmentToken.mint(world.server().fingerprint()).text();
        assertThatThrownBy(() -> world.agent(root, "state", token))
                .isInstanceOf(Agent.EnrolmentException.class)
                .hasMessageContaining("bad_token");
    }

    @Test
    void tokenEnrolsOneAgentOnly() throws Exception {
        String token = world.backend().token(world.server().fingerprint());
        world.agent(root, "first", token).close();
        assertThatThrownBy(() -> world.agent(root, "second", token))
                .isInstanceOf(Agent.EnrolmentException.class)
                .hasMessageContaining("bad_token");
    }

    @Test
    void enrolledAgentNeedsNoTokenAgain() throws Exception {
        Agent first = world.agent(root);
        first.close();
        try (Agent again = world.agent(root, "state", "")) {
            assertThat(again.id()).isEqualTo(first.id());
        }
    }

    @Test
    void otherCertificateIsNotBelieved() {
        String token = world.backend().token(Digest.of("another".getBytes(StandardCharsets.UTF_8)));
        assertThatThrownBy(() -> world.agent(root, "state", token))
                .isInstanceOf(Agent.EnrolmentException.class)
                .hasMessageContaining("certificate");
    }

    @Test
    void keysAreForTheirOwnersOnly() throws Exception {
        world.agent(root).close();
        for (String file : new String[] {"keys/tls.key", "keys/order.key", "state/identity.json"}) {
            assertThat(Files.getPosixFilePermissions(folder.resolve(file)))
                    .as(file)
                    .hasToString("[OWNER_READ, OWNER_WRITE]");
        }
    }

    @Test
    void serverKeepsItsCertificateOverARestart() throws Exception {
        Digest before = world.server().fingerprint();
        world.restartServer();
        assertThat(world.server().fingerprint()).isEqualTo(before);
    }

    @Test
    void orderSignedByAnotherKeyIsNotObeyed() throws Exception {
        String token = world.backend().token(world.server().fingerprint());
        try (var proxy = new FlakyProxy(world.server().port(), Long.MAX_VALUE, 0)) {
            world.through(proxy.port());
            try (Agent agent = world.agent(root, "state", token)) {
                Keys.write(
                        folder.resolve("keys/order.key"),
                        Keys.mint().getPrivate().getEncoded());
                world.restartServer();
                proxy.to(world.server().port());
                world.order(agent, "c-1", SmallHost.whole());
                agent.once(5);
            }
        }
        assertThat(world.status("c-1").state()).isEqualTo(State.FAILED);
        assertThat(world.status("c-1").text()).isEqualTo("the agent refused: the order is not signed by the server");
    }

    @Test
    void orderForAnotherAgentIsNotSeen() throws Exception {
        try (Agent first = world.agent(
                        root, "first", world.backend().token(world.server().fingerprint()));
                Agent second = world.agent(
                        root, "second", world.backend().token(world.server().fingerprint()))) {
            world.order(first, "c-1", SmallHost.whole());
            assertThat(second.once(0)).isFalse();
        }
    }

    @Test
    void orderThatWasCarriedOutIsNotCarriedOutAgain() throws Exception {
        try (Agent agent = world.agent(root)) {
            world.order(agent, "c-1", SmallHost.whole());
            agent.once(5);
            world.backend().forget("c-1");
            agent.once(5);
        }
        assertThat(world.status("c-1").text()).isEqualTo("the agent refused: the order was carried out before");
    }

    @Test
    void requestIsAnsweredOnce() throws Exception {
        KeyPair keys = Keys.mint();
        String agent = enrol(keys);
        RequestSignature signature = sign(keys, agent, "/agent/v1/orders", Instant.now(), poll());
        assertThat(post("/agent/v1/orders", signature, poll()).statusCode()).isEqualTo(204);
        HttpResponse<byte[]> second = post("/agent/v1/orders", signature, poll());
        assertThat(second.statusCode()).isEqualTo(401);
        assertThat(Json.read(second.body(), Message.Problem.class).code()).isEqualTo("replayed");
    }

    @Test
    void oldRequestIsRefusedWithTheServersTime() throws Exception {
        KeyPair keys = Keys.mint();
        String agent = enrol(keys);
        Instant old = Instant.now().minus(Duration.ofMinutes(10));
        HttpResponse<byte[]> answer =
                post("/agent/v1/orders", sign(keys, agent, "/agent/v1/orders", old, poll()), poll());
        Message.Problem problem = Json.read(answer.body(), Message.Problem.class);
        assertThat(problem.code()).isEqualTo("stale");
        assertThat(problem.now()).isAfter(old.plus(Duration.ofMinutes(9)));
    }

    @Test
    void requestWithAnotherBodyOrPathOrKeyIsRefused() throws Exception {
        KeyPair keys = Keys.mint();
        String agent = enrol(keys);
        byte[] other = Json.write(new Message.Failed("something else"));
        RequestSignature signature = sign(keys, agent, "/agent/v1/orders", Instant.now(), poll());
        assertThat(post("/agent/v1/orders", signature, other).statusCode()).isEqualTo(401);
        RequestSignature path = sign(keys, agent, "/agent/v1/captures/c-1/failed", Instant.now(), poll());
        assertThat(post("/agent/v1/orders", path, poll()).statusCode()).isEqualTo(401);
        RequestSignature stranger = sign(Keys.mint(), agent, "/agent/v1/orders", Instant.now(), poll());
        assertThat(post("/agent/v1/orders", stranger, poll()).statusCode()).isEqualTo(401);
    }

    @Test
    void bodyThatIsTooLargeIsRefused() throws Exception {
        KeyPair keys = Keys.mint();
        String agent = enrol(keys);
        byte[] large = new byte[2 << 20];
        RequestSignature signature = sign(keys, agent, "/agent/v1/orders", Instant.now(), large);
        assertThat(post("/agent/v1/orders", signature, large).statusCode()).isEqualTo(413);
    }

    private static byte[] poll() throws IOException {
        var host = Json.read("{\"name\":\"web01\"}".getBytes(StandardCharsets.UTF_8), HostFactsShape.class);
        return Json.write(new PollShape(host, 0));
    }

    /// What an agent of another version may send: fewer keys.
    private record HostFactsShape(String name) {}

    private record PollShape(HostFactsShape host, int seconds) {}

    private String enrol(KeyPair keys) throws Exception {
        EnrolmentToken token =
                EnrolmentToken.parse(world.backend().token(world.server().fingerprint()));
        String body = "{\"secret\":\"%s\",\"publicKey\":\"%s\",\"host\":{\"name\":\"web01\"}}"
                .formatted(
                        token.secret(),
                        java.util.Base64.getEncoder()
                                .encodeToString(keys.getPublic().getEncoded()));
        HttpResponse<byte[]> answer = client().send(
                        HttpRequest.newBuilder(URI.create(world.url() + "/agent/v1/enrol"))
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        return Json.read(answer.body(), Message.Enrolled.class).agent();
    }

    private static RequestSignature sign(KeyPair keys, String agent, String path, Instant at, byte[] body) {
        return RequestSignature.sign(keys.getPrivate(), agent, "POST", path, at, Digest.of(body));
    }

    private HttpResponse<byte[]> post(String path, RequestSignature signature, byte[] body) throws Exception {
        return client().send(
                        HttpRequest.newBuilder(URI.create(world.url() + path))
                                .header(RequestSignature.AGENT, signature.agent())
                                .header(RequestSignature.TIME, Long.toString(signature.at()))
                                .header(RequestSignature.NONCE, signature.nonce())
                                .header(RequestSignature.BODY, signature.body().hex())
                                .header(RequestSignature.SIGNATURE, signature.signatureText())
                                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
    }

    private static HttpClient client() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Everybody()}, new SecureRandom());
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(context)
                .build();
    }

    /// The attacker's side does not care whom it talks to.
    private static final class Everybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
