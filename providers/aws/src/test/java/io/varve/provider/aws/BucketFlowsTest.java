package io.varve.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.emulator.aws.AwsEmulator;
import io.varve.emulator.aws.Instance;
import io.varve.emulator.aws.Scene.Disk;
import io.varve.provider.MemoryCapture;
import io.varve.provider.Pauses;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.record.RecordCapture;
import io.varve.provider.collector.record.RecordSource.Window;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ec2.model.FlowLog;

@Tag("cloud")
final class BucketFlowsTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String HEADER = "version account-id interface-id srcaddr dstaddr start end action";
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmm'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String BUCKET = "flow-logs";
    private static final String PARIS = "eu-west-3";
    private static final String STOCKHOLM = "eu-north-1";
    private static final String FLOWS = "AwsVpcFlowLogs";

    @TempDir
    private static Path folder = Path.of("");

    private static World world = unset();
    private static AwsEmulator aws = unset();
    private static Instance instance = unset();
    private static Instance hive = unset();
    private static Instance parquet = unset();
    private static String log = "";
    private static String networkInterface = "";

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    private static Instant ago(Duration time) {
        return world.clock.instant().minus(time);
    }

    @BeforeAll
    static void start() throws Exception {
        Assumptions.assumeTrue(AwsEmulator.possible(), "no moto_server on this machine: AWS is skipped");
        world = World.make(folder);
        aws = world.aws;
        instance = world.instance(Disk.of(world.disk(1)));
        aws.scene().bucket(AwsEmulator.ACCOUNT, World.REGION, BUCKET);
        List<String> made = aws.scene().flowsToBucket(instance, BUCKET, "net/", "");
        log = made.get(0);
        networkInterface = made.get(1);
        Instant recent = ago(Duration.ofMinutes(20));
        put(
                usual(recent, log),
                HEADER,
                line(networkInterface, "198.51.100.1", recent),
                line("eni-0another", "198.51.100.2", recent),
                line(networkInterface, "198.51.100.3", recent.plusSeconds(60)));
        Instant days = ago(Duration.ofDays(3));
        put(usual(days, log), HEADER, line(networkInterface, "198.51.100.4", days));
        Instant edge = ago(Duration.ofDays(14)).plusSeconds(60);
        put(
                usual(edge, log),
                HEADER,
                line(networkInterface, "198.51.100.5", edge),
                line(networkInterface, "203.0.113.1", edge.minusSeconds(300)));
        Instant old = ago(Duration.ofDays(20));
        put(usual(old, log), HEADER, line(networkInterface, "203.0.113.2", old));
        put(usual(recent, "fl-0another"), HEADER, line(networkInterface, "203.0.113.3", recent));

        hive = aws.scene().instance(AwsEmulator.ACCOUNT, PARIS, Disk.of(world.disk(1)));
        aws.scene().bucket(AwsEmulator.ACCOUNT, PARIS, "flow-logs-hive");
        List<String> inParis = aws.scene()
                .flowsToBucket(
                        hive,
                        "flow-logs-hive",
                        "",
                        "<fileFormat>plain-text</fileFormat><hiveCompatiblePartitions>true</hiveCompatiblePartitions>"
                                + "<perHourPartition>true</perHourPartition>");
        String below = DateTimeFormatter.ofPattern("'year='uuuu'/month='MM'/day='dd'/hour='HH'/'", Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(recent);
        aws.scene()
                .object(
                        AwsEmulator.ACCOUNT,
                        PARIS,
                        "flow-logs-hive",
                        "AWSLogs/aws-account-id=123456789012/aws-service=vpcflowlogs/aws-region=eu-west-3/%s%s"
                                .formatted(below, file(PARIS, inParis.get(0), recent)),
                        zipped(HEADER, line(inParis.get(1), "198.51.100.9", recent)));

        parquet = aws.scene().instance(AwsEmulator.ACCOUNT, STOCKHOLM, Disk.of(world.disk(1)));
        aws.scene().bucket(AwsEmulator.ACCOUNT, STOCKHOLM, "flow-logs-parquet");
        aws.scene().flowsToBucket(parquet, "flow-logs-parquet", "", "<fileFormat>parquet</fileFormat>");
    }

    private static String usual(Instant at, String of) {
        return "net/AWSLogs/123456789012/vpcflowlogs/eu-central-1/%s/%s"
                .formatted(
                        DateTimeFormatter.ofPattern("uuuu/MM/dd", Locale.ROOT)
                                .withZone(ZoneOffset.UTC)
                                .format(at),
                        file(World.REGION, of, at));
    }

    private static String file(String region, String of, Instant at) {
        return "123456789012_vpcflowlogs_%s_%s_%s_0a1b2c3d.log.gz".formatted(region, of, STAMP.format(at));
    }

    private static String line(String of, String to, Instant at) {
        return "2 123456789012 %s 10.0.0.4 %s %d %d ACCEPT"
                .formatted(of, to, at.getEpochSecond(), at.getEpochSecond() + 60);
    }

    private static byte[] zipped(String... lines) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(bytes)) {
            zip.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static void put(String name, String... lines) throws Exception {
        aws.scene().object(AwsEmulator.ACCOUNT, World.REGION, BUCKET, name, zipped(lines));
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

    private static MemoryCapture captured(Instance of, Map<String, String> more) throws Exception {
        MemoryCapture capture = world.triage(of, more).collecting(RecordCapture.PROFILE);
        world.provider.capture(capture);
        return capture;
    }

    private static MemoryCapture captured(Instance of) throws Exception {
        return captured(of, Map.of("flow_objects", "true", "regions", of.region()));
    }

    private static List<String> reasons(MemoryCapture capture) throws Exception {
        var reasons = new ArrayList<String>();
        for (String line : capture.lines("varve/outcomes.jsonl")) {
            JsonNode outcome = JSON.readTree(line);
            if (outcome.path("artifact").asText().equals(FLOWS)
                    && outcome.path("status").asText().equals("failed")) {
                reasons.add(outcome.path("reason").asText());
            }
        }
        return reasons;
    }

    private static List<String> flows(MemoryCapture capture, String of) throws Exception {
        return capture.lines("varve/cloud/aws/vpc-flow/%s.log".formatted(of));
    }

    @Test
    void lines_of_the_interface_and_the_time_are_there_under_one_header_the_newest_day_first() throws Exception {
        MemoryCapture capture = captured(instance);
        assertThat(flows(capture, networkInterface).getFirst()).isEqualTo(HEADER);
        assertThat(flows(capture, networkInterface).stream().skip(1))
                .extracting(line -> line.split(" ", -1)[4])
                .containsExactly("198.51.100.1", "198.51.100.3", "198.51.100.4", "198.51.100.5");
        assertThat(reasons(capture)).isEmpty();
    }

    @Test
    void folders_as_hive_has_them_and_of_hours_are_read() throws Exception {
        MemoryCapture capture = captured(hive);
        String member = capture.members().stream()
                .filter(name -> name.startsWith("varve/cloud/aws/vpc-flow/"))
                .findFirst()
                .orElseThrow();
        assertThat(capture.lines(member)).hasSize(2).last().asString().contains("198.51.100.9");
    }

    @Test
    void parquet_is_said_and_not_read() throws Exception {
        assertThat(reasons(captured(parquet))).singleElement().asString().contains("Parquet");
    }

    @Test
    void where_it_is_switched_off_that_is_said_and_no_bucket_is_asked() throws Exception {
        int before = aws.actions().size();
        MemoryCapture capture = captured(instance, Map.of());
        assertThat(reasons(capture)).singleElement().asString().contains("are off in the integration");
        assertThat(aws.actions().stream().skip(before))
                .noneMatch(action -> action.name().startsWith("s3:"));
    }

    @Test
    void what_may_not_be_read_is_said() throws Exception {
        aws.policy().deny("s3:GetObject");
        assertThat(reasons(captured(instance)))
                .singleElement()
                .asString()
                .contains("3 of its objects could not be read")
                .contains("s3:GetObject");
        aws.policy().deny("s3:ListBucket");
        assertThat(reasons(captured(instance))).singleElement().asString().contains("s3:ListBucket");
    }

    @Test
    void a_damaged_object_is_said_and_the_others_are_there() throws Exception {
        Instant at = ago(Duration.ofMinutes(90));
        String damaged = usual(at, log);
        aws.scene()
                .object(
                        AwsEmulator.ACCOUNT,
                        World.REGION,
                        BUCKET,
                        damaged,
                        "not packed at all".getBytes(StandardCharsets.UTF_8));
        try {
            MemoryCapture capture = captured(instance);
            assertThat(reasons(capture))
                    .singleElement()
                    .asString()
                    .contains(damaged)
                    .contains("damaged");
            assertThat(flows(capture, networkInterface)).hasSize(5);
        } finally {
            aws.scene().delete(AwsEmulator.ACCOUNT, World.REGION, BUCKET, damaged);
        }
    }

    @Test
    void lines_that_are_cut_are_counted_and_the_others_are_there() throws Exception {
        Instant at = ago(Duration.ofMinutes(90));
        String cut = usual(at, log);
        put(cut, HEADER, "2 123456789012 " + networkInterface, line(networkInterface, "198.51.100.6", at), "cut");
        try {
            MemoryCapture capture = captured(instance);
            assertThat(reasons(capture)).singleElement().asString().contains("2 lines that have not the fields", cut);
            assertThat(flows(capture, networkInterface)).hasSize(6);
        } finally {
            aws.scene().delete(AwsEmulator.ACCOUNT, World.REGION, BUCKET, cut);
        }
    }

    @Test
    void what_was_written_after_midnight_belongs_to_the_day_before_too() throws Exception {
        Instant midnight = ago(Duration.ofDays(5)).truncatedTo(ChronoUnit.DAYS);
        String late = usual(midnight.plusSeconds(300), log);
        put(late, HEADER, line(networkInterface, "198.51.100.7", midnight.minusSeconds(90)));
        try {
            var about = new FlowObjects.Interface(networkInterface, "i-1", List.of());
            var day = new Window(midnight.minus(Duration.ofDays(1)), midnight.minusSeconds(30));
            assertThat(read(about, FlowObjects.Limits.USUAL, day, new ArrayList<>()))
                    .hasSize(2)
                    .last()
                    .asString()
                    .contains("198.51.100.7");
        } finally {
            aws.scene().delete(AwsEmulator.ACCOUNT, World.REGION, BUCKET, late);
        }
    }

    @Test
    void the_documented_rights_are_enough_and_all_of_them_are_used() throws Exception {
        var granted = new ArrayList<>(Feature.CAPTURE.actions());
        granted.addAll(Feature.LOGS.actions());
        granted.addAll(Feature.FLOWS.actions());
        aws.policy().grantOnly(granted);
        int before = aws.actions().size();
        assertThat(flows(captured(instance), networkInterface)).hasSize(5);
        assertThat(aws.actions().stream().skip(before).map(AwsEmulator.Action::name))
                .containsAll(Feature.FLOWS.actions());
    }

    private static List<String> read(FlowObjects.Interface about, FlowObjects.Limits limits, List<String> lines)
            throws Exception {
        Instant now = world.clock.instant();
        return read(about, limits, new Window(now.minus(Duration.ofDays(10)), now), lines);
    }

    private static List<String> read(
            FlowObjects.Interface about, FlowObjects.Limits limits, Window window, List<String> lines)
            throws Exception {
        try (Cloud cloud = Cloud.of(world.connection(Map.of()), "test")) {
            Place place = Cloud.in(cloud.accounts().getFirst(), World.REGION);
            FlowLog described = FlowLog.builder()
                    .flowLogId(log)
                    .resourceId("vpc-1")
                    .logDestination("arn:aws:s3:::%s/net".formatted(BUCKET))
                    .build();
            new FlowObjects(place, described, about, new Asking(Pauses.always(world.clock::advance)), limits)
                    .read(window, lines::add);
            return lines;
        }
    }

    @Test
    void what_is_left_of_too_much_is_said_after_the_newest() {
        var about = new FlowObjects.Interface(networkInterface, "i-1", List.of());
        var lines = new ArrayList<String>();
        assertThatThrownBy(() -> read(about, new FlowObjects.Limits(1, 1 << 20, 1 << 20, 1 << 20), lines))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED))
                .satisfies(e -> assertThat(e).hasMessageContaining("more than 1 objects"));
        assertThat(lines).hasSize(3);
        assertThatThrownBy(() -> read(about, new FlowObjects.Limits(9, 1 << 20, 1 << 20, 100), new ArrayList<>()))
                .isInstanceOf(ProviderException.class)
                .hasMessageContaining("100 bytes unpacked");
        assertThatThrownBy(() -> read(about, new FlowObjects.Limits(9, 1 << 20, 10, 1 << 20), new ArrayList<>()))
                .isInstanceOf(ProviderException.class)
                .hasMessageContaining("more than is taken");
    }

    @Test
    void a_format_without_interfaces_is_read_by_addresses() throws Exception {
        Instant at = ago(Duration.ofMinutes(40));
        String own = usual(at, log);
        put(own, "srcaddr dstaddr action", "10.0.0.4 192.0.2.7 ACCEPT", "10.0.0.5 192.0.2.8 ACCEPT");
        try {
            var about = new FlowObjects.Interface("eni-0none", "i-1", List.of("10.0.0.4"));
            assertThat(read(about, FlowObjects.Limits.USUAL, new ArrayList<>()))
                    .containsExactly("srcaddr dstaddr action", "10.0.0.4 192.0.2.7 ACCEPT");
        } finally {
            aws.scene().delete(AwsEmulator.ACCOUNT, World.REGION, BUCKET, own);
        }
    }
}
