package io.varve.provider.crowdstrike;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.emulator.crowdstrike.Scope;
import io.varve.emulator.device.Device;
import io.varve.emulator.device.Snapshot;
import io.varve.emulator.kit.CallFilter;
import io.varve.emulator.kit.Fault;
import io.varve.evidence.Digest;
import io.varve.provider.MemoryCapture;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.Channel;
import io.varve.provider.collector.Channel.RemoteFile;
import io.varve.provider.collector.CollectorScript;
import io.varve.provider.collector.PlainFiles;
import io.varve.provider.collector.Platform;
import io.varve.provider.collector.RemoteHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The channel alone, with a collector of three lines: it greets, and touches a file when it is told to start.
@Tag("contained")
class FalconChannelTest {
    private static final CallFilter DOWNLOAD = CallFilter.of("GET", "*/extracted-file-contents/*");
    private static final CallFilter ADMIN = CallFilter.of("POST", "*/admin-command/v1");

    @TempDir
    Path folder = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private Tenant tenant;

    @BeforeEach
    void start() {
        Assumptions.assumeTrue(Device.possible(), "bubblewrap cannot make user namespaces here");
        tenant = new Tenant(folder);
    }

    @AfterEach
    void stop() {
        tenant.close();
    }

    private static CollectorScript script() {
        byte[] text = "echo \"hello $*\"\n[ \"$1\" = start ] && echo x >>/var/tmp/started\nexit 0\n"
                .getBytes(StandardCharsets.UTF_8);
        Digest sha256 = Digest.of(text);
        String name = "varve-collect-%s.sh".formatted(sha256.hex().substring(0, 12));
        return new CollectorScript(Platform.LINUX, "triage", name, text, sha256);
    }

    private Channel open(MemoryCapture capture) throws ProviderException, InterruptedException {
        var hosts = new CrowdStrikeHosts(tenant.tenants());
        RemoteHost host = hosts.find(tenant.connection(), tenant.host.aid());
        return hosts.open(tenant.connection(), host, capture);
    }

    private List<byte[]> fetch(Channel channel, String... paths)
            throws ProviderException, InterruptedException, IOException {
        var arrived = new ArrayList<byte[]>();
        var wanted = new ArrayList<RemoteFile>();
        for (String path : paths) {
            wanted.add(new RemoteFile(path, tenant.device.size(path)));
        }
        channel.fetch(wanted, (file, local) -> arrived.add(Files.readAllBytes(local)));
        return arrived;
    }

    private byte[] onDevice(String path) throws IOException {
        try (var in = tenant.device.read(path)) {
            return in.readAllBytes();
        }
    }

    @Test
    void deliversRunsFetchesAndLeavesNothing() throws Exception {
        Snapshot before = tenant.device.snapshot();
        try (Channel channel = open(tenant.capture())) {
            channel.deliver(script());
            assertThat(channel.run(script(), List.of("state", "/var/tmp", "1"))).contains("hello state /var/tmp 1");
            assertThat(fetch(channel, "/etc/passwd", "/etc/hostname"))
                    .containsExactly(onDevice("/etc/passwd"), onDevice("/etc/hostname"));
            assertThat(channel.remove(script())).anyMatch(line -> line.contains("is gone from the host"));
        }
        assertThat(before.changes(tenant.device.snapshot())).isEmpty();
        assertThat(tenant.falcon.cloudFiles()).isEmpty();
        assertThat(tenant.falcon.openSessions()).isEmpty();
        assertThat(tenant.falcon.putFiles()).containsExactly(script().fileName());
        tenant.falcon.assertNoContainmentCalls();
    }

    @Test
    void usesWhatIsInTheLibraryAndOnTheHostAlready() throws Exception {
        MemoryCapture capture = tenant.capture();
        try (Channel channel = open(capture)) {
            channel.deliver(script());
        }
        int commands = tenant.falcon.recorder().count("POST", "*/admin-command/v1");
        try (Channel channel = open(capture)) {
            channel.deliver(script());
        }
        assertThat(tenant.falcon.recorder().count("POST", "*/put-files/v2")).isEqualTo(1);
        assertThat(tenant.falcon.recorder().count("POST", "*/admin-command/v1")).isEqualTo(commands + 1);
    }

    @Test
    void opensTheSessionAgainWhenItExpired() throws Exception {
        try (Channel channel = open(tenant.capture())) {
            channel.deliver(script());
            tenant.clock.advance(Duration.ofMinutes(11));
            assertThat(channel.run(script(), List.of("state"))).contains("hello");
            tenant.falcon.faults().at(1, DOWNLOAD, () -> tenant.clock.advance(Duration.ofMinutes(11)));
            assertThat(fetch(channel, "/etc/passwd")).containsExactly(onDevice("/etc/passwd"));
        }
    }

    @Test
    void staysOutOfTheWayInASessionThatSomebodyElseUses() throws Exception {
        Tenants other = tenant.tenants();
        RtrSession theirs = other.of(tenant.connection()).sessions().take(tenant.host.aid());
        theirs.together(commands -> commands.run(RtrCommand.changeFolder("/etc"), Duration.ofMinutes(1)));
        try (Channel channel = open(tenant.capture())) {
            channel.deliver(script());
        }
        String folderNow = theirs.together(commands -> commands.run(RtrCommand.look("ls", "ls"), Duration.ofMinutes(1)))
                .stdout();
        assertThat(folderNow).contains("hostname");
        assertThat(tenant.falcon.openSessions()).hasSize(1);
    }

    @Test
    void fetchesAgainWhatArrivedDamaged() throws Exception {
        try (Channel channel = open(tenant.capture())) {
            tenant.falcon.faults().after(1, 1, DOWNLOAD, Fault.altered());
            assertThat(fetch(channel, "/etc/passwd")).containsExactly(onDevice("/etc/passwd"));
            tenant.falcon.faults().always(DOWNLOAD, Fault.altered());
            assertThatThrownBy(() -> fetch(channel, "/etc/passwd"))
                    .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED))
                    .satisfies(e -> assertThat(e).hasMessageContaining("arrived damaged 3 times"));
        }
    }

    @Test
    void queuesForAnOfflineHostWhichRunsItAsSoonAsItIsBack() throws Exception {
        MemoryCapture capture = tenant.capture();
        tenant.device.goOffline();
        try (Channel channel = open(capture)) {
            assertThat(channel.deliver(script())).contains("queued");
            assertOffline(() -> channel.run(script(), List.of("start")));
        }
        try (Channel channel = open(capture)) {
            assertOffline(() -> channel.deliver(script()));
        }
        tenant.device.comeOnline();
        org.awaitility.Awaitility.await().until(() -> tenant.device.exists("/var/tmp/started"));
        try (Channel channel = open(capture)) {
            channel.deliver(script());
            assertThat(channel.run(script(), List.of("state"))).contains("hello");
        }
        assertThat(tenant.falcon.openSessions()).isEmpty();
        assertThat(onDevice("/var/tmp/started")).hasSize(2);
    }

    @Test
    void takesBackWhatWaitsWhenTheCaptureIsCancelled() throws Exception {
        MemoryCapture capture = tenant.capture();
        tenant.device.goOffline();
        try (Channel channel = open(capture)) {
            channel.deliver(script());
            assertOffline(() -> channel.run(script(), List.of("start")));
        }
        capture.cancelIt();
        try (Channel channel = open(capture)) {
            assertThatThrownBy(() -> channel.deliver(script()))
                    .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.CANCELLED));
        }
        assertThat(tenant.falcon.recorder().calls("DELETE", "*/queued-sessions/command/v1"))
                .hasSize(4)
                .allMatch(call -> call.status() == 204);
    }

    @Test
    void doesNotQueueWhereThatIsOff() throws Exception {
        tenant.set("queue_offline", "false").device.goOffline();
        try (Channel channel = open(tenant.capture())) {
            assertOffline(() -> channel.deliver(script()));
        }
        assertThat(tenant.falcon.openSessions()).isEmpty();
    }

    @FunctionalInterface
    private interface Doing {
        void it() throws Exception;
    }

    private static void assertOffline(Doing doing) {
        assertThatThrownBy(doing::it)
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.OFFLINE))
                .satisfies(e -> assertThat(e.retryAfter()).isPresent());
    }

    @Test
    void namesTheScopeThatIsMissing() throws Exception {
        tenant.without(Scope.RTR_ADMIN);
        try (Channel channel = open(tenant.capture())) {
            assertThatThrownBy(() -> channel.deliver(script()))
                    .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.FORBIDDEN))
                    .satisfies(e -> assertThat(e)
                            .hasMessageContaining("Real time response (admin): Write")
                            .hasMessageContaining("API clients and keys"));
        }
    }

    @Test
    void listsAndFetchesWithoutTheRightToRunScripts() throws Exception {
        tenant.without(Scope.RTR_ADMIN);
        try (Channel channel = open(tenant.capture())) {
            var plain = (PlainFiles) channel;
            assertThat(plain.list("/etc"))
                    .contains(new PlainFiles.Entry("passwd", false, tenant.device.size("/etc/passwd")))
                    .anyMatch(entry -> entry.folder())
                    .noneMatch(entry -> entry.name().startsWith("."));
            assertThatThrownBy(() -> plain.list("/nowhere"))
                    .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
            assertThat(plain.liveState()).containsKeys("ps", "netstat", "ifconfig");
            assertThat(plain.liveState().get("ps")).contains(Device.implant());
            assertThat(fetch(channel, "/etc/passwd")).containsExactly(onDevice("/etc/passwd"));
        }
    }

    @Test
    void refusesALibraryFileOfItsNameWithOtherContent() throws Exception {
        CollectorScript changed = new CollectorScript(
                Platform.LINUX,
                "triage",
                script().fileName(),
                "rm -rf /".getBytes(StandardCharsets.UTF_8),
                Digest.of("rm -rf /".getBytes(StandardCharsets.UTF_8)));
        try (Channel channel = open(tenant.capture())) {
            channel.deliver(changed);
            assertThatThrownBy(() -> channel.deliver(script()))
                    .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED))
                    .satisfies(e -> assertThat(e).hasMessageContaining("with other content"));
        }
    }

    @Test
    void removesItsLibraryFileWhereTheSettingSaysSo() throws Exception {
        tenant.set("remove_put_file", "true");
        try (Channel channel = open(tenant.capture())) {
            channel.deliver(script());
            channel.remove(script());
        }
        assertThat(tenant.falcon.putFiles()).isEmpty();
    }

    @Test
    void survivesLostAnswersServerErrorsAndAStormOf429() throws Exception {
        tenant.falcon
                .faults()
                .next(2, ADMIN, Fault.dropAnswer())
                .next(3, CallFilter.of("GET", "*/put-files/v1"), Fault.tooMany())
                .next(2, CallFilter.of("POST", "*/sessions/v1"), Fault.broken())
                .next(15, CallFilter.of("GET", "*/file/v2"), Fault.tooMany());
        try (Channel channel = open(tenant.capture())) {
            channel.deliver(script());
            assertThat(channel.run(script(), List.of("state"))).contains("hello");
            assertThat(fetch(channel, "/etc/passwd")).containsExactly(onDevice("/etc/passwd"));
        }
    }

    @Test
    void signsInAgainWhenTheTokenIsRefused() throws Exception {
        try (Channel channel = open(tenant.capture())) {
            tenant.falcon.expireTokens();
            channel.deliver(script());
        }
        assertThat(tenant.falcon.recorder().count("POST", "/oauth2/token")).isEqualTo(2);
    }
}
