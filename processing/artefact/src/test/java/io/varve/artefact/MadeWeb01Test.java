package io.varve.artefact;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.event.EventTime;
import io.varve.event.TimelineEvent;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// A recorded break-in, action by action: each that leaves a trace in the collected files is an event within two
/// seconds.
///
/// The truth gives the moment the attacker began. A password check makes the server wait, so the trace of a failed
/// login
/// is the server's own record of the attempt, which comes first. What no file records is listed in [#LEFT_NO_TRACE].
@Tag("corpus")
class MadeWeb01Test {
    private static final String HOST = "linux/made-web01";
    private static final Duration NEAR = Duration.ofSeconds(2);
    private static final Pattern FAILED = Pattern.compile("failed password for (\\S+) from (\\S+)");
    private static final Pattern LOGIN = Pattern.compile("(?:attacker logs in as )?(\\S+) .*");

    /// Actions that no collected file can show at their time, and why.
    private static final Map<String, String> LEFT_NO_TRACE =
            Map.of("wait_cron", "the attacker only waited; the cron run itself is a test of its own");

    private record Action(Instant time, String kind, String detail) {}

    @TestFactory
    Stream<DynamicTest> everyActionThatLeftATraceIsAnEvent() throws IOException {
        Corpus.assumePresent();
        List<TimelineEvent> events = events();
        return actions().stream()
                .filter(action -> !LEFT_NO_TRACE.containsKey(action.kind()))
                .map(action -> DynamicTest.dynamicTest(
                        "%s %s: %s".formatted(action.time(), action.kind(), action.detail()),
                        () -> assertThat(events)
                                .filteredOn(event -> isNear(event, action.time()))
                                .anyMatch(trace(action))));
    }

    @Test
    void whatRootDidWithSudoIsSeenFromBothSides() throws IOException {
        Corpus.assumePresent();
        List<TimelineEvent> events = events();
        for (Action action : actions()) {
            if (action.kind().startsWith("typed:") && action.detail().startsWith("sudo ")) {
                String program = action.detail().split(" ")[1];
                assertThat(events)
                        .filteredOn(event -> isNear(event, action.time()))
                        .anyMatch(event -> event.dataType().equals("linux:sudo:command")
                                && field(event, "process.command_line").contains("/" + program));
            }
        }
    }

    @Test
    void theAccountThePasswordAndThePlantedScheduleAreSeen() throws IOException {
        Corpus.assumePresent();
        assertThat(events())
                .anyMatch(event -> event.dataType().equals("linux:account:user_added")
                        && field(event, "user.target.name").equals("support"))
                .anyMatch(event -> event.dataType().equals("linux:account:member_added")
                        && field(event, "group.name").equals("sudo"))
                .anyMatch(event -> event.dataType().equals("linux:account:password_changed")
                        && field(event, "user.target.name").equals("support"))
                .anyMatch(event -> event.dataType().equals("linux:cron:entry")
                        && field(event, "process.command_line").equals("/var/tmp/.x/up.sh"))
                .anyMatch(event -> event.dataType().equals("linux:cron:run")
                        && field(event, "process.command_line").equals("/var/tmp/.x/up.sh"))
                .anyMatch(event -> event.dataType().equals("linux:systemd:unit")
                        && field(event, "process.command_line").equals("/var/tmp/.x/up.sh"))
                .anyMatch(event -> event.dataType().equals("linux:ssh:authorized_key")
                        && field(event, "ssh.comment").equals("attacker@kali"));
    }

    @Test
    void everyEventHasALocationAndTheHostOfItsLine() throws IOException {
        Corpus.assumePresent();
        assertThat(events())
                .allMatch(event -> event.location().record().isPresent())
                .filteredOn(event -> event.dataType().startsWith("linux:ssh:"))
                .filteredOn(event -> event.parser().equals("syslog"))
                .allMatch(event -> event.host().orElse("").equals("web01"));
    }

    private static Predicate<TimelineEvent> trace(Action action) {
        return switch (action.kind()) {
            case "boot" ->
                event -> event.message().contains("multi-user")
                        || event.dataType().equals("linux:ssh:listening");
            case "end" -> event -> event.dataType().equals("linux:logind:power");
            case "ssh_fail" -> {
                Matcher failed = matched(FAILED, action.detail());
                yield event -> isAttempt(event, failed.group(1));
            }
            case "normal_login", "ssh_success", "second_login" -> {
                String user = action.kind().equals("ssh_success")
                        ? "alice"
                        : matched(LOGIN, action.detail()).group(1);
                yield event -> event.dataType().equals("linux:ssh:login")
                        && event.user().orElse("").equals(user);
            }
            default ->
                event -> event.dataType().equals("linux:bash:history")
                        && field(event, "process.command_line").equals(action.detail())
                        && action.kind().equals("typed:" + event.user().orElse(""));
        };
    }

    /// The server notes the attempt at once: as a user who does not exist, or as a failed check of one who does.
    private static boolean isAttempt(TimelineEvent event, String user) {
        return List.of("linux:ssh:invalid_user", "linux:pam:failed_login", "linux:ssh:failed_login")
                        .contains(event.dataType())
                && event.user().orElse("").equals(user);
    }

    private static Matcher matched(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.matches()).as(text).isTrue();
        return matcher;
    }

    private static String field(TimelineEvent event, String name) {
        return String.valueOf(event.fields().getOrDefault(name, ""));
    }

    private static boolean isNear(TimelineEvent event, Instant time) {
        return event.time()
                .flatMap(EventTime::instant)
                .filter(when -> Duration.between(when, time).abs().compareTo(NEAR) <= 0)
                .isPresent();
    }

    private static List<Action> actions() throws IOException {
        return Corpus.lines(HOST + ".TRUTH.tsv").stream()
                .skip(1)
                .map(line -> line.split("\t", 3))
                .map(columns -> new Action(Instant.parse(columns[0]), columns[1], columns[2]))
                .toList();
    }

    /// All events of the host, from every file that a parser takes.
    private static List<TimelineEvent> events() throws IOException {
        var events = new ArrayList<TimelineEvent>();
        for (String path : Corpus.files(HOST)) {
            MemoryFile file = Corpus.file(path, path.substring(HOST.length()));
            for (ArtefactParser parser : Fixture.claiming(file).stream().toList()) {
                events.addAll(
                        CollectingSink.run(parser, file, Fixture.blankContext()).events());
            }
        }
        return events;
    }
}
