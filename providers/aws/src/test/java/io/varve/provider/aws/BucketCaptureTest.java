package io.varve.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.emulator.aws.AwsEmulator;
import io.varve.emulator.kit.Fault;
import io.varve.provider.MemoryCapture;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.SeenInventory;
import io.varve.provider.collector.object.PrefixCapture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    @TempDir
    private static Path folder = Path.of("");

    private static World world = unset();
    private static AwsEmulator aws = unset();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeAll
    static void start() throws Exception {
        Assumptions.assumeTrue(AwsEmulator.possible(), "no moto_server on this machine: AWS is skipped");
        world = World.make(folder);
        aws = world.aws;
        aws.scene().bucket(AwsEmulator.ACCOUNT, World.REGION, BUCKET);
        aws.scene().versioned(AwsEmulator.ACCOUNT, World.REGION, BUCKET);
        put("logs/2026/a.log", "first words");
        put("logs/2026/a.log", "second words");
        put("logs/2026/gone.log", "was here");
        aws.scene().delete(AwsEmulator.ACCOUNT, World.REGION, BUCKET, "logs/2026/gone.log");
        put("logs/empty", "");
        put("logs/m%C3%BCller.txt", "umlaut");
        put("other/b.log", "not asked for");
    }

    private static void put(String name, String content) throws Exception {
        aws.scene().object(AwsEmulator.ACCOUNT, World.REGION, BUCKET, name, content);
    }

    @AfterAll
    static void stop() {
        if (world != null) {
            world.close();
        }
    }

    @AfterEach
    void calm() {
        aws.faults().clear();
        aws.policy().allowAll();
    }

    private static MemoryCapture capture(String target) {
        return world.of(target, Map.of()).collecting(PrefixCapture.PROFILE);
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
    void objects_below_a_prefix_are_there_and_every_version_and_deletion_is_listed() throws Exception {
        MemoryCapture capture = capture("s3://" + BUCKET + "/logs/");
        world.provider.capture(capture);
        world.provider.release(capture);
        Path unpacked = capture.unpacked();
        Path objects = unpacked.resolve("varve/objects");
        assertThat(objects.resolve("logs/2026/a.log")).hasContent("second words");
        assertThat(objects.resolve("logs/müller.txt")).hasContent("umlaut");
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
                        "logs/2026/gone.log",
                        "logs/empty",
                        "logs/müller.txt");
        assertThat(versions.get(0).path("latest").asBoolean()).isTrue();
        assertThat(versions.get(0).path("member").asText()).isEqualTo("varve/objects/logs/2026/a.log");
        assertThat(versions.get(1).path("latest").asBoolean()).isFalse();
        assertThat(versions.get(1).has("member")).isFalse();
        assertThat(versions.get(2).path("deletion").asBoolean()).isTrue();
        assertThat(capture.custodyLines())
                .anySatisfy(line -> assertThat(line).startsWith("bucket.found: s3://web-logs"))
                .anySatisfy(line -> assertThat(line).isEqualTo("objects.collected: s3://web-logs/logs/: 3 objects"));
    }

    @Test
    void an_object_that_may_not_be_read_is_said_and_the_others_are_there() throws Exception {
        aws.policy().deny("s3:GetObjectVersion");
        MemoryCapture capture = capture("s3://" + BUCKET + "/logs/2026/");
        world.provider.capture(capture);
        String outcomes = Files.readString(capture.unpacked().resolve("varve/outcomes.jsonl"), StandardCharsets.UTF_8);
        assertThat(outcomes).contains("\"status\":\"failed\"").contains("s3:GetObjectVersion");
    }

    /// Neither the order of Java's texts nor that of a page's two lists: names in the order of their bytes.
    @Test
    void names_come_in_the_order_in_which_a_list_goes_on() throws Exception {
        put("order/%EF%BD%9E", "U+FF5E");
        put("order/%F0%9F%98%80", "U+1F600");
        put("order/a", "a");
        aws.scene().delete(AwsEmulator.ACCOUNT, World.REGION, BUCKET, "order/%EF%BD%9E");
        MemoryCapture capture = capture("s3://" + BUCKET + "/order/");
        world.provider.capture(capture);
        assertThat(versions(capture.unpacked()))
                .extracting(version -> version.path("name").asText())
                .containsExactly("order/a", "order/\uFF5E", "order/\uFF5E", "order/\uD83D\uDE00");
    }

    @Test
    void bytes_that_are_not_those_of_the_checksum_are_not_taken() throws Exception {
        aws.faults().always(AwsEmulator.action("s3:GetObjectVersion"), Fault.altered());
        MemoryCapture capture = capture("s3://" + BUCKET + "/logs/2026/");
        assertThatThrownBy(() -> world.provider.capture(capture))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.FAILED))
                .satisfies(e -> assertThat(e).hasMessageContaining("logs/2026/a.log"));
        aws.faults().clear();
        world.provider.capture(capture);
        assertThat(capture.lines("varve/objects/logs/2026/a.log")).containsExactly("second words");
    }

    @Test
    void a_bucket_that_nobody_has_is_said() {
        assertThatThrownBy(() -> world.provider.capture(capture("s3://nobody-has-this/")))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e).hasMessageContaining("nobody-has-this"));
    }

    @Test
    void a_bucket_has_no_disks() {
        assertThatThrownBy(() -> world.provider.capture(
                        world.of("s3://" + BUCKET, Map.of()).collecting("disk")))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED));
    }

    @Test
    void buckets_are_listed_where_that_is_switched_on() throws Exception {
        var plain = new SeenInventory();
        new AwsInventory().list(world.connection(Map.of()), plain);
        assertThat(plain.found.values())
                .noneSatisfy(found -> assertThat(found.kind()).isEqualTo("S3 bucket"));
        var seen = new SeenInventory();
        new AwsInventory().list(world.connection(Map.of("objects", "true")), seen);
        assertThat(seen.found.values())
                .filteredOn(found -> found.kind().equals("S3 bucket"))
                .singleElement()
                .satisfies(found -> assertThat(found.id()).isEqualTo("s3://web-logs"));
    }

    @Test
    void the_documented_rights_are_enough_and_all_of_them_are_used() throws Exception {
        aws.policy().grantOnly(new ArrayList<>(Feature.OBJECTS.actions()));
        int before = aws.actions().size();
        MemoryCapture capture = capture("s3://" + BUCKET + "/logs/");
        world.provider.capture(capture);
        assertThat(Files.exists(capture.unpacked().resolve("varve/objects/logs/2026/a.log")))
                .isTrue();
        List<String> used = aws.actions().stream()
                .skip(before)
                .map(AwsEmulator.Action::name)
                .distinct()
                .toList();
        // GetObject is of buckets without versions, ListAllMyBuckets of the inventory
        assertThat(used).contains("s3:ListBucket", "s3:ListBucketVersions", "s3:GetObjectVersion");
    }
}
