package io.varve.disk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TriageTest {
    @ParameterizedTest
    @ValueSource(strings = {"/var/log", "/etc", "/home/ana", "/Users/Ana", "/Windows/System32/winevt/Logs", "/$Extend"})
    void folders_that_answer_first_questions_come_first_in_any_case(String folder) {
        assertThat(Triage.isFirst(folder)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/var", "/var/log/nginx", "/home", "/home/ana/Documents", "/etcetera", "/usr"})
    void others_do_not(String folder) {
        assertThat(Triage.isFirst(folder)).isFalse();
    }

    @Test
    void only_folders_above_them_lead_there() {
        assertThat(Triage.leadsThere("/")).isTrue();
        assertThat(Triage.leadsThere("/var")).isTrue();
        assertThat(Triage.leadsThere("/WINDOWS/system32")).isTrue();
        assertThat(Triage.leadsThere("/home")).isTrue();
        assertThat(Triage.leadsThere("/var/lo")).isFalse();
        assertThat(Triage.leadsThere("/usr")).isFalse();
    }
}
