package io.varve.emulator.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.emulator.device.Device;
import io.varve.emulator.device.DeviceFacts;
import io.varve.emulator.kit.TestClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A client that is not ours: `kubectl` reads pods and logs and runs commands at the emulator.
class KubectlTest {
    @TempDir
    Path folder = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private KubernetesEmulator cluster;

    @SuppressWarnings("NullAway.Init")
    private Device device;

    /// @param out standard output
    private record Said(int exit, String out, String err) {}

    @BeforeEach
    void start() throws IOException {
        Assumptions.assumeTrue(installed(), "no kubectl on this machine: the protocol is not tried with it");
        Assumptions.assumeTrue(Device.possible(), "bubblewrap cannot make user namespaces here");
        device = Device.start(DeviceFacts.of("checkout-7f9-x2x4z"), folder);
        cluster = KubernetesEmulator.start(TestClock.running());
        cluster.pod(
                "shop",
                "checkout-7f9-x2x4z",
                Container.of("app", device).logging("ready", "GET /cart 200").restarted("panic: out of memory"),
                Container.of("proxy", device).distroless());
        Files.writeString(folder.resolve("ca.pem"), cluster.ca());
    }

    @AfterEach
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
        if (device != null) {
            device.close();
        }
    }

    private static boolean installed() {
        try {
            return new ProcessBuilder("kubectl", "version", "--client")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Said kubectl(String stdin, String... arguments) throws Exception {
        var command = new ArrayList<>(List.of(
                "kubectl",
                "--server",
                cluster.url().toString(),
                "--certificate-authority",
                folder.resolve("ca.pem").toString(),
                "--token",
                cluster.token("kubectl", Duration.ofHours(1)),
                "--cache-dir",
                folder.resolve("cache").toString(),
                "--namespace",
                "shop"));
        command.addAll(List.of(arguments));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        process.getOutputStream().write(stdin.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return new Said(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    @Test
    void kubectl_reads_pods_logs_and_events() throws Exception {
        Said pods = kubectl("", "get", "pod", "checkout-7f9-x2x4z", "-o", "jsonpath={.spec.nodeName} {.status.phase}");
        assertThat(pods.out()).as(pods.err()).startsWith("ip-10-0-7-21").endsWith("Running");
        Said logs = kubectl("", "logs", "checkout-7f9-x2x4z", "-c", "app", "--timestamps");
        assertThat(logs.out().lines()).as(logs.err()).hasSize(2).allMatch(line -> line.matches("20\\S+Z .*"));
        assertThat(kubectl("", "logs", "checkout-7f9-x2x4z", "-c", "app", "--previous")
                        .out())
                .isEqualTo("panic: out of memory\n");
        assertThat(kubectl("", "logs", "checkout-7f9-x2x4z", "-c", "proxy", "--previous")
                        .err())
                .contains("previous terminated container");
        cluster.pageSize(1);
        cluster.pod("shop", "another-1", Container.of("app", device));
        assertThat(kubectl("", "get", "pods", "-o", "name").out()).contains("pod/another-1", "pod/checkout-7f9-x2x4z");
    }

    @Test
    void kubectl_runs_commands_with_input_output_and_exit_codes() throws Exception {
        Said ran = kubectl("", "exec", "checkout-7f9-x2x4z", "-c", "app", "--", "sh", "-c", "hostname; echo no >&2");
        assertThat(ran).as(ran.err()).isEqualTo(new Said(0, "checkout-7f9-x2x4z\n", "no\n"));
        assertThat(kubectl("", "exec", "checkout-7f9-x2x4z", "-c", "app", "--", "sh", "-c", "exit 7")
                        .exit())
                .isEqualTo(7);
        Said typed = kubectl("in and out", "exec", "-i", "checkout-7f9-x2x4z", "-c", "app", "--", "cat");
        assertThat(typed.out()).as(typed.err()).isEqualTo("in and out");
        Said none = kubectl("", "exec", "checkout-7f9-x2x4z", "-c", "proxy", "--", "sh");
        assertThat(none.exit()).isNotZero();
        assertThat(none.err()).contains("executable file not found");
        assertThat(cluster.recorder().calls("GET", "*/exec"))
                .as("over WebSocket, not SPDY")
                .hasSize(4);
    }

    @Test
    void kubectl_is_refused_what_the_role_does_not_grant() throws Exception {
        cluster.rbac().deny("list pods");
        assertThat(kubectl("", "get", "pods", "-o", "name").err()).contains("forbidden");
        assertThat(kubectl("", "delete", "pod", "checkout-7f9-x2x4z", "--wait=false")
                        .exit())
                .isNotZero();
        assertThat(cluster.recorder().containmentCalls()).isNotEmpty();
        cluster.rbac().deny("* pods/exec");
        assertThat(kubectl("", "exec", "checkout-7f9-x2x4z", "-c", "app", "--", "true")
                        .err())
                .contains("forbidden");
    }
}
