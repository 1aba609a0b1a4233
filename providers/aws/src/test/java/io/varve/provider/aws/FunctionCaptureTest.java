package io.varve.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.aws.AwsEmulator;
import io.varve.emulator.kit.Fault;
import io.varve.evidence.Digest;
import io.varve.provider.Check;
import io.varve.provider.MemoryCapture;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.SeenInventory;
import io.varve.provider.collector.function.FunctionArn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("cloud")
final class FunctionCaptureTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String NAME = "resize";
    private static final String HERE = "varve/cloud/aws/function/";
    private static final String LOG = "varve/cloud/aws/cloudwatch/~aws~lambda~resize.jsonl";
    private static final String SECRET = "hunter2-of-the-database";
    private static final String IMAGE = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop:7";
    private static final byte[] FIRST = zip("print('first')");
    private static final byte[] SECOND = zip("print('second')");
    private static final byte[] THIRD = zip("print('third')");
    private static final byte[] LIBRARY = zip("library = True");

    @TempDir
    private static Path folder = Path.of("");

    private static World world = unset();
    private static AwsEmulator aws = unset();
    private static String arn = "";
    private static String image = "";
    private static String layer = "";

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    private static byte[] zip(String code) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("main.py"));
            zip.write(code.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }

    private static ObjectNode json(String text) throws Exception {
        return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
    }

    /// Version 1 is the first code, 2 the second, 3 and `$LATEST` the third.
    @BeforeAll
    static void start() throws Exception {
        Assumptions.assumeTrue(AwsEmulator.possible(), "no moto_server on this machine: AWS is skipped");
        world = World.make(folder);
        aws = world.aws;
        layer = aws.scene().layer(AwsEmulator.ACCOUNT, World.REGION, "library", LIBRARY);
        arn = aws.scene()
                .function(
                        AwsEmulator.ACCOUNT,
                        World.REGION,
                        NAME,
                        FIRST,
                        json("{'Layers':['%s'],'Environment':{'Variables':{'PASSWORD':'%s'}},'Tags':{'team':'shop'}}"
                                .formatted(layer, SECRET)));
        for (byte[] next : List.of(SECOND, THIRD, THIRD)) {
            aws.scene().publish(AwsEmulator.ACCOUNT, World.REGION, NAME, next);
        }
        make("/2015-03-31/functions/resize/aliases", "POST", "{'Name':'live','FunctionVersion':'2'}");
        make(
                "/2015-03-31/functions/resize/policy",
                "POST",
                "{'StatementId':'anyone','Action':'lambda:InvokeFunction','Principal':'*'}");
        make("/2017-10-31/functions/resize/concurrency", "PUT", "{'ReservedConcurrentExecutions':3}");
        make("/2021-10-31/functions/resize/url", "POST", "{'AuthType':'NONE'}");
        make("/2019-09-25/functions/resize/event-invoke-config", "PUT", "{'MaximumRetryAttempts':1}");
        image = aws.scene().imageFunction(AwsEmulator.ACCOUNT, World.REGION, "shop", IMAGE);
        Instant now = world.clock.instant();
        aws.scene()
                .logs(
                        AwsEmulator.ACCOUNT,
                        World.REGION,
                        "/aws/lambda/resize",
                        Map.of(
                                now.minus(Duration.ofMinutes(9)), "START RequestId: 8f5e-1 Version: 2\n",
                                now.minus(Duration.ofMinutes(8)), "sent 4 GiB to 203.0.113.77",
                                now.minus(Duration.ofDays(13)), "too old"));
        aws.trail(now.minus(Duration.ofHours(1)), List.of(arn), "mallory", "{\"eventName\":\"UpdateFunctionCode\"}");
        aws.trail(now.minus(Duration.ofHours(2)), List.of(NAME), "mallory", "{\"eventName\":\"AddPermission\"}");
        aws.trail(now.minus(Duration.ofHours(3)), List.of("bucket"), NAME, "{\"eventName\":\"PutObject\"}");
        aws.trail(now.minus(Duration.ofHours(3)), List.of("other"), "alice", "{\"eventName\":\"OfAnother\"}");
        aws.finding(finding("finding-1", NAME, now));
        aws.finding(finding("finding-2", "another", now));
    }

    private static void make(String path, String method, String body) throws Exception {
        aws.scene().ofFunction(AwsEmulator.ACCOUNT, World.REGION, path, method, json(body));
    }

    private static ObjectNode finding(String id, String of, Instant at) {
        ObjectNode finding = JSON.createObjectNode()
                .put("id", id)
                .put("type", "Backdoor:Lambda/C&CActivity.B")
                .put("updatedAt", at.toString());
        finding.putObject("resource").putObject("lambdaDetails").put("functionName", of);
        return finding;
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
        aws.functionPageSize(50);
    }

    private static MemoryCapture capture(String target) {
        return world.of(target, Map.of("log_days", "10")).collecting(FunctionArn.PROFILE);
    }

    private static List<JsonNode> lines(MemoryCapture capture, String member) throws Exception {
        var lines = new ArrayList<JsonNode>();
        for (String line : capture.lines(member)) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    private static List<JsonNode> outcomes(MemoryCapture capture, String status) throws Exception {
        return lines(capture, "varve/outcomes.jsonl").stream()
                .filter(outcome -> outcome.path("status").asText().equals(status))
                .toList();
    }

    private static void expectAll(MemoryCapture capture) throws Exception {
        Path unpacked = capture.unpacked();
        Path versions = unpacked.resolve(HERE + "versions");
        assertThat(versions.resolve("$LATEST.zip")).hasBinaryContent(THIRD);
        assertThat(versions.resolve("1.zip")).hasBinaryContent(FIRST);
        assertThat(versions.resolve("2.zip")).hasBinaryContent(SECOND);
        assertThat(versions.resolve("3.zip")).doesNotExist();
        JsonNode third = JSON.readTree(Files.readString(versions.resolve("3.json")));
        assertThat(third.path("member").asText()).isEqualTo(HERE + "versions/$LATEST.zip");
        assertThat(third.path("sha256").asText())
                .isEqualTo(third.path("stated_sha256").asText())
                .isEqualTo(Digest.of(THIRD).hex());
        assertThat(third.at("/answer/Configuration/Environment/Variables/PASSWORD")
                        .asText())
                .isEqualTo(SECRET);
        Path layers = unpacked.resolve(HERE + "layers");
        assertThat(layers.resolve("123456789012-library-1.zip")).hasBinaryContent(LIBRARY);
        assertThat(Files.readString(layers.resolve("123456789012-library-1.json")))
                .contains(layer);
        assertThat(lines(capture, HERE + "versions.jsonl"))
                .extracting(version -> version.path("Version").asText())
                .containsExactly("$LATEST", "1", "2", "3");
        assertThat(lines(capture, HERE + "aliases.jsonl"))
                .extracting(alias -> alias.path("FunctionVersion").asText())
                .containsExactly("2");
        assertThat(lines(capture, HERE + "policies.jsonl"))
                .extracting(policy -> policy.path("Qualifier").asText())
                .contains("", "live");
        assertThat(lines(capture, HERE + "policies.jsonl")
                        .getFirst()
                        .path("Policy")
                        .asText())
                .contains("anyone");
        assertThat(lines(capture, HERE + "urls.jsonl")
                        .getFirst()
                        .path("AuthType")
                        .asText())
                .isEqualTo("NONE");
        assertThat(lines(capture, HERE + "concurrency.jsonl")
                        .getFirst()
                        .path("ReservedConcurrentExecutions")
                        .asInt())
                .isEqualTo(3);
        assertThat(lines(capture, HERE + "event-invoke-configs.jsonl")).hasSize(1);
        assertThat(lines(capture, HERE + "tags.jsonl")
                        .getFirst()
                        .at("/Tags/team")
                        .asText())
                .isEqualTo("shop");
        assertThat(lines(capture, LOG))
                .extracting(line -> line.path("message").asText())
                .containsExactly("START RequestId: 8f5e-1 Version: 2\n", "sent 4 GiB to 203.0.113.77");
        assertThat(lines(capture, LOG).getFirst().path("logGroupName").asText()).isEqualTo("/aws/lambda/resize");
        assertThat(lines(capture, "varve/cloud/aws/cloudtrail.jsonl"))
                .extracting(event -> event.path("eventName").asText())
                .containsExactlyInAnyOrder("UpdateFunctionCode", "AddPermission", "PutObject");
        assertThat(lines(capture, "varve/cloud/aws/guardduty.jsonl"))
                .extracting(found -> found.path("id").asText())
                .containsExactly("finding-1");
        assertThat(outcomes(capture, "failed")).isEmpty();
        assertThat(outcomes(capture, "missing")).isEmpty();
        assertThat(capture.members()).doesNotHaveDuplicates();
    }

    @Test
    void a_function_is_there_with_all_versions_layers_and_logs() throws Exception {
        aws.functionPageSize(1);
        MemoryCapture capture = capture(arn);
        world.provider.capture(capture);
        world.provider.release(capture);
        expectAll(capture);
        assertThat(capture.custodyLines())
                .anySatisfy(line -> assertThat(line).startsWith("function.found: " + arn))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("files.collected: AwsLambdaCode: ")
                        .contains(HERE
                                + "versions/1.zip (SHA-256 %s)"
                                        .formatted(Digest.of(FIRST).hex())));
    }

    @Test
    void secrets_of_the_environment_are_in_the_evidence_only_and_addresses_lose_their_signature() throws Exception {
        MemoryCapture capture = capture(arn);
        world.provider.capture(capture);
        assertThat(capture.custodyLines()).noneSatisfy(line -> assertThat(line).contains(SECRET));
        assertThat(capture.progressTexts()).noneSatisfy(line -> assertThat(line).contains(SECRET));
        assertThat(capture.steps().values())
                .noneSatisfy(step -> assertThat(step).contains(SECRET));
        String version = String.join("\n", capture.lines(HERE + "versions/1.json"));
        assertThat(version).contains("/lambda-packages/").doesNotContain("SECRET-OF-LAMBDA");
        assertThat(String.join("\n", capture.lines(HERE + "layers/123456789012-library-1.json")))
                .contains("/lambda-packages/")
                .doesNotContain("SECRET-OF-LAMBDA");
    }

    @Test
    void code_that_is_not_what_lambda_states_is_kept_and_said() throws Exception {
        aws.faults().always(AwsEmulator.codePackage(), Fault.altered());
        MemoryCapture capture = capture(arn);
        world.provider.capture(capture);
        byte[] altered = Files.readAllBytes(capture.unpacked().resolve(HERE + "versions/1.zip"));
        assertThat(altered).hasSameSizeAs(FIRST).isNotEqualTo(FIRST);
        assertThat(outcomes(capture, "failed"))
                .filteredOn(outcome -> outcome.path("path").asText().equals(HERE + "versions/1.zip CodeSha256"))
                .singleElement()
                .satisfies(outcome -> assertThat(outcome.path("reason").asText())
                        .contains(Digest.of(FIRST).hex())
                        .contains(Digest.of(altered).hex()));
        assertThat(outcomes(capture, "failed"))
                .anySatisfy(
                        outcome -> assertThat(outcome.path("artifact").asText()).isEqualTo("AwsLambdaLayer"));
        assertThat(capture.custodyLines())
                .anySatisfy(line -> assertThat(line).startsWith("file.differs: " + HERE + "versions/1.zip"));
        JsonNode version = JSON.readTree(capture.lines(HERE + "versions/1.json").getFirst());
        assertThat(version.path("stated_sha256").asText())
                .isEqualTo(Digest.of(FIRST).hex());
        assertThat(version.path("sha256").asText()).isEqualTo(Digest.of(altered).hex());
    }

    @Test
    void code_that_came_otherwise_once_or_broke_off_is_fetched_again() throws Exception {
        aws.faults().next(AwsEmulator.codePackage(), Fault.altered());
        aws.faults().next(AwsEmulator.codePackage(), Fault.truncated());
        aws.faults().next(AwsEmulator.codePackage(), Fault.broken());
        MemoryCapture capture = capture(arn);
        world.provider.capture(capture);
        expectAll(capture);
    }

    @Test
    void code_that_breaks_off_again_and_again_is_no_evidence_yet() throws Exception {
        aws.faults().always(AwsEmulator.codePackage(), Fault.truncated());
        MemoryCapture capture = capture(arn);
        assertThatThrownBy(() -> world.provider.capture(capture))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.FAILED))
                .satisfies(e -> assertThat(e).hasMessageContaining("broke off").hasMessageNotContaining("SECRET"));
        aws.faults().clear();
        world.provider.capture(capture);
        expectAll(capture);
    }

    @Test
    void what_comes_too_fast_is_waited_out() throws Exception {
        for (String action : List.of("GetFunction", "ListVersionsByFunction", "GetPolicy", "GetLayerVersion")) {
            aws.faults().next(3, AwsEmulator.action("lambda:" + action), Fault.tooMany());
        }
        Instant before = world.clock.instant();
        MemoryCapture capture = capture(arn);
        world.provider.capture(capture);
        expectAll(capture);
        assertThat(Duration.between(before, world.clock.instant())).isGreaterThan(Duration.ofSeconds(10));
    }

    @Test
    void what_is_refused_is_said_and_the_rest_is_there() throws Exception {
        List.of("lambda:GetPolicy", "lambda:GetLayerVersion", "logs:FilterLogEvents")
                .forEach(aws.policy()::deny);
        MemoryCapture capture = capture(arn);
        world.provider.capture(capture);
        assertThat(outcomes(capture, "failed"))
                .extracting(outcome -> outcome.path("artifact").asText())
                .containsExactlyInAnyOrder("AwsLambdaPolicies", "AwsLambdaLayer", "AwsCloudWatchLogs");
        assertThat(outcomes(capture, "failed"))
                .allSatisfy(
                        outcome -> assertThat(outcome.path("reason").asText()).contains("not authorized"));
        assertThat(capture.unpacked().resolve(HERE + "versions/1.zip")).hasBinaryContent(FIRST);
    }

    @Test
    void where_versions_cannot_be_listed_the_latest_is_there_and_the_others_are_said_to_lack() throws Exception {
        aws.policy().deny("lambda:ListVersionsByFunction");
        MemoryCapture capture = capture(arn);
        world.provider.capture(capture);
        assertThat(capture.unpacked().resolve(HERE + "versions/$LATEST.zip")).hasBinaryContent(THIRD);
        assertThat(outcomes(capture, "failed"))
                .extracting(outcome -> outcome.path("path").asText())
                .containsExactlyInAnyOrder(HERE + "versions.jsonl", HERE + "versions/");
    }

    @Test
    void nothing_but_refusals_is_no_evidence() {
        aws.policy().grantOnly(List.of("sts:*"));
        assertThatThrownBy(() -> world.provider.capture(capture(arn)))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED))
                .satisfies(e -> assertThat(e)
                        .hasMessageContaining("lambda:GetFunction")
                        .hasMessageContaining("cloudtrail:LookupEvents"));
    }

    @Test
    void a_function_that_nobody_has_is_no_evidence() {
        assertThatThrownBy(() -> world.provider.capture(capture(arn.replace(NAME, "nobody-has-this"))))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED))
                .satisfies(e -> assertThat(e).hasMessageContaining("nobody-has-this"));
    }

    @Test
    void a_function_that_was_deleted_has_its_trail_left() throws Exception {
        String gone = arn.replace(NAME, "deleted");
        aws.trail(
                world.clock.instant().minus(Duration.ofMinutes(5)),
                List.of(gone),
                "mallory",
                "{\"eventName\":\"DeleteFunction20150331\"}");
        MemoryCapture capture = capture(gone);
        world.provider.capture(capture);
        assertThat(capture.lines("varve/cloud/aws/cloudtrail.jsonl")).hasSize(1);
        assertThat(outcomes(capture, "failed"))
                .anySatisfy(
                        outcome -> assertThat(outcome.path("path").asText()).isEqualTo(HERE + "versions/$LATEST.json"));
    }

    @Test
    void a_container_image_is_named_and_said_not_to_be_pulled() throws Exception {
        MemoryCapture capture = capture(image);
        world.provider.capture(capture);
        JsonNode latest =
                JSON.readTree(capture.lines(HERE + "versions/$LATEST.json").getFirst());
        assertThat(latest.path("image").asText()).isEqualTo(IMAGE);
        assertThat(latest.path("image_digest").asText()).contains("@sha256:");
        assertThat(outcomes(capture, "missing")).singleElement().satisfies(outcome -> {
            assertThat(outcome.path("path").asText()).isEqualTo(HERE + "versions/$LATEST.zip");
            assertThat(outcome.path("reason").asText()).contains("@sha256:").contains("not pulled");
        });
    }

    @Test
    void an_environment_that_lambda_may_not_decrypt_is_said() throws Exception {
        String hidden =
                aws.scene().function(AwsEmulator.ACCOUNT, World.REGION, "hidden", SECOND, JSON.createObjectNode());
        aws.hideEnvironment("hidden");
        MemoryCapture capture = capture(hidden);
        world.provider.capture(capture);
        assertThat(outcomes(capture, "missing")).singleElement().satisfies(outcome -> {
            assertThat(outcome.path("path").asText()).isEqualTo(HERE + "versions/$LATEST.json environment");
            assertThat(outcome.path("reason").asText()).contains("unable to decrypt");
        });
    }

    @Test
    void killed_after_every_step_it_goes_on() throws Exception {
        MemoryCapture whole = capture(arn);
        world.provider.capture(whole);
        MemoryCapture capture = capture(arn);
        assertThat(capture.dyingAtEveryStep(() -> world.provider.capture(capture)))
                .isEqualTo(whole.steps().size());
        expectAll(capture);
    }

    @Test
    void nothing_is_left_behind_or_changed() throws Exception {
        int before = aws.actions().size();
        MemoryCapture capture = capture(arn);
        world.provider.capture(capture);
        world.provider.release(capture);
        assertThat(aws.actions().stream()
                        .skip(before)
                        .map(AwsEmulator.Action::name)
                        .distinct())
                .allSatisfy(action -> assertThat(action).matches("[a-z]+:(Get|List|Lookup|Filter|Assume)\\w+"));
        try (var left = Files.walk(capture.scratch().getParent())) {
            assertThat(left.filter(Files::isRegularFile)
                            .map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.endsWith(".zip") || name.endsWith(".gz") || name.endsWith(".jsonl"));
        }
    }

    @Test
    void functions_are_listed_where_that_is_switched_on_and_a_refusal_hides_no_instances() throws Exception {
        aws.functionPageSize(1);
        var plain = new SeenInventory();
        new AwsInventory().list(world.connection(Map.of()), plain);
        assertThat(plain.found.values())
                .noneSatisfy(found -> assertThat(found.kind()).isEqualTo("Lambda function"));
        var seen = new SeenInventory();
        new AwsInventory().list(world.connection(Map.of("functions", "true")), seen);
        assertThat(seen.one(arn).name()).isEqualTo(NAME);
        assertThat(seen.one(arn).kind()).isEqualTo("Lambda function");
        assertThat(seen.one(image).place()).startsWith("123456789012 / eu-central-1");
        assertThat(seen.gaps).isEmpty();
        aws.policy().deny("lambda:ListFunctions");
        var refused = new SeenInventory();
        new AwsInventory().list(world.connection(Map.of("functions", "true")), refused);
        assertThat(refused.gaps).containsOnlyKeys("123456789012 / eu-central-1 / Lambda");
    }

    @Test
    void a_function_has_no_disks_and_a_region_that_is_not_looked_at_has_no_function() {
        assertThatThrownBy(() -> world.provider.capture(world.of(arn, Map.of()).collecting("disk")))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED));
        assertThatThrownBy(() ->
                        world.provider.capture(world.of("i-0abc", Map.of()).collecting("function")))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED));
        assertThatThrownBy(() -> world.provider.capture(capture(arn.replace(World.REGION, "eu-west-3"))))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
        assertThatThrownBy(() -> world.provider.capture(capture(arn.replace("123456789012", World.OTHER))))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
    }

    @Test
    void a_look_before_says_what_there_is() throws Exception {
        assertThat(world.provider
                        .preflight(world.connection(Map.of()), arn, FunctionArn.PROFILE)
                        .orElseThrow()
                        .checks())
                .singleElement()
                .satisfies(check -> {
                    assertThat(check.result()).isEqualTo(Check.Result.OK);
                    assertThat(check.detail()).isEqualTo("4 versions, 1 layers, 1 log groups");
                });
    }

    @Test
    void the_documented_rights_are_enough_and_all_of_them_are_used() throws Exception {
        var granted = new ArrayList<>(Feature.CAPTURE.actions());
        granted.addAll(Feature.LOGS.actions());
        granted.addAll(Feature.FUNCTIONS.actions());
        aws.policy().grantOnly(granted);
        int before = aws.actions().size();
        MemoryCapture capture = capture(arn);
        world.provider.capture(capture);
        expectAll(capture);
        new AwsInventory().list(world.connection(Map.of("functions", "true")), new SeenInventory());
        List<String> used = aws.actions().stream()
                .skip(before)
                .map(AwsEmulator.Action::name)
                .distinct()
                .toList();
        assertThat(used).containsAll(Feature.FUNCTIONS.actions());
    }
}
