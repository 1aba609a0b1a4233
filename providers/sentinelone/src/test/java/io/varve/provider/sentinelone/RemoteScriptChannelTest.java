package io.varve.provider.sentinelone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.varve.emulator.device.Device;
import io.varve.emulator.sentinelone.ServiceUser;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.Channel.RemoteFile;
import io.varve.provider.collector.Platform;
import io.varve.provider.sentinelone.SmallCollector.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The channel's single acts: rights, file fetch without a script, limits.
@Tag("contained")
class RemoteScriptChannelTest {
    @TempDir
    Path folder;

    private World world;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(Device.possible(), "no sandboxes on this machine");
        world = new World(folder);
    }

    @AfterEach
    void close() {
        if (world != null) {
            world.console.assertNoContainmentCalls();
            world.close();
        }
    }

    private RemoteScriptChannel channel() throws Exception {
        var hosts = new SentinelOneHosts(world.clock, world.waiting());
        var host = hosts.find(world.connection(), world.agent.id());
        return (RemoteScriptChannel) hosts.open(world.connection(), host, world.capture());
    }

    private List<String> fetched(String... paths) throws Exception {
        var texts = new ArrayList<String>();
        var files = new ArrayList<RemoteFile>();
        for (String path : paths) {
            files.add(new RemoteFile(path, 0));
        }
        channel().fetch(files, (file, local) -> texts.add(file.path() + "=" + Files.readString(local)));
        return texts;
    }

    @Test
    void everyMissingRightIsNamedWithTheWayToGrantIt() throws Exception {
        for (String permission : List.of(
                "Remote Script Orchestration.view",
                "Remote Script Orchestration.upload",
                "Remote Script Orchestration.runArtifactCollectionScript",
                "Task Management.view",
                "Endpoints.view")) {
            world.forbid(permission);
            ProviderException refused = catchThrowableOfType(ProviderException.class, () -> {
                var channel = channel();
                var script = SmallCollector.script(Mode.PLAIN, Platform.LINUX);
                channel.deliver(script);
                channel.run(script, List.of("state", "/var/tmp", "c-1", "1"));
            });
            assertThat(refused.kind()).as(permission).isEqualTo(Kind.FORBIDDEN);
            assertThat(refused.reason()).contains(permission).contains("Settings > Users > Roles");
        }
    }

    @Test
    void expiredTokenIsSaid() {
        world.clock.advance(Duration.ofDays(100));
        assertThatThrownBy(this::channel)
                .hasMessageContaining("expired or was revoked")
                .hasMessageNotContaining(World.TOKEN);
    }

    @Test
    void filesAreFetchedWithoutAScriptAndFoldersAreNotListed() throws Exception {
        world.forbid("Remote Script Orchestration.upload");
        assertThat(fetched("/etc/hostname", "/etc/machine-id"))
                .hasSize(2)
                .first()
                .isEqualTo("/etc/hostname=web77\n");
        assertThat(world.calls("POST", "/remote-scripts*")).isZero();
        assertThatThrownBy(() -> channel().list("/etc"))
                .hasMessageContaining("Remote Script Orchestration.runArtifactCollectionScript");
    }

    @Test
    void fileThatIsNotThereIsNotFound() {
        world.settings.put("task_minutes", "1");
        assertThatThrownBy(() -> fetched("/etc/nothing"))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
    }

    @Test
    void uploadThatIsGoneIsAskedForAgainTheNextTime() throws Exception {
        var hosts = new SentinelOneHosts(world.clock, world.waiting());
        var host = hosts.find(world.connection(), world.agent.id());
        var capture = world.capture();
        world.console.behaviour().uploadLife = Duration.ZERO.minusSeconds(1);
        var file = List.of(new RemoteFile("/etc/hostname", 6));
        assertThatThrownBy(() -> hosts.open(world.connection(), host, capture).fetch(file, (one, local) -> {}))
                .hasMessageContaining("has removed the fetched files");
        world.console.behaviour().uploadLife = Duration.ofDays(3);
        var texts = new ArrayList<String>();
        hosts.open(world.connection(), host, capture).fetch(file, (one, local) -> texts.add(Files.readString(local)));
        assertThat(texts).containsExactly("web77\n");
    }

    @Test
    void scriptForAnotherSystemRunsNowhereAndThatIsAnError() {
        assertThatThrownBy(() -> {
                    var channel = channel();
                    var script = SmallCollector.script(Mode.PLAIN, Platform.WINDOWS);
                    channel.deliver(script);
                    channel.run(script, List.of("start", "/var/tmp", "c-1", "1000000", "8"));
                })
                .hasMessageContaining("on 0 hosts");
    }

    @Test
    void sameScriptOfACaptureIsUploadedOnce() throws Exception {
        var hosts = new SentinelOneHosts(world.clock, world.waiting());
        var host = hosts.find(world.connection(), world.agent.id());
        var capture = world.capture();
        var script = SmallCollector.script(Mode.PLAIN, Platform.LINUX);
        hosts.open(world.connection(), host, capture).deliver(script);
        hosts.open(world.connection(), host, capture).deliver(script);
        assertThat(world.console.scripts()).hasSize(1);
    }

    @Test
    void permissionsOfACaptureAreEnough() throws Exception {
        world.allow(ServiceUser.CAPTURE);
        var channel = channel();
        var script = SmallCollector.script(Mode.PLAIN, Platform.LINUX);
        channel.deliver(script);
        assertThat(channel.run(script, List.of("state", "/var/tmp", "c-1", "1")))
                .contains("state absent");
    }
}
