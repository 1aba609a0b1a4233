package io.varve.provider.collector;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.provider.ProviderException;
import io.varve.provider.collector.profile.Profile;
import io.varve.provider.collector.profile.Profiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectorScriptsTest {
    @TempDir
    Path folder;

    @Test
    void aProfileGivesTheSameScriptEachTime() throws ProviderException {
        for (Platform platform : Platform.values()) {
            CollectorScript script = CollectorScripts.of(triage(), platform);
            assertThat(script.content()).hasSizeLessThan(200_000);
            assertThat(script.fileName()).contains(script.sha256().hex().substring(0, 12));
            assertThat(CollectorScripts.of(triage(), platform)).isEqualTo(script);
        }
    }

    @Test
    void everyShellHereUnderstandsTheScripts() throws Exception {
        for (Profile profile : Profiles.all()) {
            for (Platform platform : List.of(Platform.LINUX, Platform.MACOS)) {
                Path file = Files.write(
                        folder.resolve("collect.sh"),
                        CollectorScripts.of(profile, platform).content());
                for (String shell : List.of("sh", "dash", "bash", "zsh", "mksh")) {
                    understood(shell, file);
                }
            }
        }
    }

    private static void understood(String shell, Path file) throws InterruptedException {
        try {
            int exit = new ProcessBuilder(shell, "-n", file.toString())
                    .inheritIO()
                    .start()
                    .waitFor();
            assertThat(exit).as(shell).isZero();
        } catch (IOException e) {
            assertThat(shell).as("a shell that is not here").isNotEqualTo("sh");
        }
    }

    @Test
    void whatAgentsAreSentHoldsNothingOfOtherSystems() {
        Profile linux = triage().on("linux");

        assertThat(linux.systems()).isEmpty();
        assertThat(linux.artifacts()).isEqualTo(triage().artifacts());
        assertThat(triage().on("windows").artifacts())
                .extracting(Profile.Artifact::name)
                .contains("WindowsXMLEventLogFiles")
                .doesNotContain("LinuxSysLogFiles");
    }

    @Test
    void theWindowsScriptIsMarkedAsUtf8() throws ProviderException {
        String text = new String(CollectorScripts.of(triage(), Platform.WINDOWS).content(), StandardCharsets.UTF_8);

        assertThat(text)
                .startsWith("\uFEFF#")
                .contains("'WindowsXMLEventLogFiles'")
                .contains("\r\n");
    }

    private static Profile triage() {
        return Profiles.named("triage").orElseThrow();
    }
}
