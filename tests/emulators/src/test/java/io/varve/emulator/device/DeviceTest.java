package io.varve.emulator.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("contained")
final class DeviceTest {
    @TempDir
    Path folder = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private Device device;

    @BeforeEach
    void start() throws IOException {
        Assumptions.assumeTrue(Device.possible(), "bubblewrap cannot make user namespaces here");
        device = Device.start(DeviceFacts.of("web77"), folder);
    }

    @AfterEach
    void stop() {
        List<ProcessHandle> inside = ProcessHandle.current().descendants().toList();
        device.close();
        assertThat(folder).isEmptyDirectory();
        assertThat(inside).hasSizeGreaterThan(3);
        Awaitility.await()
                .atMost(10, TimeUnit.SECONDS)
                .until(() -> inside.stream().noneMatch(DeviceTest::runs));
    }

    /// False for the dead that this machine's init has not buried yet.
    private static boolean runs(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    @Test
    void it_is_another_host() throws IOException {
        assertThat(run("hostname").out()).isEqualTo("web77\n");
        assertThat(run("cat /etc/hostname; id -u; pwd").out()).isEqualTo("web77\n0\n/\n");
        assertThat(run("grep Failed /var/log/auth.log | wc -l").out()).isEqualTo("40\n");
    }

    @Test
    void its_network_has_loopback_only_and_leads_nowhere() throws Exception {
        assertThat(run("cat /proc/net/dev | tail -n +3").out().trim())
                .startsWith("lo:")
                .doesNotContain("\n");
        assertThat(run("tail -n +2 /proc/net/route").out()).isEmpty();
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Output output = device.run(Command.of("bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/" + server.getLocalPort()));
            assertThat(output.exit()).isNotZero();
            assertThat(output.err()).contains("refused");
        }
        assertThat(device.run(Command.of("bash", "-c", "exec 3<>/dev/tcp/192.0.2.1/80"))
                        .err())
                .contains("unreachable");
    }

    @Test
    void it_sees_nothing_of_this_machine() throws IOException {
        Path outside = Files.writeString(folder.resolve("secret"), "x");
        assertThat(run("cat " + outside).exit()).isNotZero();
        assertThat(run("touch /usr/here").err()).contains("Read-only");
        assertThat(run("ps -e -o args=").out()).doesNotContain("java").doesNotContain(folder.toString());
        Files.delete(outside);
    }

    @Test
    void a_detached_process_outlives_its_command() throws IOException {
        assertThat(run("(sleep 0.3; echo late >/tmp/late) & echo soon").out()).isEqualTo("soon\n");
        device.detach(Command.script("sleep 0.2; echo alone >/tmp/alone"));
        Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> device.exists("/tmp/late"));
        Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> device.exists("/tmp/alone"));
        assertThat(run("ps -e -o args=").out()).contains(Device.implant() + " --pool " + Device.attacker());
    }

    @Test
    void commands_get_input_folder_and_exact_words() throws IOException {
        Output output = device.run(Command.of("sh", "-c", "pwd; cat; echo \"$1\" >&2; exit 7", "sh", "it's $HOME `id`")
                .in("/var/log")
                .reading("from outside\n".getBytes(StandardCharsets.UTF_8)));
        assertThat(output.out()).isEqualTo("/var/log\nfrom outside\n");
        assertThat(output.err()).isEqualTo("it's $HOME `id`\n");
        assertThat(output.exit()).isEqualTo(7);
    }

    @Test
    void a_command_without_end_is_killed() throws IOException {
        Output output = device.run(Command.script("echo begun; sleep 600").within(Duration.ofMillis(500)));
        assertThat(output.exit()).isEqualTo(Output.TIMED_OUT);
        assertThat(output.out()).isEqualTo("begun\n");
        assertThat(device.run(Command.script("yes").within(Duration.ofSeconds(20)))
                        .exit())
                .isEqualTo(Output.TOO_MUCH);
        Awaitility.await()
                .atMost(10, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(run("ps -e -o args=").out())
                        .doesNotContain("sleep 600")
                        .doesNotContain("yes"));
    }

    @Test
    void a_command_whose_caller_gives_up_is_killed() throws Exception {
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                run("touch /tmp/begun; sleep 601");
            } catch (IOException e) {
                // what the interruption is for
            }
        });
        Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> device.exists("/tmp/begun"));
        caller.interrupt();
        caller.join();
        Awaitility.await()
                .atMost(10, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(run("ps -e -o args=").out()).doesNotContain("sleep 601"));
    }

    @Test
    void files_go_in_and_out_and_no_link_leads_outside() throws IOException {
        device.put("/tmp/in", "bytes".getBytes(StandardCharsets.UTF_8));
        assertThat(run("cat /tmp/in").out()).isEqualTo("bytes");
        run("ln -s /etc/machine-id /tmp/link; ln -s ../../../../../../etc/hostname /tmp/up; ln -s loop /tmp/loop");
        assertThat(text("/tmp/link")).isEqualTo(device.facts().machineId() + "\n");
        assertThat(text("/tmp/up")).isEqualTo("web77\n");
        assertThat(text("/proc/sys/kernel/hostname")).isEqualTo("web77\n");
        assertThatThrownBy(() -> text("/tmp/loop")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> text("/tmp/none")).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> device.put("/bin/new", new byte[1])).isInstanceOf(ReadOnlyFileSystemException.class);
        device.delete("/tmp/in");
        assertThat(device.exists("/tmp/in")).isFalse();
        assertThat(device.list("/tmp")).contains("link", "up").doesNotContain("in");
    }

    @Test
    void a_snapshot_tells_what_was_left_behind() throws IOException {
        Snapshot before = device.snapshot();
        run("mkdir /tmp/work; echo x >/tmp/work/part; rm -r /tmp/work; cat /etc/passwd");
        assertThat(before.changes(device.snapshot())).isEmpty();
        run("echo x >>/var/log/syslog; touch /tmp/left; rm /etc/fstab");
        assertThat(before.changes(device.snapshot()))
                .containsExactlyInAnyOrder("changed /var/log/syslog", "added /tmp/left", "removed /etc/fstab");
    }

    private Output run(String script) throws IOException {
        return device.run(Command.script(script));
    }

    private String text(String path) throws IOException {
        try (InputStream in = device.read(path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
