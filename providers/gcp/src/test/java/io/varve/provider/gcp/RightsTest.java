package io.varve.provider.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.varve.emulator.gcp.GcpEmulator;
import io.varve.emulator.gcp.Instance;
import io.varve.emulator.gcp.Scene.Disk;
import io.varve.emulator.kit.Fault;
import io.varve.provider.Check;
import io.varve.provider.Check.Result;
import io.varve.provider.MemoryCapture;
import io.varve.provider.Preflight;
import io.varve.provider.collector.object.PrefixCapture;
import io.varve.provider.collector.record.RecordCapture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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
    private static final String ACT_AS = "iam.serviceAccounts.actAs";

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
    }

    @AfterAll
    static void stop() {
        if (world != null) {
            world.close();
        }
    }

    @AfterEach
    void everythingIsAllowedAgain() {
        world.gcp.grants().allowAll();
        world.gcp.failBuilds(0);
        world.gcp.settling(Duration.ZERO);
        world.gcp.exporting(Duration.ZERO);
    }

    private static List<String> all() {
        var all = new ArrayList<String>(List.of(ACT_AS));
        List.of(Feature.values()).forEach(feature -> all.addAll(feature.permissions()));
        return all;
    }

    @Test
    void the_rights_are_enough_and_all_of_them_are_used() throws Exception {
        Set<String> granted = new TreeSet<>(all());
        world.gcp.grants().grantOnly(List.copyOf(granted));
        world.gcp.grants().forgetUsed();
        world.gcp.settling(Duration.ofMinutes(1));
        Instance instance = world.instance(Disk.of(world.disk(2)));
        MemoryCapture ended = world.capture(instance);
        world.provider.capture(ended);
        world.provider.release(ended);
        // one whose exporter leaves its machine and disk, and one that is stopped
        world.gcp.failBuilds(1);
        MemoryCapture failed = world.capture(instance);
        world.provider.capture(failed);
        world.provider.release(failed);
        world.gcp.exporting(Duration.ofDays(9));
        MemoryCapture stopped = world.capture(instance.id(), Map.of());
        world.gcp.faults().at(2, GcpEmulator.call("GET", "*/builds/*"), stopped::cancelIt);
        assertThatThrownBy(() -> world.provider.capture(stopped)).hasMessageContaining("cancelled");
        world.provider.release(stopped);
        world.gcp
                .scene()
                .audit(instance, "data_access", world.clock.instant().minusSeconds(60), "v1.compute.instances.get");
        MemoryCapture logs = world.capture(instance).collecting(RecordCapture.PROFILE);
        world.provider.capture(logs);
        world.provider.release(logs);
        world.gcp.scene().bucket(World.PROJECT, "rights-logs");
        world.gcp.scene().object("rights-logs", "a.log", new byte[] {1});
        MemoryCapture objects = world.capture("gs://rights-logs", Map.of()).collecting(PrefixCapture.PROFILE);
        world.provider.capture(objects);
        world.provider.release(objects);
        assertThat(new TreeSet<>(world.gcp.grants().used())).isEqualTo(granted);
    }

    @Test
    void each_right_is_shown_as_present_missing_or_too_broad() throws Exception {
        var granted = new ArrayList<>(all());
        granted.remove("compute.snapshots.delete");
        granted.removeAll(List.of("storage.objects.get"));
        granted.remove(ACT_AS);
        granted.add("resourcemanager.projects.setIamPolicy");
        world.gcp.grants().grantOnly(granted);
        List<Check> checks =
                new GcpVendor(world.clock::advance).check(world.connection(Map.of("projects", World.PROJECT)));
        assertThat(checks)
                .filteredOn(check -> check.result() == Result.MISSING)
                .extracting(Check::name)
                .containsExactly("compute.snapshots.delete", "storage.objects.get", ACT_AS);
        assertThat(checks)
                .filteredOn(check -> check.result() == Result.TOO_BROAD)
                .extracting(Check::name, Check::detail)
                .contains(
                        tuple("resourcemanager.projects.setIamPolicy", "granted in project " + World.PROJECT),
                        tuple("resourcemanager.projects.setIamPolicy", "granted in project " + GcpEmulator.FORENSIC),
                        // the emulator's grants are the same in all projects
                        tuple("compute.instances.delete", "granted in project " + World.PROJECT));
        assertThat(checks).filteredOn(check -> check.result() == Result.OK).hasSizeGreaterThan(20);
    }

    @Test
    void a_project_that_does_not_answer_is_said_and_the_others_are_looked_at() throws Exception {
        world.gcp
                .faults()
                .always(
                        GcpEmulator.call("POST", "/v3/projects/%s:testIamPermissions".formatted(World.PROJECT)),
                        Fault.broken());
        List<Check> checks =
                new GcpVendor(world.clock::advance).check(world.connection(Map.of("projects", World.PROJECT)));
        world.gcp.faults().clear();
        assertThat(checks)
                .filteredOn(check -> check.result() == Result.FAILED)
                .singleElement()
                .satisfies(check -> assertThat(check.needed()).contains(World.PROJECT));
        assertThat(checks)
                .filteredOn(check -> check.result() == Result.OK)
                .anySatisfy(check -> assertThat(check.detail()).contains(GcpEmulator.FORENSIC));
    }

    @Test
    void logs_are_shown_as_not_set_up_when_none_of_their_rights_is_granted() throws Exception {
        var granted = new ArrayList<>(all());
        granted.removeAll(Feature.LOGS.permissions());
        world.gcp.grants().grantOnly(granted);
        assertThat(new GcpVendor(world.clock::advance).check(world.connection(Map.of("projects", World.PROJECT))))
                .filteredOn(check -> check.needed().equals(Feature.LOGS.purpose()))
                .singleElement()
                .satisfies(check -> assertThat(check.result()).isEqualTo(Result.UNKNOWN))
                .satisfies(check -> assertThat(check.detail()).contains("not set up in project " + World.PROJECT));
        granted.add("logging.logEntries.list");
        world.gcp.grants().grantOnly(granted);
        assertThat(new GcpVendor(world.clock::advance).check(world.connection(Map.of("projects", World.PROJECT))))
                .filteredOn(check -> check.needed().equals(Feature.LOGS.purpose()))
                .filteredOn(check -> check.result() == Result.MISSING)
                .extracting(Check::name)
                .containsExactly("compute.instances.getSerialPortOutput", "logging.privateLogEntries.list");
    }

    @Test
    void rights_to_objects_are_looked_at_where_buckets_are_listed_and_are_too_broad_elsewhere() throws Exception {
        Map<String, String> plain = Map.of("projects", World.PROJECT);
        assertThat(new GcpVendor(world.clock::advance).check(world.connection(plain)))
                .filteredOn(check -> check.detail().equals("granted in project " + World.PROJECT))
                .filteredOn(check -> check.result() == Result.TOO_BROAD)
                .extracting(Check::name)
                .contains("storage.objects.get");
        world.gcp.grants().deny("storage.buckets.list");
        List<Check> checks = new GcpVendor(world.clock::advance)
                .check(world.connection(Map.of("projects", World.PROJECT, "objects", "true")));
        assertThat(checks)
                .filteredOn(check -> check.needed().equals(Feature.OBJECTS.purpose()))
                .extracting(Check::name, Check::result)
                .containsExactly(
                        tuple("storage.buckets.list", Result.MISSING),
                        tuple("storage.objects.get", Result.OK),
                        tuple("storage.objects.list", Result.OK));
        assertThat(checks)
                .filteredOn(check -> check.result() == Result.TOO_BROAD)
                .extracting(Check::name)
                .doesNotContain("storage.objects.get");
    }

    @Test
    void a_look_beforehand_says_what_it_takes_and_changes_nothing() throws Exception {
        Instance instance =
                world.instance(Disk.of(world.disk(1)).encrypted("projects/k/locations/l/keyRings/r/cryptoKeys/c"));
        int before = world.gcp.recorder().calls().size();
        Preflight look = world.provider
                .preflight(world.connection(Map.of()), instance.resource(), GcpProvider.DISK)
                .orElseThrow();
        assertThat(look.host()).contains(instance.name());
        assertThat(look.checks()).extracting(Check::name).contains("Size", "Time and cost", "Encryption");
        assertThat(look.touches()).anyMatch(text -> text.contains("Nothing can be read before an export ends"));
        assertThat(world.gcp.recorder().calls().stream().skip(before))
                .filteredOn(call -> !call.method().equals("GET"))
                .allMatch(call -> call.path().equals("/token"));
    }

    @Test
    void the_documents_are_what_the_features_say() throws IOException {
        expect("role-source.yaml", Policies.role("Varve: source project", List.of(Feature.SOURCE, Feature.PROTECT)));
        expect("role-logs.yaml", Policies.role("Varve: logs", List.of(Feature.LOGS)));
        expect("role-objects.yaml", Policies.role("Varve: objects of buckets", List.of(Feature.OBJECTS)));
        expect("role-forensic.yaml", Policies.role("Varve: forensic project", List.of(Feature.FORENSIC)));
        expect("role-bucket.yaml", Policies.role("Varve: staging bucket", List.of(Feature.BUCKET)));
        expect("varve.tf", Policies.terraform());
    }

    private static void expect(String name, String text) throws IOException {
        Path file = Path.of(System.getProperty("varve.root", "../..")).resolve("docs/providers/gcp/" + name);
        if (Boolean.getBoolean("fixtures.update")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }
        assertThat(file).hasContent(text);
    }
}
