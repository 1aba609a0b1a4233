package io.varve.provider.collector.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.evidence.Digest;
import io.varve.provider.collector.Platform;
import io.varve.provider.collector.relay.HostText.Sent;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Signed addresses are kept apart from the text of a script, and reach it all the same.
final class HostScriptTest {
    private static final URI SIGNED = URI.create("https://blobs.example/c/part-0?sp=w&sig=a%2Bb'c");

    private static HostScript sent(Platform platform) {
        var text = new HostText(platform, "/var/tmp/ours", Map.of());
        return text.send(List.of(
                new Sent("part-0", "/var/tmp/ours/a", SIGNED),
                new Sent("part-1", "/var/tmp/ours/b", URI.create("https://blobs.example/c/part-1?sig=2"))));
    }

    private static String run(String script, Map<String, String> environment) throws Exception {
        var process = new ProcessBuilder("/bin/sh", "-c", script).redirectErrorStream(true);
        process.environment().putAll(environment);
        Process running = process.start();
        String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(running.waitFor()).isZero();
        return said;
    }

    @Test
    void no_address_stands_in_a_text_that_asks_for_them() {
        for (Platform platform : Platform.values()) {
            HostScript script = sent(platform);
            assertThat(script.asking()).as("%s", platform).doesNotContain("sig=", "https://");
            assertThat(script.whole()).as("%s", platform).contains("blobs.example/c/part-1?sig=2");
            assertThat(script.toString()).as("%s", platform).doesNotContain("sig=");
            assertThat(script.parameters().keySet())
                    .as("%s", platform)
                    .containsExactly("VARVE_address_0", "VARVE_address_1");
            assertThat(new HostText(platform, "/var/tmp/ours", Map.of())
                            .take("x", "/x", SIGNED, Digest.of(new byte[0]))
                            .asking())
                    .doesNotContain("sig=");
        }
    }

    @Test
    void a_shell_gets_them_from_its_environment_and_hands_them_on_to_nobody() throws Exception {
        var script = new HostScript(
                Platform.LINUX,
                "echo \"got $address_0\"; env | grep -c VARVE_address || true\n",
                Map.of("address_0", SIGNED.toString()));
        assertThat(run(script.asking(), script.parameters()).lines()).containsExactly("got " + SIGNED, "0");
        assertThat(run(script.whole(), Map.of()).lines()).containsExactly("got " + SIGNED, "0");
    }

    @Test
    void a_parameter_that_did_not_arrive_is_said_and_nothing_is_run() throws Exception {
        HostScript script = sent(Platform.LINUX);
        var some = new HashMap<>(script.parameters());
        some.remove("VARVE_address_1");
        assertThat(run(script.asking(), some)).isEqualTo("the parameter VARVE_address_1 did not arrive\n");
    }

    @Test
    void powershell_gets_them_as_its_own_parameters_which_no_quoting_can_change() {
        HostScript script = sent(Platform.WINDOWS);
        assertThat(script.asking()).startsWith("param([string]$VARVE_address_0, [string]$VARVE_address_1)\n");
        assertThat(script.parameters().get("VARVE_address_0"))
                .matches("[A-Za-z0-9+/=]+")
                .satisfies(value -> assertThat(Base64.getDecoder().decode(value))
                        .isEqualTo(SIGNED.toString().getBytes(StandardCharsets.US_ASCII)));
    }
}
