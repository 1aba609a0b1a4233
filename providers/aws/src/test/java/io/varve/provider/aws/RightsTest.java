package io.varve.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.emulator.aws.AwsEmulator;
import io.varve.emulator.aws.Instance;
import io.varve.emulator.aws.Scene.Disk;
import io.varve.provider.Check;
import io.varve.provider.Check.Result;
import io.varve.provider.MemoryCapture;
import io.varve.provider.ProviderException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The rights we ask for are enough and not more than are used, and the documents say the same.
@Tag("cloud")
final class RightsTest {
    private static final List<Feature> USUAL =
            List.of(Feature.CAPTURE, Feature.PROTECT, Feature.ENCRYPTED, Feature.LOGS, Feature.CHECK);

    @TempDir
    private static Path folder = Path.of("");

    private static World world = unset();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeAll
    static void start() {
        Assumptions.assumeTrue(AwsEmulator.possible(), "no moto_server on this machine: AWS is skipped");
        world = World.make(folder);
    }

    @AfterAll
    static void stop() {
        if (world != null) {
            world.close();
        }
    }

    @AfterEach
    void everythingIsAllowedAgain() {
        world.aws.policy().allowAll();
    }

    @Test
    void the_rights_of_a_capture_are_enough_and_all_of_them_are_used() throws Exception {
        String key = world.aws.scene().key(AwsEmulator.ACCOUNT, World.REGION);
        Instance instance = world.instance(Disk.of(world.disk(2)).encrypted(key));
        world.aws.scene().scaled(instance, "rights");
        var granted = new ArrayList<String>();
        List.of(Feature.CAPTURE, Feature.PROTECT, Feature.ENCRYPTED)
                .forEach(feature -> granted.addAll(feature.actions()));
        world.aws.policy().grantOnly(granted);
        int before = world.aws.actions().size();
        MemoryCapture capture = world.capture(instance, Map.of("regions", ""));
        world.provider.capture(capture);
        world.provider.release(capture);
        List<String> used = world.aws.actions().stream()
                .skip(before)
                .map(AwsEmulator.Action::name)
                .distinct()
                .toList();
        // kms:Decrypt and ec2:CreateTags are used by AWS on our behalf
        assertThat(granted)
                .filteredOn(action -> !List.of("kms:Decrypt", "ec2:CreateTags").contains(action))
                .allSatisfy(action -> assertThat(used).contains(action));
    }

    @Test
    void each_right_is_shown_as_present_missing_or_too_broad() throws Exception {
        var granted = new ArrayList<String>();
        USUAL.forEach(feature -> granted.addAll(feature.actions()));
        granted.remove("ec2:DeleteSnapshot");
        granted.add("ec2:TerminateInstances");
        world.aws.policy().grantOnly(granted);
        List<Check> checks = new AwsVendor().check(world.connection(Map.of()));
        assertThat(checks)
                .filteredOn(check -> check.result() == Result.MISSING)
                .singleElement()
                .satisfies(check -> assertThat(check.name()).isEqualTo("ec2:DeleteSnapshot"));
        assertThat(checks)
                .filteredOn(check -> check.result() == Result.TOO_BROAD)
                .singleElement()
                .satisfies(check -> assertThat(check.name()).isEqualTo("ec2:TerminateInstances"));
        assertThat(checks).filteredOn(check -> check.result() == Result.OK).hasSizeGreaterThan(10);
    }

    @Test
    void an_account_that_does_not_let_us_in_is_said_and_the_others_are_looked_at() throws Exception {
        world.aws.role(World.ROLE, World.EXTERNAL_ID);
        String other = "arn:aws:iam::333344445555:role/varve-capture";
        List<Check> checks = new AwsVendor().check(world.connection(Map.of("roles", World.ROLE + "\n" + other)));
        assertThat(checks)
                .filteredOn(check -> check.name().equals("Sign-in"))
                .satisfiesExactly(
                        refused -> {
                            assertThat(refused.result()).isEqualTo(Result.FAILED);
                            assertThat(refused.mend()).contains(World.ROLE);
                        },
                        let -> assertThat(let.result()).isEqualTo(Result.OK));
        assertThatThrownBy(() -> new AwsVendor().check(world.connection(Map.of("roles", World.ROLE))))
                .isInstanceOf(ProviderException.class)
                .hasMessageContaining("sts:AssumeRole");
    }

    @Test
    void rights_that_cannot_be_seen_are_unknown() throws Exception {
        world.aws.policy().grantOnly(Feature.CAPTURE.actions());
        assertThat(new AwsVendor().check(world.connection(Map.of())))
                .extracting(Check::result)
                .containsExactly(Result.OK, Result.UNKNOWN);
    }

    @Test
    void the_documents_are_what_the_features_say() throws IOException {
        expect("policy.json", Policies.json(USUAL));
        expect("policy-objects.json", Policies.json(List.of(Feature.OBJECTS)));
        expect("policy-flows.json", Policies.json(List.of(Feature.FLOWS)));
        expect("policy-functions.json", Policies.json(List.of(Feature.FUNCTIONS)));
        expect("policy-containers.json", Policies.json(List.of(Feature.CONTAINERS)));
        expect("policy-triage.json", Policies.json(List.of(Feature.TRIAGE)));
        expect("policy-share.json", Policies.json(List.of(Feature.SHARE)));
        expect("policy-forensic-account.json", Policies.json(List.of(Feature.RECEIVE)));
        expect("role.tf", Policies.terraform(USUAL));
        expect("role.yaml", Policies.cloudFormation(USUAL));
        JsonNode policy = new JsonMapper().readTree(Policies.json(USUAL));
        assertThat(policy.path("Statement").findValuesAsText("Sid")).doesNotHaveDuplicates();
    }

    private static void expect(String name, String text) throws IOException {
        Path file = Path.of(System.getProperty("varve.root", "../..")).resolve("docs/providers/aws/" + name);
        if (Boolean.getBoolean("fixtures.update")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }
        assertThat(file).hasContent(text);
    }
}
