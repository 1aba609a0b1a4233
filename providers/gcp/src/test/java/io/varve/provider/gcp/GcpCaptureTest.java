package io.varve.provider.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.emulator.gcp.GcpEmulator;
import io.varve.emulator.gcp.Instance;
import io.varve.emulator.gcp.Scene.Disk;
import io.varve.emulator.kit.Fault;
import io.varve.provider.Connection;
import io.varve.provider.MemoryCapture;
import io.varve.provider.Pauses;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("cloud")
final class GcpCaptureTest {
    @TempDir
    private static Path folder = Path.of("");

    private static World world = unset();
    private static GcpEmulator gcp = unset();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeAll
    static void start() {
        Assumptions.assumeTrue(
                GcpEmulator.possible(), "no fake-gcs-server and qemu-img on this machine: Google Cloud is skipped");
        world = World.make(folder);
        gcp = world.gcp;
    }

    @AfterAll
    static void stop() {
        if (world != null) {
            world.close();
        }
    }

    @AfterEach
    void calm() {
        gcp.faults().clear();
        gcp.refuseEvery(0);
        gcp.failBuilds(0);
        gcp.emptyBuildPages(0);
        gcp.changesLate(false);
        gcp.settling(Duration.ZERO);
        gcp.exporting(Duration.ZERO);
        gcp.grants().allowAll();
        gcp.forgetRanges();
    }

    private static void run(MemoryCapture capture) throws Exception {
        world.provider.capture(capture);
        world.provider.release(capture);
    }

    /// What was stored is a QCOW2 whose disk has the bytes of the source.
    private static void expectCopy(Path qcow2, Path raw) throws Exception {
        Path back = Files.createTempFile(folder, "back", ".raw");
        Process convert = new ProcessBuilder(
                        "qemu-img", "convert", "-f", "qcow2", "-O", "raw", qcow2.toString(), back.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(convert.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(convert.waitFor()).as(said).isZero();
        assertThat(Files.mismatch(back, raw)).as("the disk is the source").isEqualTo(-1);
        Files.delete(back);
    }

    private static void expectNothingLeft(Instance instance) throws IOException {
        expectNothingMade(instance.project());
        assertThat(gcp.scene().isProtected(instance)).isFalse();
        assertThat(gcp.scene().autoDeleted(instance)).containsExactly("persistent-disk-0");
    }

    private static void expectNothingMade(String project) throws IOException {
        assertThat(gcp.scene().snapshots(project)).isEmpty();
        assertThat(gcp.scene().images(GcpEmulator.FORENSIC)).isEmpty();
        assertThat(gcp.scene().machinesAndDisks(GcpEmulator.FORENSIC)).isEmpty();
        assertThat(gcp.objects()).isEmpty();
    }

    private static Consumer<Throwable> refused(Kind kind, String words) {
        return e -> assertThat(e)
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(
                        problem -> assertThat(problem.kind()).isEqualTo(kind),
                        problem -> assertThat(problem.reason()).contains(words));
    }

    private static int created(String path) {
        return gcp.recorder().count("POST", path);
    }

    @Test
    void the_stored_export_is_the_disk_and_nothing_is_left_behind() throws Exception {
        Path disk = world.disk(20);
        Instance instance = world.instance(Disk.of(disk));
        gcp.settling(Duration.ofMinutes(2));
        gcp.exporting(Duration.ofMinutes(20));
        MemoryCapture capture = world.capture(instance);
        world.provider.capture(capture);

        assertThat(gcp.scene().isProtected(instance)).isTrue();
        assertThat(gcp.scene().autoDeleted(instance)).isEmpty();
        expectCopy(capture.stored(), disk);
        assertThat(capture.progressTexts()).anyMatch(text -> text.contains("nothing can be read before it ends"));
        world.provider.release(capture);
        expectNothingLeft(instance);
        assertThat(capture.custodyActions())
                .containsExactly(
                        "instance.found",
                        "protection.set",
                        "snapshot.created",
                        "image.created",
                        "export.begun",
                        "export.complete",
                        "snapshots.removed",
                        "protection.restored");
        assertThat(capture.custodyLines().get(2)).contains(instance.name(), instance.id(), gcp.account(), "operation-");
    }

    @Test
    void what_was_protected_before_stays_protected() throws Exception {
        Instance instance = world.instance(Disk.of(world.disk(2)));
        gcp.scene().protect(instance);
        run(world.capture(instance));
        assertThat(gcp.scene().isProtected(instance)).isTrue();
        expectNothingMade(instance.project());
    }

    @Test
    void an_instance_of_a_group_keeps_its_disks_though_it_cannot_be_protected() throws Exception {
        Instance instance = world.instance(Disk.of(world.disk(2)));
        gcp.scene().grouped(instance, "web-group");
        gcp.scene().localSsd(instance, "local-ssd-0");
        MemoryCapture capture = world.capture(instance);
        world.provider.capture(capture);
        assertThat(gcp.scene().isProtected(instance)).isFalse();
        assertThat(gcp.scene().autoDeleted(instance)).containsExactly("local-ssd-0");
        world.provider.release(capture);
        assertThat(gcp.scene().autoDeleted(instance)).containsExactly("persistent-disk-0", "local-ssd-0");
        assertThat(capture.custodyLines().getFirst()).contains("not captured, local SSDs: local-ssd-0");
    }

    @Test
    void several_disks_are_one_tar_of_what_was_exported() throws Exception {
        Path boot = world.disk(3);
        Path data = world.disk(5);
        Instance instance = world.instance(Disk.of(boot), Disk.of(data).regional());
        MemoryCapture capture = world.capture(instance);
        run(capture);
        Path unpacked = Files.createDirectories(folder.resolve("unpacked"));
        Process tar = new ProcessBuilder("tar", "-xf", capture.stored().toString(), "-C", unpacked.toString())
                .inheritIO()
                .start();
        assertThat(tar.waitFor()).isZero();
        expectCopy(unpacked.resolve(instance.disks().get(0) + ".qcow2"), boot);
        expectCopy(unpacked.resolve(instance.disks().get(1) + ".qcow2"), data);
        assertThat(unpacked.resolve(instance.disks().get(1) + ".json"))
                .content()
                .contains("\"crc32c\"");
        expectNothingLeft(instance);
    }

    @Test
    void an_instance_is_found_by_its_number_its_name_and_the_number_of_its_project() throws Exception {
        Path disk = world.disk(1);
        Instance instance = gcp.scene().instance(World.OTHER, World.ZONE, Disk.of(disk));
        for (String target : List.of(
                instance.id(),
                instance.name(),
                "//compute.googleapis.com/projects/%s/zones/%s/instances/%s"
                        .formatted(World.OTHER, World.ZONE, instance.id()))) {
            MemoryCapture capture = world.capture(target, Map.of());
            run(capture);
            assertThat(capture.custodyLines().getFirst()).contains(instance.resource());
        }
    }

    @Test
    void an_instance_of_a_project_that_is_not_set_is_not_found() {
        Instance instance = gcp.scene().instance("foreign-project", World.ZONE, Disk.of(world.disk(1)));
        for (String target : List.of(instance.resource(), instance.id(), "no-such-name")) {
            assertThatThrownBy(() -> run(world.capture(target, Map.of()))).satisfies(refused(Kind.NOT_FOUND, ""));
        }
    }

    @Test
    void a_name_is_not_taken_while_a_zone_that_may_have_it_too_does_not_answer() throws Exception {
        Instance instance = world.instance(Disk.of(world.disk(1)));
        gcp.scene().unreachable("us-west4-b");
        assertThatThrownBy(() -> run(world.capture(instance.name(), Map.of())))
                .satisfies(refused(Kind.FAILED, "us-west4-b"));
        MemoryCapture byNumber = world.capture(instance.id(), Map.of());
        run(byNumber);
        assertThat(byNumber.custodyLines().getFirst()).contains(instance.resource());
        gcp.scene().reachable();
        run(world.capture(instance.name(), Map.of()));
        expectNothingLeft(instance);
    }

    @Test
    void a_key_that_its_owner_supplies_is_said_before_anything_is_changed() throws Exception {
        Instance instance = world.instance(Disk.of(world.disk(1)).suppliedKey("qPm2d0g="));
        MemoryCapture capture = world.capture(instance);
        assertThatThrownBy(() -> world.provider.capture(capture))
                .satisfies(refused(Kind.REFUSED, "CSEK, SHA-256 qPm2d0g="));
        assertThat(gcp.scene().autoDeleted(instance)).containsExactly("persistent-disk-0");
        world.provider.release(capture);
        expectNothingLeft(instance);
    }

    @Test
    void refusals_broken_lines_and_tokens_that_are_taken_back_are_got_over() throws Exception {
        Path disk = world.disk(24);
        Instance instance = world.instance(Disk.of(disk));
        gcp.refuseEvery(4);
        gcp.faults()
                .next(2, GcpEmulator.call("POST", "*/createSnapshot"), Fault.tooMany())
                .next(2, GcpEmulator.call("GET", "*/operations/*"), Fault.broken())
                .next(1, GcpEmulator.call("POST", "*/global/images"), Fault.dropAnswer())
                .next(1, GcpEmulator.call("POST", "*/builds"), Fault.dropAnswer())
                .after(3, 2, GcpEmulator.range(), Fault.truncated())
                .after(9, 2, GcpEmulator.range(), Fault.broken())
                .after(15, 2, GcpEmulator.range(), Fault.drop())
                .at(20, GcpEmulator.range(), gcp::revokeTokens);
        MemoryCapture capture = world.capture(instance);
        int builds = gcp.buildsBegun();
        run(capture);
        expectCopy(capture.stored(), disk);
        expectNothingLeft(instance);
        assertThat(gcp.buildsBegun() - builds)
                .as("the build whose answer was lost was found by its tag")
                .isEqualTo(1);
    }

    @Test
    void bytes_that_are_not_those_of_the_stated_checksum_are_refused() throws Exception {
        Instance instance = world.instance(Disk.of(world.disk(10)));
        gcp.faults().after(5, 1, GcpEmulator.range(), Fault.altered());
        MemoryCapture capture = world.capture(instance);
        assertThatThrownBy(() -> world.provider.capture(capture)).satisfies(refused(Kind.REFUSED, "CRC-32C"));
        world.provider.release(capture);
        expectNothingLeft(instance);
    }

    @Test
    void a_build_that_fails_is_made_again_and_the_third_failure_is_the_last() throws Exception {
        Path disk = world.disk(2);
        Instance instance = world.instance(Disk.of(disk));
        gcp.failBuilds(2);
        MemoryCapture capture = world.capture(instance);
        run(capture);
        expectCopy(capture.stored(), disk);
        assertThat(capture.custodyActions()).filteredOn("export.failed"::equals).hasSize(2);
        expectNothingLeft(instance);

        gcp.failBuilds(3);
        MemoryCapture failed = world.capture(instance);
        assertThatThrownBy(() -> world.provider.capture(failed))
                .satisfies(refused(Kind.REFUSED, "step exited with non-zero status: 1"));
        assertThat(gcp.scene().machinesAndDisks(GcpEmulator.FORENSIC))
                .as("the failed exporters' machines and disks")
                .hasSize(6);
        world.provider.release(failed);
        expectNothingLeft(instance);
    }

    @Test
    void an_operation_that_fails_is_said_in_its_words_and_leaves_nothing() throws Exception {
        Instance instance = world.instance(Disk.of(world.disk(2)));
        gcp.failOperation("createSnapshot", "QUOTA_EXCEEDED");
        MemoryCapture capture = world.capture(instance);
        assertThatThrownBy(() -> world.provider.capture(capture))
                .isInstanceOf(ProviderException.class)
                .hasMessageContaining("QUOTA_EXCEEDED");
        world.provider.release(capture);
        expectNothingLeft(instance);
    }

    /// Google hands the failed operation back for a request with its id.
    @Test
    void an_operation_that_failed_once_is_asked_for_anew() throws Exception {
        Instance instance = world.instance(Disk.of(world.disk(2)));
        for (String type : List.of("setDeletionProtection", "createSnapshot")) {
            gcp.failOperation(type, "INTERNAL_ERROR");
            MemoryCapture capture = world.capture(instance);
            assertThatThrownBy(() -> world.provider.capture(capture))
                    .as(type)
                    .satisfies(refused(Kind.FAILED, "INTERNAL_ERROR"));
            run(capture);
            expectNothingLeft(instance);
        }
    }

    @Test
    void killed_after_any_step_nothing_is_made_twice_or_left() throws Exception {
        Path disk = world.disk(3);
        Instance instance = world.instance(Disk.of(disk));
        MemoryCapture whole = world.capture(instance);
        run(whole);
        for (int step = 1; step <= whole.steps().size(); step++) {
            int snapshots = created("*/createSnapshot");
            int images = created("*/global/images");
            int builds = gcp.buildsBegun();
            MemoryCapture capture = world.capture(instance);
            capture.breakAfter(step);
            assertThatThrownBy(() -> run(capture)).isInstanceOf(MemoryCapture.KilledException.class);
            run(capture);
            expectCopy(capture.stored(), disk);
            expectNothingLeft(instance);
            assertThat(created("*/createSnapshot") - snapshots).isEqualTo(1);
            assertThat(created("*/global/images") - images).isEqualTo(1);
            assertThat(gcp.buildsBegun() - builds).isEqualTo(1);
        }
    }

    @Test
    void a_capture_that_goes_on_reads_no_range_twice() throws Exception {
        Path disk = world.disk(30);
        Instance instance = world.instance(Disk.of(disk));
        gcp.faults().after(20, 10_000, GcpEmulator.range(), Fault.broken());
        MemoryCapture capture = world.capture(instance);
        assertThatThrownBy(() -> world.provider.capture(capture)).isInstanceOf(ProviderException.class);
        gcp.faults().clear();
        world.provider.capture(capture);
        assertThat(gcp.rangesRead(".qcow2")).isGreaterThan(55);
        assertThat(gcp.rangeReads(".qcow2")).isEqualTo(gcp.rangesRead(".qcow2"));
        expectCopy(capture.stored(), disk);
        world.provider.release(capture);
        expectNothingLeft(instance);
    }

    @Test
    void a_cancelled_export_is_stopped_and_what_it_had_made_is_removed() throws Exception {
        Instance instance = world.instance(Disk.of(world.disk(3)));
        gcp.exporting(Duration.ofDays(30));
        MemoryCapture capture = world.capture(instance);
        int before = created("*:cancel");
        gcp.faults().at(3, GcpEmulator.call("GET", "*/builds/*"), capture::cancelIt);
        assertThatThrownBy(() -> world.provider.capture(capture)).satisfies(refused(Kind.CANCELLED, ""));
        world.provider.release(capture);
        expectNothingLeft(instance);
        assertThat(created("*:cancel") - before).isEqualTo(1);
    }

    /// A provider that is told of each of its waits before it begins.
    private static GcpProvider waiting(Consumer<Duration> before) {
        return new GcpProvider(world.clock, time -> {
            before.accept(time);
            world.clock.advance(time);
        });
    }

    @Test
    void cancelled_in_any_wait_it_ends_with_that_step_and_leaves_nothing() throws Exception {
        Path disk = world.disk(1);
        gcp.settling(Duration.ofSeconds(20));
        gcp.exporting(Duration.ofSeconds(100));
        gcp.changesLate(true);
        int last = 0;
        for (int number = 1; last == number - 1; number++) {
            Instance instance = world.instance(Disk.of(disk));
            MemoryCapture capture = world.capture(instance.resource(), Map.of("poll_seconds", "40"));
            var waits = new ArrayList<Duration>();
            int cancelAt = number;
            GcpProvider provider = waiting(time -> {
                waits.add(time);
                if (waits.size() == cancelAt) {
                    capture.cancelIt();
                }
            });
            try {
                provider.capture(capture);
                assertThat(waits).as("the capture ended before that wait").hasSizeLessThan(number);
            } catch (ProviderException e) {
                assertThat(e.kind()).isEqualTo(Kind.CANCELLED);
                assertThat(waits).as("no wait after that of the cancellation").hasSize(number);
                last = number;
            }
            assertThat(waits).allMatch(time -> time.compareTo(Pauses.STEP) <= 0);
            world.provider.release(capture);
            world.clock.advance(Duration.ofMinutes(1));
            expectNothingLeft(instance);
        }
        assertThat(last)
                .as("waits for protection, auto-delete, snapshot, image and export, of 40 seconds in steps of 15")
                .isGreaterThan(15);
    }

    @Test
    void cancelled_while_google_refuses_it_asks_no_more() throws Exception {
        for (String call : List.of("*/createSnapshot", "*/global/images", "*/builds")) {
            Instance instance = world.instance(Disk.of(world.disk(1)));
            MemoryCapture capture = world.capture(instance);
            gcp.faults().always(GcpEmulator.call("POST", call), Fault.tooMany());
            int[] waits = {0};
            // the sixth pause of a call that is refused again and again is of 16 seconds
            GcpProvider provider = waiting(time -> {
                if (time.equals(Pauses.STEP)) {
                    waits[0]++;
                    capture.cancelIt();
                }
            });
            int before = created(call);
            assertThatThrownBy(() -> provider.capture(capture))
                    .as(call)
                    .satisfies(refused(Kind.CANCELLED, "cancelled while"));
            assertThat(waits[0]).as("the pause ends with its first step").isEqualTo(1);
            assertThat(created(call) - before).as("attempts").isEqualTo(6);
            gcp.faults().clear();
            world.provider.release(capture);
            expectNothingLeft(instance);
        }
    }

    @Test
    void cancelled_while_google_is_away_it_asks_no_more() throws Exception {
        Instance instance = world.instance(Disk.of(world.disk(1)));
        MemoryCapture capture = world.capture(instance);
        gcp.settling(Duration.ofMinutes(5));
        gcp.faults().always(GcpEmulator.call("GET", "*/operations/*"), new Fault.Broken(503));
        GcpProvider provider = waiting(time -> {
            if (time.equals(Duration.ofSeconds(8))) {
                capture.cancelIt();
            }
        });
        int before = gcp.recorder().count("GET", "*/operations/*");
        assertThatThrownBy(() -> provider.capture(capture)).satisfies(refused(Kind.CANCELLED, "cancelled while"));
        assertThat(gcp.recorder().count("GET", "*/operations/*") - before)
                .as("Google's client does not repeat by itself: the fifth pause is of 8 seconds")
                .isEqualTo(5);
        gcp.faults().clear();
        world.provider.release(capture);
        expectNothingLeft(instance);
    }

    @Test
    void pages_of_builds_without_an_end_are_said_and_leave_nothing() throws Exception {
        Path disk = world.disk(1);
        Instance instance = world.instance(Disk.of(disk));
        gcp.emptyBuildPages(CloudBuild.MOST_PAGES - 2);
        MemoryCapture whole = world.capture(instance);
        run(whole);
        expectCopy(whole.stored(), disk);

        gcp.emptyBuildPages(Integer.MAX_VALUE);
        int lists = gcp.recorder().count("GET", "*/builds");
        MemoryCapture capture = world.capture(instance);
        assertThatThrownBy(() -> world.provider.capture(capture))
                .satisfies(refused(Kind.FAILED, "more than %d pages".formatted(CloudBuild.MOST_PAGES)));
        assertThat(gcp.recorder().count("GET", "*/builds") - lists).isEqualTo(CloudBuild.MOST_PAGES);
        assertThatThrownBy(() -> world.provider.release(capture)).satisfies(refused(Kind.FAILED, "pages"));
        assertThat(gcp.scene().isProtected(instance)).isFalse();
        gcp.emptyBuildPages(0);
        world.provider.release(capture);
        expectNothingLeft(instance);
    }

    @Test
    void what_cannot_be_removed_now_is_removed_later() throws Exception {
        Instance instance = world.instance(Disk.of(world.disk(3)));
        MemoryCapture capture = world.capture(instance);
        world.provider.capture(capture);
        gcp.grants().deny("compute.snapshots.delete");
        assertThatThrownBy(() -> world.provider.release(capture))
                .satisfies(refused(Kind.FORBIDDEN, "compute.snapshots.delete"));
        gcp.grants().undeny("compute.snapshots.delete");
        world.provider.release(capture);
        expectNothingLeft(instance);
    }

    @Test
    void what_captures_that_nobody_remembers_made_is_removed_when_their_time_is_over() throws Exception {
        Instance instance = world.instance(Disk.of(world.disk(3)));
        MemoryCapture forgotten = world.capture(instance);
        world.provider.capture(forgotten);
        assertThat(gcp.scene().snapshots(instance.project())).hasSize(1);
        world.clock.advance(Duration.ofDays(3));
        run(world.capture(instance));
        assertThat(gcp.scene().snapshots(instance.project())).isEmpty();
        assertThat(gcp.scene().images(GcpEmulator.FORENSIC)).isEmpty();
        world.provider.release(forgotten);
        expectNothingLeft(instance);
    }

    @Test
    void an_instance_that_is_gone_at_the_end_needs_nothing_put_back() throws Exception {
        Instance instance = world.instance(Disk.of(world.disk(1)));
        MemoryCapture capture = world.capture(instance);
        world.provider.capture(capture);
        gcp.scene().remove(instance);
        world.provider.release(capture);
        expectNothingMade(instance.project());
        assertThat(capture.custodyLines().getLast()).contains("is gone");
    }

    @Test
    void another_profile_is_refused() {
        MemoryCapture capture =
                world.capture(world.instance(Disk.of(world.disk(1)))).collecting("triage");
        assertThatThrownBy(() -> world.provider.capture(capture)).satisfies(refused(Kind.REFUSED, ""));
    }

    @Test
    void plain_http_is_taken_on_this_machine_only() {
        MemoryCapture capture = world.capture("web-1", Map.of("endpoint", "http://compute.example.org"));
        assertThatThrownBy(() -> world.provider.capture(capture)).hasMessageContaining("must be https");
    }

    @Test
    void an_address_that_is_none_is_said_with_the_integration_and_the_setting() {
        for (String address : List.of("compute.example.org", "https://compute example.org", "https://:443")) {
            MemoryCapture capture = world.capture("web-1", Map.of("endpoint", address));
            assertThatThrownBy(() -> world.provider.capture(capture))
                    .as(address)
                    .satisfies(refused(Kind.REFUSED, "integration gcp: endpoint is no address: "));
            assertThatThrownBy(() -> new GcpVendor(world.clock::advance).check(capture.connection()))
                    .as(address)
                    .satisfies(refused(Kind.REFUSED, "integration gcp: endpoint is no address: "));
        }
    }

    @Test
    void a_key_whose_token_address_is_no_good_is_said_with_its_setting() {
        Connection good = world.connection(Map.of());
        String key = gcp.serviceAccountKey();
        for (String address : List.of("http://token.example.org/token", "not an address")) {
            Connection bad = new Connection(
                    good.id(),
                    good.name(),
                    good.settings(),
                    Map.of(
                            "service_account_key",
                            key.replaceFirst("\"token_uri\" *: *\"[^\"]*\"", "\"token_uri\":\"" + address + "\"")));
            assertThatThrownBy(() -> new GcpVendor(world.clock::advance).check(bad))
                    .as(address)
                    .satisfies(refused(Kind.REFUSED, "integration gcp: "), refused(Kind.REFUSED, "service"));
        }
    }
}
