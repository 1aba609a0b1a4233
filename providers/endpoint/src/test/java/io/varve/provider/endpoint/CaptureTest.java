package io.varve.provider.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.evidence.Digest;
import io.varve.provider.Orders.State;
import io.varve.provider.collector.profile.Profile.Caps;
import io.varve.provider.endpoint.agent.Agent;
import io.varve.provider.endpoint.protocol.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whole captures of a small host: a real agent and a real server.
class CaptureTest {
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
    void archiveHoldsEveryFileAndAnOutcomeForEveryPath() throws Exception {
        try (Agent agent = world.agent(root)) {
            world.order(agent, "c-1", SmallHost.whole());
            assertThat(agent.once(5)).isTrue();
        }
        assertThat(world.status("c-1").state()).isEqualTo(State.UPLOADED);
        Map<String, byte[]> archive = world.archive("c-1");
        assertThat(archive.keySet().iterator().next()).isEqualTo("varve/capture.json");
        assertThat(archive).containsKeys("varve/volatile/processes.jsonl", "varve/files.jsonl", "varve/footprint.json");
        for (String file : List.of("etc/hostname", "var/log/syslog.1", "tmp/deep/file-7", "tmp/" + "l".repeat(200))) {
            assertThat(archive.get("fs/" + file)).as(file).isEqualTo(Files.readAllBytes(root.resolve(file)));
        }
        assertThat(archive).containsKeys("fs/tmp/ümlaut %25", "fs/var/log/linked.log");
        Map<String, JsonNode> outcomes = outcomes(archive);
        assertThat(status(outcomes, "/var/log/syslog")).isEqualTo("collected");
        assertThat(status(outcomes, "/var/log/empty.log")).isEqualTo("empty");
        assertThat(status(outcomes, "/var/log/apache2/*")).isEqualTo("missing");
        assertThat(status(outcomes, "/not-there/")).isEqualTo("missing");
        assertThat(found(outcomes, "/var/log/linked.log").path("reason").asText())
                .isEqualTo("link to syslog");
        assertThat(found(outcomes, "/var/log/syslog").path("sha256").asText())
                .isEqualTo(Digest.of(found(archive, "fs/var/log/syslog")).hex());
    }

    @Test
    void timesKeepTheirNanosecondsInArchiveAndListing() throws Exception {
        try (Agent agent = world.agent(root)) {
            world.order(agent, "c-1", SmallHost.whole());
            agent.once(5);
        }
        try (var tar = world.tar("c-1")) {
            TarArchiveEntry entry = tar.getNextEntry();
            while (!entry.getName().equals("fs/etc/hostname")) {
                entry = tar.getNextEntry();
            }
            assertThat(entry.getLastModifiedTime().toInstant()).isEqualTo(SmallHost.MODIFIED);
        }
        JsonNode listed = found(lines(found(world.archive("c-1"), "varve/files.jsonl"), "path"), "/etc/hostname");
        assertThat(listed.path("mtime").asText()).isEqualTo(SmallHost.MODIFIED.toString());
        assertThat(listed.path("inode").asLong())
                .isEqualTo(Files.getAttribute(root.resolve("etc/hostname"), "unix:ino"));
        assertThat(listed.path("sha256").asText())
                .isEqualTo(Digest.of("web01\n".getBytes(StandardCharsets.UTF_8)).hex());
    }

    @Test
    void ordinaryTarOpensTheArchive() throws Exception {
        try (Agent agent = world.agent(root)) {
            world.order(agent, "c-1", SmallHost.whole());
            agent.once(5);
        }
        var stored = world.store().upload(World.object("c-1")).complete();
        Path file = folder.resolve("capture.tar.gz");
        try (var in = world.store().read(stored.name(), 0, stored.size())) {
            Files.copy(in, file);
        }
        Path out = Files.createDirectory(folder.resolve("out"));
        Process tar = new ProcessBuilder("tar", "xzf", file.toString(), "-C", out.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(tar.waitFor()).isZero();
        assertThat(out.resolve("fs/var/log/syslog")).hasSameBinaryContentAs(root.resolve("var/log/syslog"));
    }

    @Test
    void waitingAgentPicksAnOrderUpWithinTwoSeconds() throws Exception {
        try (Agent agent = world.agent(root)) {
            Thread thread = Thread.ofVirtual().start(() -> quietly(agent));
            await().until(() -> world.backend().host(agent.id()).isPresent());
            long placed = System.nanoTime();
            world.order(agent, "c-1", SmallHost.whole());
            await().pollInterval(Duration.ofMillis(10))
                    .until(() -> world.status("c-1").state() != State.PLACED);
            assertThat(Duration.ofNanos(System.nanoTime() - placed)).isLessThan(Duration.ofSeconds(2));
            world.awaitState("c-1", State.UPLOADED);
            thread.interrupt();
            thread.join();
        }
    }

    @Test
    void cutConnectionsCostNothing() throws Exception {
        try (var proxy = new FlakyProxy(world.server().port(), 200_000, 6)) {
            world.through(proxy.port());
            try (Agent agent = world.agent(root)) {
                world.order(agent, "c-1", SmallHost.whole());
                agent.once(5);
            }
            assertThat(proxy.cuts()).isEqualTo(6);
        }
        world.awaitState("c-1", State.UPLOADED);
        assertThat(world.archive("c-1").get("fs/var/log/syslog"))
                .isEqualTo(Files.readAllBytes(root.resolve("var/log/syslog")));
        assertThat(world.store().brought()).doesNotHaveDuplicates();
    }

    @Test
    void restartedAgentGoesOnWithoutSendingAPartTwice() throws Exception {
        String token = world.backend().token(world.server().fingerprint());
        try (Agent agent = world.agent(root, "state", token)) {
            world.order(agent, "undisturbed", SmallHost.whole());
            agent.once(5);
        }
        int whole = world.store().brought().size();
        assertThat(whole).isGreaterThan(10);
        for (int stopAt : List.of(1, 4, 9, whole - 1)) {
            interruptAfter(stopAt, token);
            try (Agent agent = world.agent(root, "state", token)) {
                agent.once(0);
            }
            String capture = "stopped-" + stopAt;
            world.awaitState(capture, State.UPLOADED);
            assertThat(world.store().brought()).as("parts of %s", capture).doesNotHaveDuplicates();
            assertThat(files(world.archive(capture))).isEqualTo(files(world.archive("undisturbed")));
        }
    }

    /// The server has stored the part, but the agent dies before it hears so.
    private void interruptAfter(int part, String token) throws Exception {
        world.store().forget();
        try (Agent agent = world.agent(root, "state", token)) {
            world.order(agent, "stopped-" + part, SmallHost.whole());
            var stored = new CountDownLatch(1);
            var dead = new CountDownLatch(1);
            world.store().after(number -> {
                if (number == part && stored.getCount() > 0) {
                    stored.countDown();
                    awaitQuietly(dead);
                }
            });
            Thread thread = Thread.ofVirtual().start(() -> quietly(agent));
            stored.await();
            thread.interrupt();
            thread.join();
            dead.countDown();
        }
        world.store().after(number -> {});
    }

    @Test
    void sizeCapsAreKeptAndSaid() throws Exception {
        var caps = new Caps(450_000, 1000, 1000, 1000, 0, Duration.ofMinutes(5));
        Map<String, byte[]> archive = capped(caps);
        Map<String, JsonNode> outcomes = outcomes(archive);
        assertThat(found(archive, "fs/var/log/syslog")).hasSize(200_000);
        assertThat(found(outcomes, "/var/log/syslog").path("reason").asText())
                .isEqualTo("size cap: the first 200000 of 300000 bytes");
        assertThat(found(outcomes, "/tmp/deep/file-7").path("reason").asText()).startsWith("total size cap");
        long content = archive.entrySet().stream()
                .filter(member -> member.getKey().startsWith("fs/"))
                .mapToLong(member -> member.getValue().length)
                .sum();
        assertThat(content).isLessThanOrEqualTo(450_000);
    }

    @Test
    void countCapsAreKeptAndSaid() throws Exception {
        var caps = new Caps(100 * SmallHost.MB, 7, 30, 20, 0, Duration.ofMinutes(5));
        Map<String, byte[]> archive = capped(caps);
        Map<String, JsonNode> outcomes = outcomes(archive);
        assertThat(found(outcomes, "/tmp/deep/file-7").path("reason").asText()).isEqualTo("file count cap: 7");
        assertThat(found(outcomes, "/tmp/").path("reason").asText()).isEqualTo("count cap: the first 20 entries");
        assertThat(lines(found(archive, "varve/files.jsonl"), "path")).hasSizeLessThanOrEqualTo(30);
    }

    private Map<String, byte[]> capped(Caps caps) throws Exception {
        try (Agent agent = world.agent(root)) {
            world.order(agent, "c-1", SmallHost.profile("small", caps, 200_000));
            agent.once(5);
        }
        return world.archive("c-1");
    }

    @Test
    void cancelledCaptureStopsAndLeavesNothing() throws Exception {
        try (Agent agent = world.agent(root)) {
            world.order(agent, "c-1", SmallHost.whole());
            world.store().after(number -> {
                if (number == 3) {
                    world.backend().cancel("c-1");
                }
            });
            agent.once(5);
            assertThat(world.status("c-1").state()).isEqualTo(State.FAILED);
            assertThat(world.status("c-1").text()).isEqualTo("cancelled");
            assertThat(world.store().upload(World.object("c-1")).parts()).isEmpty();
            try (var left = Files.list(folder.resolve("state/captures"))) {
                assertThat(left).isEmpty();
            }
        }
    }

    @Test
    void fileThatShrinksIsFilledUpAndSaid() throws Exception {
        Path log = root.resolve("var/log/syslog.1");
        try (Agent agent = world.agent(root)) {
            world.order(agent, "c-1", SmallHost.whole());
            var shrunk = new boolean[1];
            world.store().after(number -> {
                // The parts of syslog are through, syslog.1 has begun.
                if (number == 5 && !shrunk[0]) {
                    shrunk[0] = true;
                    truncate(log);
                }
            });
            agent.once(5);
        }
        Map<String, byte[]> archive = world.archive("c-1");
        assertThat(archive.get("fs/var/log/syslog.1")).hasSize(500_000);
        JsonNode outcome = found(outcomes(archive), "/var/log/syslog.1");
        assertThat(outcome.path("reason").asText()).startsWith("shrank while it was read");
        assertThat(outcome.path("size").asLong()).isLessThan(500_000);
        assertThat(archive).containsKey("varve/footprint.json");
    }

    private static void truncate(Path file) {
        try {
            Files.write(file, new byte[10]);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void quietly(Agent agent) {
        try {
            agent.run();
        } catch (InterruptedException | IOException | Agent.EnrolmentException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// What comes from the host's files: the rest holds times of the run.
    private static Map<String, String> files(Map<String, byte[]> archive) {
        var files = new LinkedHashMap<String, String>();
        archive.forEach((name, content) -> {
            if (name.startsWith("fs/")) {
                files.put(name, Digest.of(content).hex());
            }
        });
        return files;
    }

    private static Map<String, JsonNode> outcomes(Map<String, byte[]> archive) throws IOException {
        return lines(found(archive, "varve/outcomes.jsonl"), "path");
    }

    private static Map<String, JsonNode> lines(byte[] jsonl, String key) throws IOException {
        var lines = new TreeMap<String, JsonNode>();
        for (String line : new ArrayList<>(
                new String(jsonl, StandardCharsets.UTF_8).lines().toList())) {
            JsonNode node = Json.read(line.getBytes(StandardCharsets.UTF_8), JsonNode.class);
            lines.put(node.path(key).asText(), node);
        }
        return lines;
    }

    private static String status(Map<String, JsonNode> outcomes, String path) {
        return found(outcomes, path).path("status").asText();
    }

    private static <T> T found(Map<String, T> all, String name) {
        return Optional.ofNullable(all.get(name)).orElseThrow(() -> new AssertionError("no " + name));
    }
}
