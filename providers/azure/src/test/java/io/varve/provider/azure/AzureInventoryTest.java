package io.varve.provider.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.emulator.azure.AzureEmulator;
import io.varve.emulator.azure.Machine;
import io.varve.provider.Inventory.Found;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.SeenInventory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("cloud")
final class AzureInventoryTest {
    private static final String OTHER = "00000000-0000-4000-8000-0000000000cc";
    private static final String READ = "Microsoft.Compute/virtualMachines/read";

    @TempDir
    private Path folder = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private World world;

    private final SeenInventory seen = new SeenInventory();

    @BeforeEach
    void start() {
        world = new World(folder);
    }

    @AfterEach
    void stop() {
        world.close();
    }

    /// As assets carry it.
    private static String id(Machine machine) {
        return machine.id().toLowerCase(Locale.ROOT);
    }

    private void list(Map<String, String> more) throws Exception {
        new AzureVendor().inventory().orElseThrow().list(world.connection(more), seen);
    }

    private Machine machine(String name) {
        return world.machine(AzureEmulator.SUBSCRIPTION, name);
    }

    @Test
    void machines_of_every_subscription_are_found_over_several_pages() throws Exception {
        world.azure.subscription(OTHER);
        var made = new ArrayList<Machine>();
        for (int i = 0; i < 5; i++) {
            made.add(machine("web-" + i));
        }
        made.add(world.machine(OTHER, "Web-0"));
        list(Map.of());
        assertThat(seen.gaps).isEmpty();
        assertThat(seen.found.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        made.stream().map(AzureInventoryTest::id).toList());
        assertThat(seen.one(id(made.getLast())).name()).isEqualTo("Web-0");
        assertThat(seen.one(id(made.getLast())).place()).isEqualTo(OTHER + " / " + World.GROUP + " / westeurope");
    }

    @Test
    void subscriptions_that_the_integration_does_not_name_are_left_alone() throws Exception {
        world.azure.subscription(OTHER);
        Machine here = machine("web-1");
        world.machine(OTHER, "web-2");
        list(Map.of("subscriptions", AzureEmulator.SUBSCRIPTION));
        assertThat(seen.found.keySet()).containsExactly(id(here));
        assertThat(world.azure.actions()).noneMatch(action -> action.path().contains(OTHER));
    }

    @Test
    void a_machine_is_told_by_its_name_tags_state_and_platform() throws Exception {
        Machine web = machine("web-1");
        world.azure.estate().traits(web).tag("team", "<b>shop</b>").tag("note", "ü".repeat(300));
        Machine desk = machine("desk-1");
        world.azure.estate().traits(desk).windows().power("deallocated");
        list(Map.of());
        Found linux = seen.one(id(web));
        assertThat(linux.name()).isEqualTo("web-1");
        assertThat(linux.hostName()).hasValue("web-1");
        assertThat(linux.kind()).isEqualTo("Azure virtual machine");
        assertThat(linux.state()).isEqualTo("running");
        assertThat(linux.platform()).hasValue("linux");
        assertThat(linux.startedAt()).hasValue(world.clock.instant());
        assertThat(linux.tags()).containsOnly(Map.entry("team", "<b>shop</b>"), Map.entry("note", "ü".repeat(256)));
        assertThat(linux.ephemeral()).isEmpty();
        assertThat(seen.one(id(desk)).state()).isEqualTo("deallocated");
        assertThat(seen.one(id(desk)).platform()).hasValue("windows");
    }

    @Test
    void whether_machines_run_is_not_asked_of_each() throws Exception {
        for (int i = 0; i < 4; i++) {
            machine("web-" + i);
        }
        list(Map.of());
        assertThat(world.azure.actions())
                .filteredOn(action -> action.name().equals(READ))
                .hasSize(4)
                .allMatch(action -> action.path().endsWith("/virtualMachines"));
    }

    @Test
    void what_may_be_gone_soon_says_why() throws Exception {
        Machine scaled = machine("web-1");
        world.azure.estate().traits(scaled).in("web-fleet");
        Machine spot = machine("batch-1");
        world.azure.estate().traits(spot).spot();
        list(Map.of());
        assertThat(seen.one(id(scaled)).ephemeral()).hasValue("in the scale set web-fleet");
        assertThat(seen.one(id(spot)).ephemeral()).hasValue("a spot machine");
    }

    @Test
    void a_subscription_that_refuses_is_a_gap_and_the_rest_is_found() throws Exception {
        world.azure.subscription(OTHER);
        Machine here = machine("web-1");
        world.machine(OTHER, "web-2");
        world.azure.allowed().denyIn(OTHER, READ);
        list(Map.of("subscriptions", OTHER + " " + AzureEmulator.SUBSCRIPTION));
        assertThat(seen.found.keySet()).containsExactly(id(here));
        assertThat(seen.gaps).containsOnlyKeys(OTHER);
        assertThat(seen.gaps.get(OTHER)).contains(READ);
    }

    @Test
    void nothing_but_refusals_is_one() {
        machine("web-1");
        world.azure.allowed().deny(READ);
        assertThatThrownBy(() -> list(Map.of()))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.kind()).isEqualTo(Kind.FORBIDDEN));
    }

    @Test
    void the_documented_right_to_capture_is_enough() throws Exception {
        Machine web = machine("web-1");
        world.azure.allowed().grantOnly(Feature.CAPTURE.actions(), List.of());
        list(Map.of("subscriptions", AzureEmulator.SUBSCRIPTION));
        assertThat(seen.found.keySet()).containsExactly(id(web));
    }
}
