package io.varve.provider.sentinelone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.device.Containment;
import io.varve.emulator.device.Device;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.RemoteHost;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Hosts are found by the vendor's ids and by name; their network status is read and never mistaken for being offline.
@Tag("contained")
class SentinelOneHostsTest {
    @TempDir
    Path folder;

    private World world;
    private SentinelOneHosts hosts;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(Device.possible(), "no sandboxes on this machine");
        world = new World(folder);
        hosts = new SentinelOneHosts(world.clock, world.waiting());
    }

    @AfterEach
    void close() {
        if (world != null) {
            world.close();
        }
    }

    private RemoteHost find(String target) throws ProviderException, InterruptedException {
        return hosts.find(world.connection(), target);
    }

    @Test
    void foundByIdUuidAndName() throws Exception {
        for (String target : new String[] {world.agent.id(), world.agent.uuid(), "web77"}) {
            assertThat(find(target).id()).isEqualTo(world.agent.id());
        }
        assertThat(find("web77").facts()).containsEntry("networkStatus", "disconnected");
    }

    @Test
    void agentThatIsGoneIsNamedAndNotChosen() throws Exception {
        ObjectNode gone = facts("2200000000000000009");
        gone.put("isDecommissioned", true);
        world.console.add(gone, Optional.empty());
        RemoteHost host = find("web77");
        assertThat(host.id()).isEqualTo(world.agent.id());
        assertThat(host.others()).singleElement().asString().contains("2200000000000000009", "decommissioned");
        assertThatThrownBy(() -> find("2200000000000000009")).hasMessageContaining("decommissioned");
    }

    @Test
    void hostNobodyKnowsIsNotFound() {
        assertThatThrownBy(() -> find("no-such-host"))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
    }

    @Test
    void everyNetworkStatusIsOneContainment() throws Exception {
        RemoteHost host = find("web77");
        for (Containment state : Containment.values()) {
            world.device.containment(state);
            String expected = switch (state) {
                case NORMAL -> "normal";
                case CONTAINED -> "contained";
                case PENDING, RELEASE_PENDING -> "pending";
            };
            assertThat(hosts.containment(world.connection(), host).text()).isEqualTo(expected);
        }
    }

    @Test
    void offlineIsNotContained() throws Exception {
        world.device.containment(Containment.NORMAL);
        world.device.goOffline();
        RemoteHost host = find("web77");
        assertThat(host.online()).contains(false);
        assertThat(hosts.containment(world.connection(), host).text()).isEqualTo("normal");
    }

    @Test
    void preflightSaysWhatWillHappenAndTouchesNothing() throws Exception {
        var preflight =
                world.provider.preflight(world.connection(), "web77", "triage").orElseThrow();
        assertThat(preflight.containment().text()).isEqualTo("contained");
        assertThat(preflight.online()).contains(true);
        assertThat(preflight.touches()).isNotEmpty();
        assertThat(preflight.checks()).isNotEmpty();
        assertThat(world.calls("POST", "*")).isZero();
    }

    private static ObjectNode facts(String id) {
        return SentinelOne.JSON
                .createObjectNode()
                .put("id", id)
                .put("uuid", "ab".repeat(20))
                .put("computerName", "web77")
                .put("osType", "linux")
                .put("isDecommissioned", false)
                .put("isUninstalled", false);
    }
}
