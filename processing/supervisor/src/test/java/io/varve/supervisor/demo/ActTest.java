package io.varve.supervisor.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class ActTest {
    @Test
    void theProgramRunsUnderItsNameAndNothingIsLeft() throws Exception {
        Path program;
        long pid;
        try (Act act = Act.begin()) {
            program = act.program();
            pid = act.pid();
            assertThat(program).exists();
            assertThat(act.sha256()).hasSize(64);
            assertThat(ProcessHandle.of(pid)).isPresent();
        }
        assertThat(program.getParent()).doesNotExist();
        assertThat(Files.exists(Path.of("/proc", Long.toString(pid), "exe"))).isFalse();
    }
}
