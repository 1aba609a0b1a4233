package io.varve.provider.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.emulator.device.Device;
import io.varve.emulator.device.Snapshot;
import io.varve.emulator.kit.CallFilter;
import io.varve.emulator.kit.Fault;
import io.varve.emulator.kit.RecordedCall;
import io.varve.emulator.kubernetes.Container;
import io.varve.emulator.kubernetes.Pod;
import io.varve.provider.Connection;
import io.varve.provider.MemoryCapture;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Captures of a pod from end to end: the real client library against the emulator, the real collector in a sandbox.
@Tag("cloud")
class KubernetesCaptureTest {
    private static final Set<String> READS = Set.of("GET", "POST /apis/authentication", "POST /apis/authorization");

    @TempDir
    Path folder = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private World world;

    @SuppressWarnings("NullAway.Init")
    private Snapshot before;

    @BeforeEach
    void start() throws Exception {
        Assumptions.assumeTrue(Device.possible(), "bubblewrap cannot make user namespaces here");
        world = new World(folder);
        before = world.device.snapshot();
    }

    @AfterEach
    void stop() {
        if (world != null) {
            world.cluster.assertNoContainmentCalls();
            world.close();
        }
    }

    /// Where the files do not matter.
    private MemoryCapture quick(Pod pod) throws Exception {
        return world.capture(pod, Map.of()).collecting("volatile");
    }

    private void run(MemoryCapture capture) throws Exception {
        world.provider.capture(capture);
    }

    private List<String> writes() {
        return world.cluster.recorder().calls().stream()
                .filter(call -> READS.stream().noneMatch(read -> (call.method() + " " + call.path()).startsWith(read)))
                .map(RecordedCall::path)
                .toList();
    }

    @Test
    void a_pod_is_captured_with_its_state_logs_and_files_and_nothing_is_changed() throws Exception {
        Pod pod = world.pod(
                World.POD,
                world.app(),
                Container.of("migrate", world.device).kind("init").logging("done"));
        MemoryCapture capture = world.capture(pod, Map.of());
        run(capture);
        world.provider.release(capture);

        Map<String, byte[]> members = World.members(capture);
        assertThat(members)
                .containsKeys(
                        "varve/capture.json",
                        "varve/kubernetes/pod.json",
                        "varve/kubernetes/node.json",
                        "varve/kubernetes/owners/replicaset-checkout-7f9.json",
                        "varve/kubernetes/owners/deployment-checkout.json",
                        "varve/outcomes.jsonl",
                        "varve/parts.sha256");
        assertThat(World.text(members, "varve/kubernetes/events.jsonl")).contains("Scheduled");
        assertThat(World.text(members, "varve/kubernetes/references.json"))
                .contains("\"shop-tls\"", "\"shop-db\"", "\"shop-settings\"", "DB_PASSWORD");
        String logs = "varve/kubernetes/logs/shop_%s_%s/".formatted(World.POD, pod.uid());
        assertThat(World.text(members, logs + "app/current.log").lines())
                .hasSize(2)
                .last()
                .asString()
                .matches("20\\S+Z GET /cart 200");
        assertThat(World.text(members, logs + "app/previous.log")).endsWith(" panic: out of memory\n");
        assertThat(World.text(members, logs + "migrate/current.log")).endsWith(" done\n");
        assertThat(World.text(members, "varve/outcomes.jsonl")).contains("migrate", "the container does not run");

        Map<String, byte[]> inside = World.container(members, "app");
        assertThat(World.text(inside, "varve/volatile/processes.jsonl")).contains(Device.implant());
        assertThat(World.text(inside, "fs/home/alice/.bash_history")).contains("u.sh");
        assertThat(inside).containsKeys("varve/files.jsonl", "varve/outcomes.jsonl", "varve/parts.sha256");

        assertThat(before.changes(world.device.snapshot())).isEmpty();
        assertThat(writes()).isEmpty();
        assertThat(pod.ephemeralContainers()).isEmpty();
        assertThat(world.cluster.recorder().calls("*", "*secrets*")).isEmpty();
        assertThat(capture.custodyActions())
                .contains("pod.found", "node.instance", "collector.delivered", "parts.verified", "host.cleaned")
                .noneMatch(action -> action.startsWith("containment"));
        assertThat(capture.custodyLines()).anyMatch(line -> line.contains("i-0ab1c2d3e4f567890"));
    }

    @Test
    void a_container_without_a_shell_is_read_from_an_ephemeral_one_beside_it() throws Exception {
        Pod pod = world.pod(World.POD, world.app().distroless());
        MemoryCapture capture = world.capture(pod, Map.of("collector_image", "registry.example/varve/shell:1"));
        run(capture);
        world.provider.release(capture);

        assertThat(pod.ephemeralContainers()).singleElement().asString().startsWith("varve-");
        Map<String, byte[]> inside = World.container(World.members(capture), "app");
        assertThat(World.text(inside, "fs/proc/1/root/home/alice/.bash_history"))
                .contains("u.sh");
        assertThat(World.text(inside, "varve/volatile/processes.jsonl")).contains(Device.implant());
        assertThat(capture.custodyLines())
                .anyMatch(line -> line.startsWith("ephemeral.added")
                        && line.contains("cannot be taken out")
                        && line.contains("registry.example/varve/shell:1"))
                .anyMatch(line -> line.startsWith("ephemeral.ended"));
        assertThat(writes()).singleElement().asString().endsWith("/ephemeralcontainers");
        assertThat(before.changes(world.device.snapshot())).isEmpty();
    }

    @Test
    void what_may_not_be_looked_into_is_noted_and_the_rest_goes_on() throws Exception {
        world.cluster.rbac().deny("list events");
        world.cluster.rbac().deny("get nodes");
        Pod pod = world.pod(
                World.POD, Container.of("app", world.device).distroless().logging("ready"));
        MemoryCapture capture = world.capture(pod, Map.of());
        run(capture);
        Map<String, byte[]> members = World.members(capture);
        assertThat(members).containsKey("varve/kubernetes/pod.json");
        assertThat(World.text(members, "varve/outcomes.jsonl").lines())
                .anyMatch(line -> line.contains("events.jsonl") && line.contains("cannot list resource"))
                .anyMatch(line -> line.contains("node.json") && line.contains("failed"))
                .anyMatch(line -> line.contains("containers/app") && line.contains("collector_image is not set"));
        assertThat(capture.custodyActions()).contains("container.not_collected");
    }

    @Test
    void an_admission_that_lets_no_ephemeral_container_in_is_noted() throws Exception {
        world.cluster.admitsEphemeral(false);
        Pod pod = world.pod(World.POD, Container.of("app", world.device).distroless());
        MemoryCapture capture = world.capture(pod, Map.of("collector_image", "registry.example/varve/shell:1"));
        run(capture);
        assertThat(World.text(World.members(capture), "varve/outcomes.jsonl")).contains("violates PodSecurity");
        assertThat(pod.ephemeralContainers()).isEmpty();
    }

    @Test
    void connections_that_break_in_the_middle_of_parts_cost_nothing() throws Exception {
        Pod pod = world.pod(World.POD, world.app());
        world.cluster.cutExec(3, 5_000, line -> line.startsWith("cat ") && line.contains("/part-"));
        MemoryCapture capture = quick(pod);
        run(capture);
        assertThat(World.container(World.members(capture), "app")).containsKey("varve/parts.sha256");
        assertThat(capture.custodyActions()).doesNotContain("part.mismatch");
        assertThat(before.changes(world.device.snapshot())).isEmpty();
    }

    @Test
    void a_token_that_expires_is_said_and_the_capture_goes_on_with_a_new_one() throws Exception {
        Pod pod = world.pod(World.POD, world.app());
        String token = world.cluster.token("varve", Duration.ofHours(1));
        Path store = java.nio.file.Files.createDirectories(folder.resolve("token"));
        MemoryCapture capture = MemoryCapture.through(
                world.connection(Map.of(), token),
                "shop/" + World.POD,
                world.cluster.clock().instant().plus(Duration.ofHours(1)),
                store);
        world.cluster.faults().at(5, CallFilter.of("GET", "*/exec"), world.cluster::expireTokens);
        assertThatThrownBy(() -> run(capture))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.FAILED))
                .satisfies(e -> assertThat(e.retryAfter()).isPresent())
                .satisfies(e -> assertThat(e.reason()).contains("new one").doesNotContain(token));
    }

    @Test
    void too_many_requests_are_waited_for() throws Exception {
        Pod pod = world.pod(World.POD, world.app());
        world.cluster.faults().after(5, 2, CallFilter.of("GET", "/api*"), Fault.tooMany());
        MemoryCapture capture = quick(pod);
        run(capture);
        assertThat(World.members(capture)).containsKey("varve/parts.sha256");
    }

    @Test
    void a_pod_that_disappears_leaves_what_was_read_of_it() throws Exception {
        Pod pod = world.pod(World.POD, world.app());
        world.cluster.faults().at(1, CallFilter.of("GET", "*/exec"), () -> world.cluster.removed(pod));
        MemoryCapture capture = quick(pod);
        run(capture);
        world.provider.release(capture);
        Map<String, byte[]> members = World.members(capture);
        assertThat(members.keySet()).anyMatch(name -> name.endsWith("/app/current.log"));
        assertThat(World.text(members, "varve/outcomes.jsonl")).contains("not found");
    }

    @Test
    void lists_that_come_in_pages_and_grow_too_old_are_read_whole() throws Exception {
        Pod pod = world.pod(World.POD, Container.of("app", world.device).distroless());
        for (int i = 0; i < 7; i++) {
            world.cluster.event(pod, "Warning", "BackOff", "event number " + i);
        }
        world.cluster.pageSize(3);
        world.cluster.pagesExpire();
        MemoryCapture capture = quick(pod);
        run(capture);
        assertThat(World.text(World.members(capture), "varve/kubernetes/events.jsonl")
                        .lines())
                .hasSize(8)
                .doesNotHaveDuplicates();
    }

    @Test
    void other_namespaces_and_other_clusters_are_left_alone() throws Exception {
        Pod pod = world.pod(World.POD, world.app());
        Connection narrow = world.connection(Map.of("namespaces", "billing", "cluster", "prod-1"));
        assertThatThrownBy(() -> run(world.capture("shop/" + World.POD, narrow)))
                .hasMessageContaining("billing");
        assertThatThrownBy(() -> run(world.capture("prod-2/billing/x-1", narrow)))
                .hasMessageContaining("cluster prod-2");
        assertThatThrownBy(() -> run(world.capture("../secrets/x", narrow))).hasMessageContaining("neither");
        assertThat(world.cluster.recorder().calls("GET", "*")).isEmpty();
        Found found;
        try (Cluster cluster = Cluster.of(world.connection(Map.of()))) {
            found = new Pods(cluster).find(pod.uid(), java.time.Instant.now());
        }
        assertThat(found.name()).isEqualTo(World.POD);
    }

    @Test
    void one_container_alone_can_be_asked_for() throws Exception {
        world.pod(World.POD, world.app(), Container.of("proxy", world.device));
        MemoryCapture capture = world.capture("shop/" + World.POD + ":proxy", world.connection(Map.of()))
                .collecting("volatile");
        run(capture);
        Set<String> containers = World.members(capture).keySet().stream()
                .filter(name -> name.startsWith("varve/containers/"))
                .map(name -> name.substring(17, name.indexOf('.', 17)))
                .collect(Collectors.toSet());
        assertThat(containers).containsExactly("proxy");
    }
}
