package io.varve.provider.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.varve.evidence.DirectoryStore;
import io.varve.evidence.ObjectStore;
import io.varve.provider.Orders;
import io.varve.provider.collector.profile.Profile;
import io.varve.provider.endpoint.agent.Agent;
import io.varve.provider.endpoint.server.EndpointServer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/// A real server, its store in a folder, and agents of the test's making, all on loopback.
final class World implements AutoCloseable {
    static final int PART = 64 << 10;

    private final Path folder;
    private final CountingStore store;
    private final FakeBackend backend;
    private EndpointServer server;
    private Optional<Integer> gate = Optional.empty();

    World(Path folder) throws IOException {
        this.folder = folder;
        this.store = new CountingStore(new DirectoryStore(folder.resolve("objects")));
        this.backend = new FakeBackend(store);
        this.server = new EndpointServer(backend, folder.resolve("keys"), "127.0.0.1", 0, Clock.systemUTC());
        server.start();
    }

    FakeBackend backend() {
        return backend;
    }

    CountingStore store() {
        return store;
    }

    EndpointServer server() {
        return server;
    }

    /// Agents made from now on call this port, e.g. of a [FlakyProxy].
    void through(int port) {
        gate = Optional.of(port);
    }

    /// Starts the server anew on another port with what lies in its key folder.
    void restartServer() throws IOException {
        server.close();
        server = new EndpointServer(backend, folder.resolve("keys"), "127.0.0.1", 0, Clock.systemUTC());
        server.start();
    }

    String url() {
        return "https://127.0.0.1:" + gate.orElse(server.port());
    }

    Agent agent(Path root) throws Exception {
        return agent(root, "state", backend.token(server.fingerprint()));
    }

    /// @param state name of the state folder: the same name is the same agent, restarted
    Agent agent(Path root, String state, String token) throws Exception {
        return new Agent(new Agent.Setup(
                Optional.of(url()),
                Optional.of(token),
                folder.resolve(state),
                root,
                PART,
                Clock.systemUTC(),
                time -> Thread.sleep(time.dividedBy(10))));
    }

    void order(Agent agent, String capture, Profile profile) {
        backend.profile(profile);
        backend.place(new Orders.Order(capture, agent.id(), profile.name(), object(capture)));
    }

    static String object(String capture) {
        return "main/evidence/" + capture + "/data";
    }

    Orders.OrderStatus status(String capture) {
        return backend.status(capture).orElseThrow();
    }

    void awaitState(String capture, Orders.State state) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(status(capture).state())
                        .as(status(capture).text())
                        .isEqualTo(state));
    }

    /// Members of the uploaded archive by name, read by an independent reader.
    Map<String, byte[]> archive(String capture) throws IOException {
        var members = new LinkedHashMap<String, byte[]>();
        try (TarArchiveInputStream tar = tar(capture)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                assertThat(members).as("each member once").doesNotContainKey(entry.getName());
                members.put(entry.getName(), tar.readAllBytes());
            }
        }
        return members;
    }

    TarArchiveInputStream tar(String capture) throws IOException {
        ObjectStore.Stored stored = store.upload(object(capture)).complete();
        InputStream in = store.read(stored.name(), 0, stored.size());
        return new TarArchiveInputStream(GzipCompressorInputStream.builder()
                .setInputStream(new BufferedInputStream(in))
                .setDecompressConcatenated(true)
                .get());
    }

    @Override
    public void close() {
        server.close();
    }
}
