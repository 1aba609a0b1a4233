package io.varve.provider.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.emulator.gcp.GcpEmulator;
import io.varve.emulator.kit.Fault;
import io.varve.provider.Inventory.Found;
import io.varve.provider.MemoryCapture;
import io.varve.provider.Pauses;
import io.varve.provider.Preflight;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.SeenInventory;
import io.varve.provider.collector.object.PrefixCapture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("cloud")
final class BucketCaptureTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String BUCKET = "web-logs";
    /// Of three ranges.
    private static final byte[] LARGE = new byte[(17 << 20) + 3];

    @TempDir
    private static Path folder = Path.of("");

    private static World world = unset();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeAll
    static void start() {
        Assumptions.assumeTrue(
                GcpEmulator.possible(), "no fake-gcs-server and qemu-img on this machine: Google Cloud is skipped");
        world = World.make(folder);
        new Random(1).nextBytes(LARGE);
        world.gcp.scene().bucket(World.OTHER, BUCKET);
        world.gcp.scene().bucket("somebody-else", "their-logs");
        put("logs/2026/a.log", "first words");
        put("logs/2026/a.log", "second words");
        put("logs/2026/gone.log", "was here");
        world.clock.advance(Duration.ofMinutes(1));
        world.gcp.scene().delete(BUCKET, "logs/2026/gone.log");
        put("logs/empty", "");
        put("logs/müller + 1.txt", "umlaut");
        put("logs/z/o", "a list by its look");
        put("other/b.log", "not asked for");
        world.gcp.scene().object(BUCKET, "large/one", LARGE);
        put("damaged/c.log", "other bytes");
        world.gcp.scene().damage(BUCKET, "damaged/c.log");
    }

    private static void put(String name, String content) {
        world.gcp.scene().object(BUCKET, name, content.getBytes(StandardCharsets.UTF_8));
    }

    @AfterAll
    static void stop() {
        if (world != null) {
            world.close();
        }
    }

    @AfterEach
    void calm() {
        world.gcp.grants().allowAll();
        world.gcp.faults().clear();
    }

    private static MemoryCapture capture(String target) {
        return world.capture(target, Map.of()).collecting(PrefixCapture.PROFILE);
    }

    private static ProviderException refused(MemoryCapture capture) {
        var said = new AtomicReference<ProviderException>();
        assertThatThrownBy(() -> world.provider.capture(capture))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(said::set);
        return said.get();
    }

    private static List<JsonNode> versions(Path unpacked) throws Exception {
        var versions = new ArrayList<JsonNode>();
        try (var files = Files.list(unpacked.resolve("varve"))) {
            for (Path file : files.filter(one -> one.getFileName().toString().startsWith("objects.jsonl"))
                    .sorted()
                    .toList()) {
                for (String line : Files.readAllLines(file)) {
                    versions.add(JSON.readTree(line));
                }
            }
        }
        return versions;
    }

    @Test
    void objects_below_a_prefix_are_there_and_every_generation_is_listed() throws Exception {
        MemoryCapture capture = capture("gs://" + BUCKET + "/logs/");
        world.provider.capture(capture);
        world.provider.release(capture);
        Path unpacked = capture.unpacked();
        Path objects = unpacked.resolve("varve/objects");
        assertThat(objects.resolve("logs/2026/a.log")).hasContent("second words");
        assertThat(objects.resolve("logs/müller + 1.txt")).hasContent("umlaut");
        assertThat(objects.resolve("logs/z/o")).hasContent("a list by its look");
        assertThat(objects.resolve("logs/empty")).isEmptyFile();
        assertThat(objects.resolve("logs/2026/gone.log")).doesNotExist();
        assertThat(objects.resolve("other")).doesNotExist();
        List<JsonNode> versions = versions(unpacked);
        assertThat(versions)
                .extracting(version -> version.path("name").asText())
                .containsExactly(
                        "logs/2026/a.log",
                        "logs/2026/a.log",
                        "logs/2026/gone.log",
                        "logs/empty",
                        "logs/müller + 1.txt",
                        "logs/z/o");
        assertThat(versions.get(0).path("latest").asBoolean()).isFalse();
        assertThat(versions.get(0).has("member")).isFalse();
        assertThat(versions.get(1).path("latest").asBoolean()).isTrue();
        assertThat(versions.get(1).has("deleted")).isFalse();
        assertThat(versions.get(1).path("version").asText()).matches("\\d{16}");
        assertThat(versions.get(1).path("member").asText()).isEqualTo("varve/objects/logs/2026/a.log");
        assertThat(versions.get(2).path("latest").asBoolean()).isFalse();
        assertThat(versions.get(2).path("deletion").asBoolean()).isFalse();
        assertThat(versions.get(2).path("deleted").asText()).isEqualTo("2026-11-27T03:01:00Z");
        assertThat(capture.custodyLines())
                .anySatisfy(line -> assertThat(line)
                        .startsWith("bucket.found: gs://web-logs in project %s, EUROPE-WEST3, as %s"
                                .formatted(World.OTHER, world.gcp.account())))
                .anySatisfy(line -> assertThat(line).isEqualTo("objects.collected: gs://web-logs/logs/: 4 objects"));
    }

    @Test
    void a_large_object_comes_in_ranges_through_a_line_that_breaks() throws Exception {
        world.gcp.faults().after(1, 1, GcpEmulator.range(), Fault.broken());
        MemoryCapture capture = capture("gs://" + BUCKET + "/large/");
        world.provider.capture(capture);
        assertThat(Files.readAllBytes(capture.unpacked().resolve("varve/objects/large/one")))
                .matches(came -> Arrays.equals(came, LARGE));
    }

    @Test
    void bytes_that_are_not_those_that_google_states_are_refused() {
        ProviderException refused = refused(capture("gs://" + BUCKET + "/damaged/"));
        assertThat(refused.kind()).isEqualTo(Kind.FAILED);
        assertThat(refused).hasMessageContaining("gs://web-logs/damaged/c.log").hasMessageContaining("CRC-32C");
    }

    @Test
    void an_object_that_may_not_be_read_is_said() throws Exception {
        world.gcp.grants().deny("storage.objects.get");
        MemoryCapture capture = capture("gs://" + BUCKET + "/logs/2026/");
        world.provider.capture(capture);
        String outcomes = Files.readString(capture.unpacked().resolve("varve/outcomes.jsonl"), StandardCharsets.UTF_8);
        assertThat(outcomes).contains("\"status\":\"failed\"").contains("storage.objects.get");
    }

    @Test
    void a_list_goes_on_behind_a_name() throws Exception {
        var names = new ArrayList<String>();
        try (Cloud cloud = Cloud.of(world.connection(Map.of()), Pauses.always(world.clock::advance))) {
            GcsBucket.find(cloud, BUCKET).list("logs/", "logs/2026/gone.log", version -> names.add(version.name()));
        }
        assertThat(names).containsExactly("logs/empty", "logs/müller + 1.txt", "logs/z/o");
    }

    @Test
    void a_bucket_of_another_project_is_not_touched() {
        ProviderException refused = refused(capture("gs://their-logs/"));
        assertThat(refused.kind()).isEqualTo(Kind.NOT_FOUND);
        assertThat(refused).hasMessageContaining("their-logs");
        assertThat(world.gcp.recorder().count("GET", "/storage/v1/b/their-logs/*"))
                .isZero();
    }

    @Test
    void who_may_not_list_buckets_is_told() {
        world.gcp.grants().deny("storage.buckets.list");
        ProviderException refused = refused(capture("gs://" + BUCKET));
        assertThat(refused.kind()).isEqualTo(Kind.FORBIDDEN);
        assertThat(refused).hasMessageContaining("storage.buckets.list");
    }

    @Test
    void a_bucket_has_no_disks_and_no_other_clouds_bucket_is_asked_for() {
        assertThat(refused(world.capture("gs://" + BUCKET, Map.of())).kind()).isEqualTo(Kind.REFUSED);
        assertThat(refused(capture("s3://" + BUCKET)).kind()).isEqualTo(Kind.REFUSED);
        assertThat(refused(capture("web-1")).kind()).isEqualTo(Kind.REFUSED);
    }

    @Test
    void buckets_are_listed_where_that_is_switched_on() throws Exception {
        var plain = new SeenInventory();
        new GcpInventory(world.clock::advance).list(world.connection(Map.of()), plain);
        assertThat(plain.found.values())
                .noneSatisfy(found -> assertThat(found.kind()).isEqualTo("Cloud Storage bucket"));
        var seen = new SeenInventory();
        new GcpInventory(world.clock::advance).list(world.connection(Map.of("objects", "true")), seen);
        assertThat(seen.found.values())
                .filteredOn(found -> found.kind().equals("Cloud Storage bucket"))
                .extracting(Found::id, Found::place)
                .containsExactly(tuple("gs://web-logs", World.OTHER + " / EUROPE-WEST3"));
    }

    @Test
    void a_look_beforehand_says_where_the_bucket_is() throws Exception {
        Preflight look = world.provider
                .preflight(world.connection(Map.of()), "gs://" + BUCKET + "/logs/", PrefixCapture.PROFILE)
                .orElseThrow();
        assertThat(look.host()).contains("gs://web-logs");
        assertThat(look.checks())
                .singleElement()
                .satisfies(check -> assertThat(check.detail())
                        .isEqualTo("project %s, EUROPE-WEST3, below logs/".formatted(World.OTHER)));
    }
}
