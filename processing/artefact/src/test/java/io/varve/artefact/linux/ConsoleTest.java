package io.varve.artefact.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.artefact.CollectingSink;
import io.varve.artefact.Fixture;
import io.varve.artefact.MemoryFile;
import io.varve.event.EventTime;
import io.varve.event.TimelineEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the lines of a console are, beside what the fixtures show.
class ConsoleTest {
    private static final String ESCAPE = "\u001b";

    private static CollectingSink read(String... lines) throws IOException {
        var file = new MemoryFile(
                "/varve/cloud/gcp/serial-port-1.log", String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
        return CollectingSink.run(new Console(), file, Fixture.blankContext());
    }

    private static List<String> times(CollectingSink sink) {
        return sink.events().stream()
                .map(event -> event.time().map(EventTime::iso).orElse("undated"))
                .map(time -> time.replace("000000Z", "Z"))
                .toList();
    }

    private static TimelineEvent only(CollectingSink sink) {
        assertThat(sink.events()).hasSize(1);
        return sink.events().getFirst();
    }

    @Test
    void lines_of_a_kernel_are_undated_while_nothing_says_when_it_booted() throws IOException {
        assertThat(times(read("[    1.000000] a", "[    2.000000] b"))).containsExactly("undated", "undated");
    }

    @Test
    void one_boot_lends_no_time_to_another() throws IOException {
        CollectingSink sink = read(
                "[  900.000000] before",
                "[    0.000000] Linux version 6.1.0",
                "[    2.000000] rtc_cmos 00:00: setting system clock to 2026-11-27T10:00:02 UTC (1795773602)",
                "[  900.500000] between",
                "[    0.500000] after");
        assertThat(times(sink))
                .containsExactly(
                        "undated",
                        "2026-11-27T10:00:00.000Z",
                        "2026-11-27T10:00:02.000Z",
                        "2026-11-27T10:15:00.500Z",
                        "undated");
        assertThat(sink.events().get(3).time().orElseThrow().inferred()).isTrue();
        assertThat(sink.events().get(3).time().orElseThrow().original()).contains("[900.500000]");
        assertThat(sink.events().get(2).time().orElseThrow().inferred())
                .as("the line states its time")
                .isFalse();
    }

    @Test
    void a_boot_that_follows_within_seconds_is_told_by_its_first_line() throws IOException {
        assertThat(times(read(
                        "[    0.000000] Linux version 6.1.0",
                        "[    1.000000] rtc_cmos 00:00: setting system clock to 2026-11-27T10:00:01 UTC (1795773601)",
                        "[    3.000000] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)",
                        "[    0.000000] Linux version 6.1.0")))
                .containsExactly(
                        "2026-11-27T10:00:00.000Z", "2026-11-27T10:00:01.000Z", "2026-11-27T10:00:03.000Z", "undated");
    }

    @Test
    void processors_that_print_out_of_order_are_of_one_boot() throws IOException {
        assertThat(times(read(
                        "[   11.000000] rtc_cmos 00:00: setting system clock to 2026-11-27T10:00:11 UTC (1795773611)",
                        "[   10.999990] late")))
                .containsExactly("2026-11-27T10:00:11.000Z", "2026-11-27T10:00:10.999990000Z");
    }

    @Test
    void cloud_init_dates_a_boot_whose_clock_was_not_set_and_the_clock_is_better() throws IOException {
        String stage = "[    5.000000] cloud-init[1]: Cloud-init v. 24.1 running 'init' at"
                + " Fri, 27 Nov 2026 12:00:05 +0200. Up 5.00 seconds.";
        assertThat(times(read("[    1.000000] a", stage)))
                .containsExactly("2026-11-27T10:00:01.000Z", "2026-11-27T10:00:05.000Z");
        CollectingSink both = read(
                "[    1.000000] a",
                stage,
                "[    6.000000] rtc_cmos 00:00: setting system clock to 2026-11-27T11:00:06 UTC (1795777206)");
        assertThat(times(both).getFirst()).isEqualTo("2026-11-27T11:00:01.000Z");
        assertThat(both.warnings()).singleElement().asString().contains("3600 seconds");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[    1.000000] rtc_cmos: setting system clock to 2026-13-27T10:00:01 UTC (1795773601)",
                "[    1.000000] rtc_cmos: setting system clock to 2026-11-27T10:00:01 UTC (1)",
                "[    1.000000] rtc_cmos: setting system clock to 2026-11-27T10:00:01 CET",
                "[    1.000000] x[1]: Cloud-init v. 1 running 'init' at Fri, 27 Nov 2026 10:00:05 +0000. Up soon.",
                "[    1.000000] x[1]: Cloud-init v. 1 running 'init' at Mon, 27 Nov 2026 10:00:05 +0000. Up 1.0 seconds.",
            })
    void what_contradicts_itself_or_says_too_little_dates_nothing(String line) throws IOException {
        assertThat(times(read(line))).containsExactly("undated");
    }

    @Test
    void what_a_terminal_does_not_show_is_left_out_and_the_line_is_kept() throws IOException {
        String stored = ESCAPE + "]0;title\u0007" + ESCAPE + "[1;31m[FAILED]" + ESCAPE + "(B" + ESCAPE
                + "[m Failed to start a\u0008b.";
        TimelineEvent event = only(read(stored));
        assertThat(event.message()).isEqualTo("systemd: Failed to start ab. (failed)");
        assertThat(event.fields()).containsEntry("event.original", stored).containsEntry("systemd.status", "failed");
        assertThat(only(read("plain")).fields()).doesNotContainKey("event.original");
    }

    @Test
    void a_line_that_shows_nothing_is_rejected_with_a_reason() throws IOException {
        CollectingSink sink = read(ESCAPE + "[2J", "", "   ", "text");
        assertThat(sink.parsed()).isEqualTo(1);
        assertThat(sink.rejected()).isEqualTo(1);
        assertThat(sink.warnings()).singleElement().asString().contains("nothing but control characters");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Out of memory: Killed process 7 (java) total-vm:1kB, UID:33 | java | 7 | 33 | false",
                "Out of memory: Kill process 7 (a) b) score 9 or sacrifice child | a) b | 7 | '' | false",
                "Out of memory: Killed process 7, UID 48, (httpd) total-vm:1kB | httpd | 7 | 48 | false",
                "Memory cgroup out of memory: Killed process 7 (x) total-vm:1kB, UID:0 pgtables:1kB | x | 7 | 0 | true",
            })
    void processes_that_the_kernel_killed_are_told_by_name(
            String line, String name, long pid, String user, boolean cgroup) throws IOException {
        TimelineEvent event = only(read("[    1.000000] " + line));
        assertThat(event.dataType()).isEqualTo("linux:console:oom_kill");
        assertThat(event.fields())
                .containsEntry("oom.process.name", name)
                .containsEntry("oom.process.pid", pid)
                .containsEntry("oom.cgroup", cgroup);
        assertThat(event.fields().getOrDefault("user.id", "")).isEqualTo(user);
    }

    @Test
    void what_the_kernel_prints_after_a_prompt_is_an_event_of_its_own() throws IOException {
        CollectingSink sink = read("web-1 login: [    9.000000] Kernel panic - not syncing: Fatal exception");
        assertThat(sink.parsed()).isEqualTo(1);
        assertThat(sink.events())
                .extracting(TimelineEvent::message)
                .containsExactly("The console of web-1 asks for a login", "The kernel panicked: Fatal exception");
    }

    @Test
    void lines_that_a_program_wrote_mean_what_they_mean_in_any_log() throws IOException {
        String text = "sshd[8]: Accepted password for root from 203.0.113.7 port 50122 ssh2";
        assertThat(only(read(text)).dataType()).isEqualTo("linux:ssh:login");
        assertThat(only(read("[    9.000000] " + text)).dataType()).isEqualTo("linux:ssh:login");
        assertThat(only(read("2026-11-27T10:00:00+00:00 web-1 " + text)).dataType())
                .isEqualTo("linux:ssh:login");
    }

    @Test
    void numbers_that_are_too_large_for_a_time_are_no_times() throws IOException {
        CollectingSink sink = read(
                "[9999999999.999999] late",
                "[    1.000000] rtc_cmos 00:00: setting system clock to 9999-12-31T23:59:59 UTC",
                "[9999999999.999999] later",
                "[99999999999.0] no stamp");
        assertThat(sink.parsed()).isEqualTo(4);
        assertThat(sink.events()).hasSize(4);
    }
}
