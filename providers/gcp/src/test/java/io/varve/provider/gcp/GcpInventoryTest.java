package io.varve.provider.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.emulator.gcp.GcpEmulator;
import io.varve.emulator.gcp.Instance;
import io.varve.emulator.gcp.Scene.Disk;
import io.varve.provider.Inventory.Found;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.SeenInventory;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("cloud")
final class GcpInventoryTest {
    private static final String PARIS = "europe-west9-b";
    private static final String LIST = "compute.instances.list";

    @TempDir
    private Path folder = Path.of("");

    private World world = unset();
    private Disk disk = unset();
    private final SeenInventory seen = new SeenInventory();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeEach
    void start() {
        Assumptions.assumeTrue(GcpEmulator.possible(), "no gcs-server or qemu-img on this machine: GCP is skipped");
        world = World.make(folder);
        disk = Disk.of(world.disk(1));
    }

    @AfterEach
    void stop() {
        if (world != null) {
            world.close();
        }
    }

    private void list(Map<String, String> more) throws Exception {
        new GcpVendor(world.clock::advance).inventory().orElseThrow().list(world.connection(more), seen);
    }

    private Instance instance(String project, String zone) {
        return world.gcp.scene().instance(project, zone, disk);
    }

    @Test
    void instances_of_every_project_and_zone_are_found_over_several_pages() throws Exception {
        var made = new ArrayList<Instance>();
        for (int i = 0; i < 4; i++) {
            made.add(instance(World.PROJECT, World.ZONE));
        }
        made.add(instance(World.PROJECT, PARIS));
        made.add(instance(World.OTHER, PARIS));
        instance("project-of-others", PARIS);
        list(Map.of());
        assertThat(seen.gaps).isEmpty();
        assertThat(seen.found.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        made.stream().map(Instance::resource).toList());
        for (Instance one : made) {
            assertThat(seen.one(one.resource()).place()).isEqualTo(one.project() + " / " + one.zone());
            assertThat(seen.one(one.resource()).name()).isEqualTo(one.name());
        }
    }

    @Test
    void zones_that_the_integration_leaves_out_are_left_out() throws Exception {
        Instance here = instance(World.PROJECT, World.ZONE);
        instance(World.PROJECT, PARIS);
        list(Map.of("zones", World.ZONE));
        assertThat(seen.found.keySet()).containsExactly(here.resource());
    }

    @Test
    void an_instance_is_told_by_its_labels_state_platform_and_start() throws Exception {
        Instance web = instance(World.PROJECT, World.ZONE);
        world.gcp.scene().label(web, "team", "shop");
        world.gcp.scene().licensed(web, "debian-cloud", "debian-12-bookworm");
        world.gcp.scene().called(web, "web.shop.example");
        Instance desk = instance(World.PROJECT, World.ZONE);
        world.gcp.scene().licensed(desk, "windows-cloud", "windows-server-2022-dc");
        Instant started = Instant.parse("2026-11-01T08:00:00Z");
        world.gcp.scene().stopped(desk, started);
        Instance own = instance(World.PROJECT, World.ZONE);
        list(Map.of());
        Found linux = seen.one(web.resource());
        assertThat(linux.kind()).isEqualTo("Compute Engine instance");
        assertThat(linux.hostName()).hasValue("web.shop.example");
        assertThat(linux.state()).isEqualTo("RUNNING");
        assertThat(linux.platform()).hasValue("linux");
        assertThat(linux.tags()).containsOnly(Map.entry("app", "web"), Map.entry("team", "shop"));
        assertThat(linux.ephemeral()).isEmpty();
        assertThat(seen.one(desk.resource()).platform()).hasValue("windows");
        assertThat(seen.one(desk.resource()).state()).isEqualTo("TERMINATED");
        assertThat(seen.one(desk.resource()).startedAt()).hasValue(started);
        assertThat(seen.one(own.resource()).platform()).isEmpty();
    }

    @Test
    void what_may_be_gone_soon_says_why() throws Exception {
        Instance grouped = instance(World.PROJECT, World.ZONE);
        world.gcp.scene().grouped(grouped, "web-fleet");
        Instance spot = instance(World.PROJECT, World.ZONE);
        world.gcp.scene().spot(spot);
        Instance preemptible = instance(World.PROJECT, World.ZONE);
        world.gcp.scene().preemptible(preemptible);
        list(Map.of());
        assertThat(seen.one(grouped.resource()).ephemeral()).hasValue("in the instance group web-fleet");
        assertThat(seen.one(spot.resource()).ephemeral()).hasValue("a spot instance");
        assertThat(seen.one(preemptible.resource()).ephemeral()).hasValue("a preemptible instance");
    }

    @Test
    void a_project_that_refuses_and_a_zone_that_is_not_reached_are_gaps_and_the_rest_is_found() throws Exception {
        for (int i = 0; i < 3; i++) {
            instance(World.PROJECT, World.ZONE);
        }
        instance(World.PROJECT, PARIS);
        instance(World.OTHER, World.ZONE);
        world.gcp.grants().denyIn(World.OTHER, LIST);
        world.gcp.scene().unreachable(PARIS);
        list(Map.of());
        assertThat(seen.found).hasSize(3);
        assertThat(seen.gaps).containsOnlyKeys(World.OTHER, World.PROJECT + " / " + PARIS);
        assertThat(seen.gaps.get(World.OTHER)).contains(LIST);
        assertThat(seen.gaps.get(World.PROJECT + " / " + PARIS)).contains("does not reach this zone");
    }

    @Test
    void nothing_but_refusals_is_one() {
        world.gcp.grants().deny(LIST);
        assertThatThrownBy(() -> list(Map.of()))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.kind()).isEqualTo(Kind.FORBIDDEN));
    }

    @Test
    void the_documented_right_to_look_is_enough() throws Exception {
        Instance one = instance(World.PROJECT, World.ZONE);
        world.gcp.grants().grantOnly(Feature.SOURCE.permissions());
        list(Map.of("projects", World.PROJECT));
        assertThat(seen.found.keySet()).containsExactlyElementsOf(List.of(one.resource()));
    }
}
