package io.varve.investigation;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.event.Coverage;
import io.varve.event.EventJson;
import io.varve.event.TimelineEvent;
import io.varve.investigation.Corroboration.State;
import io.varve.investigation.Corroboration.Status;
import io.varve.timeline.Hit;
import io.varve.timeline.IndexName;
import io.varve.timeline.Scope;
import io.varve.timeline.TestEvents;
import io.varve.timeline.TimelineWriter;
import io.varve.timeline.lucene.LuceneTimelineStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A web server on which `up.sh` ran from a hidden folder, captured at 10:06.
class CorroboratorTest {
    private static final IndexName INDEX = new IndexName("main", "ev-web01", "1");
    private static final Scope SCOPE = Scope.of(new Scope.Part(INDEX, "web01", 1));
    private static final Instant CAPTURED = Instant.parse("2026-11-22T10:06:00Z");
    private static final String EVIL = "ab".repeat(32);
    private static final String CLEAN = "cd".repeat(32);
    private static final String UP = "/var/tmp/.x/up.sh";

    private final TestEvents host = new TestEvents("ev-web01");
    private final List<TimelineEvent> events = new ArrayList<>();
    private final List<AssetEvidence.FileRead> files = new ArrayList<>();
    private LuceneTimelineStore store;

    @BeforeEach
    void openStore(@TempDir Path folder) {
        store = new LuceneTimelineStore(folder);
    }

    @AfterEach
    void closeStore() throws IOException {
        store.close();
    }

    private void read(String path) {
        files.add(new AssetEvidence.FileRead(path, Coverage.Status.PARSED));
    }

    private void processes() {
        read("/varve/volatile/processes.jsonl");
        process("1", "2026-11-22T01:00:00Z", "/usr/lib/systemd/systemd", CLEAN);
    }

    private void process(String pid, String started, String executable, String sha256) {
        events.add(host.event(
                started,
                "linux:process:running",
                "/varve/volatile/processes.jsonl",
                pid,
                executable + " was running",
                "process.pid",
                Long.valueOf(pid),
                "process.name",
                Paths.name(executable),
                "process.executable",
                executable,
                "process.hash.sha256",
                sha256,
                "observed",
                CAPTURED.toString()));
    }

    private void sockets() {
        read("/varve/volatile/sockets.jsonl");
        events.add(host.event(
                CAPTURED.toString(),
                "linux:network:connection",
                "/varve/volatile/sockets.jsonl",
                "77",
                "tcp to 203.0.113.9:4444",
                "source.ip",
                "10.0.0.5",
                "source.port",
                50122L,
                "destination.ip",
                "203.0.113.9",
                "destination.port",
                4444L));
    }

    private void fileMetadata(String path, String changed, String sha256) {
        read("/varve/files.jsonl");
        host.meaning("Content Modification Time; Metadata Modification Time");
        events.add(host.event(
                changed,
                "linux:file:stat",
                "/varve/files.jsonl",
                path,
                path,
                "file.path",
                path,
                "file.type",
                "file",
                "file.hash.sha256",
                sha256));
        host.meaning("Recorded");
    }

    private void authLog(String begin) {
        read("/var/log/auth.log");
        events.add(
                host.event(begin, "linux:pam:session_opened", "/var/log/auth.log", "0", "cron", "user.name", "root"));
        events.add(host.event(
                "2026-11-22T10:01:00Z",
                "linux:ssh:login",
                "/var/log/auth.log",
                "1",
                "alice signed in from 198.51.100.7",
                "user.name",
                "alice",
                "source.ip",
                "198.51.100.7",
                "event.outcome",
                "success"));
    }

    private Corroboration corroborate(TestAlert alert) throws IOException {
        try (TimelineWriter writer = store.open(INDEX)) {
            for (TimelineEvent event : events) {
                writer.add(event);
            }
            writer.commit("end");
        }
        var item = new AssetEvidence.Item(CAPTURED, CAPTURED.plusSeconds(30), files);
        return new Corroborator(store).corroborate(alert.build(), new AssetEvidence(SCOPE, List.of(item)));
    }

    private static List<String> messages(List<Hit> hits) throws IOException {
        var messages = new ArrayList<String>();
        for (Hit hit : hits) {
            messages.add(EventJson.read(hit.json()).message());
        }
        return messages;
    }

    @Test
    void aRunningProcessConfirmsItsPath() throws IOException {
        processes();
        process("4242", "2026-11-22T10:02:00Z", UP, EVIL);

        Corroboration answer = corroborate(new TestAlert("script").process(UP, 4242, Map.of()));

        assertThat(answer.state()).isEqualTo(State.CONFIRMED);
        assertThat(messages(answer.events())).containsExactly(UP + " was running");
        assertThat(answer.reason()).contains(UP);
        assertThat(answer.sources())
                .contains(new Corroboration.Reading(Source.PROCESS_LIST, Status.READ, ""))
                .contains(new Corroboration.Reading(Source.AUDIT_LOG, Status.NOT_COLLECTED, "not captured"));
    }

    @Test
    void aProcessThatStartedLongBeforeAndStillRanCounts() throws IOException {
        processes();
        process("4242", "2026-11-20T10:02:00Z", "/usr/bin/miner", EVIL);

        assertThat(corroborate(new TestAlert("miner").process("/bin/miner", 4242, Map.of()))
                        .state())
                .isEqualTo(State.CONFIRMED);
    }

    @Test
    void aProcessAfterTheWindowDoesNotCount() throws IOException {
        processes();
        process("4242", "2026-11-22T11:00:00Z", UP, EVIL);

        assertThat(corroborate(new TestAlert("script").process(UP, 4242, Map.of()))
                        .state())
                .isEqualTo(State.NOT_SEEN);
    }

    @Test
    void anotherProgramUnderTheSamePidContradicts() throws IOException {
        processes();
        process("4242", "2026-11-22T09:00:00Z", "/usr/sbin/nginx", CLEAN);

        Corroboration answer = corroborate(new TestAlert("script").process(UP, 4242, Map.of()));

        assertThat(answer.state()).isEqualTo(State.CONTRADICTED);
        assertThat(messages(answer.events())).containsExactly("/usr/sbin/nginx was running");
    }

    @Test
    void aReusedPidOrALinkedProgramDoesNotContradict() throws IOException {
        processes();
        process("4242", "2026-11-22T10:05:30Z", "/usr/sbin/nginx", CLEAN);
        process("4343", "2026-11-22T09:00:00Z", "/usr/bin/python3.11", CLEAN);

        assertThat(corroborate(new TestAlert("a").process(UP, 4242, Map.of())).state())
                .isEqualTo(State.NOT_SEEN);
        assertThat(corroborate(new TestAlert("b").process("/usr/bin/python3", 4343, Map.of()))
                        .state())
                .isEqualTo(State.NOT_SEEN);
    }

    @Test
    void theSamePathWithAnotherHashContradicts() throws IOException {
        processes();
        process("4242", "2026-11-22T09:00:00Z", "/usr/sbin/sshd", CLEAN);

        assertThat(corroborate(new TestAlert("a").process("/usr/sbin/sshd", 4242, Map.of("SHA-256", EVIL)))
                        .state())
                .isEqualTo(State.CONTRADICTED);
    }

    @Test
    void withoutAProcessListAProcessIsNotCollected() throws IOException {
        sockets();

        Corroboration answer = corroborate(new TestAlert("script").process(UP, 4242, Map.of()));

        assertThat(answer.state()).isEqualTo(State.NOT_COLLECTED);
        assertThat(answer.reason()).contains("process list (not captured)");
    }

    @Test
    void aFileHashIsConfirmedByTheFile() throws IOException {
        fileMetadata(UP, "2026-11-21T10:01:00Z", EVIL);

        assertThat(corroborate(new TestAlert("file")
                                .file(UP, Map.of("sha256", EVIL.toUpperCase(java.util.Locale.ROOT))))
                        .state())
                .isEqualTo(State.CONFIRMED);
    }

    @Test
    void anUnchangedFileWithAnotherHashContradicts() throws IOException {
        fileMetadata(UP, "2026-11-21T10:01:00Z", CLEAN);

        Corroboration answer = corroborate(new TestAlert("file").file(UP, Map.of("sha256", EVIL)));

        assertThat(answer.state()).isEqualTo(State.CONTRADICTED);
        assertThat(answer.events()).hasSize(1);
    }

    @Test
    void aFileChangedSinceCannotContradict() throws IOException {
        fileMetadata(UP, "2026-11-22T10:03:00Z", CLEAN);

        Corroboration answer = corroborate(new TestAlert("file").file(UP, Map.of("sha256", EVIL)));

        assertThat(answer.state()).isEqualTo(State.NOT_COLLECTED);
        assertThat(answer.reason()).contains("not its content at the time");
    }

    @Test
    void aFileThatIsNotListedInAListedFolderIsNotSeen() throws IOException {
        fileMetadata("/var/tmp/.x/other", "2026-11-21T10:01:00Z", CLEAN);

        assertThat(corroborate(new TestAlert("a").file(UP, Map.of("sha256", EVIL)))
                        .state())
                .isEqualTo(State.NOT_SEEN);
        assertThat(corroborate(new TestAlert("b").file("/srv/data/x", Map.of("sha256", EVIL)))
                        .state())
                .isEqualTo(State.NOT_COLLECTED);
        assertThat(corroborate(new TestAlert("c").file(UP, Map.of("md5", "ab".repeat(16))))
                        .state())
                .isEqualTo(State.NOT_COLLECTED);
    }

    @Test
    void aConnectionIsConfirmedByItsSocket() throws IOException {
        sockets();

        assertThat(corroborate(new TestAlert("c2").connection("10.0.0.5", "203.0.113.9", 4444))
                        .state())
                .isEqualTo(State.CONFIRMED);
        assertThat(corroborate(new TestAlert("c2").connection("10.0.0.5", "203.0.113.9", 443))
                        .state())
                .isEqualTo(State.NOT_SEEN);
    }

    @Test
    void aConnectionIsConfirmedByWhatTheNetworkLetThrough() throws IOException {
        sockets();
        flow("ACCEPT", "192.0.2.10");
        flow("REJECT", "192.0.2.11");

        assertThat(corroborate(new TestAlert("c2").connection("10.0.0.5", "192.0.2.10", 443))
                        .state())
                .isEqualTo(State.CONFIRMED);
        assertThat(corroborate(new TestAlert("c2").connection("10.0.0.5", "192.0.2.11", 443))
                        .state())
                .isEqualTo(State.NOT_SEEN);
    }

    @Test
    void aFlowThatAzureDeniedIsNoConnection() throws IOException {
        sockets();
        flow("azure:flow:entry", "allowed", "192.0.2.10");
        flow("azure:flow:entry", "denied", "192.0.2.11");

        assertThat(corroborate(new TestAlert("c2").connection("10.0.0.5", "192.0.2.10", 443))
                        .state())
                .isEqualTo(State.CONFIRMED);
        assertThat(corroborate(new TestAlert("c2").connection("10.0.0.5", "192.0.2.11", 443))
                        .state())
                .isEqualTo(State.NOT_SEEN);
    }

    private void flow(String action, String to) {
        flow("aws:vpcflow:entry", action, to);
    }

    private void flow(String type, String action, String to) {
        events.add(host.event(
                CAPTURED.toString(),
                type,
                "/varve/cloud/aws/vpc-flow/eni-1.log",
                to,
                "10.0.0.5:40000 to %s:443 %s".formatted(to, action),
                "source.ip",
                "10.0.0.5",
                "source.port",
                40000L,
                "destination.ip",
                to,
                "destination.port",
                443L,
                "event.action",
                action));
    }

    @Test
    void aListeningSocketIsNoIncomingConnection() throws IOException {
        sockets();

        assertThat(corroborate(new TestAlert("scan").connection("198.51.100.7", "10.0.0.5", 50122))
                        .state())
                .isEqualTo(State.NOT_SEEN);
        assertThat(corroborate(new TestAlert("scan").connection("203.0.113.9", "10.0.0.5", 50122))
                        .state())
                .isEqualTo(State.CONFIRMED);
    }

    @Test
    void aLogonIsConfirmedByTheAuthenticationLog() throws IOException {
        authLog("2026-11-21T00:00:00Z");

        assertThat(corroborate(new TestAlert("Unusual login").user("Alice").from("198.51.100.7"))
                        .state())
                .isEqualTo(State.CONFIRMED);
        assertThat(corroborate(new TestAlert("Unusual login").user("alice").from("192.0.2.1"))
                        .state())
                .isEqualTo(State.NOT_SEEN);
    }

    @Test
    void aLogThatBeginsAfterTheAlertHasAGap() throws IOException {
        authLog("2026-11-22T10:00:30Z");

        Corroboration answer = corroborate(new TestAlert("Unusual login").user("bob"));

        assertThat(answer.state()).isEqualTo(State.NOT_COLLECTED);
        assertThat(answer.reason()).contains("begins after the alert");
        assertThat(answer.sources()).anyMatch(reading -> reading.status() == Status.PARTIAL);
    }

    @Test
    void aUserInAnotherKindOfAlertClaimsNoLogon() throws IOException {
        authLog("2026-11-21T00:00:00Z");

        Corroboration answer = corroborate(new TestAlert("Large upload").user("alice"));

        assertThat(answer.state()).isEqualTo(State.NOT_COLLECTED);
        assertThat(answer.reason()).contains("names no process path");
    }

    @Test
    void aSourceThatCouldNotBeReadIsNotCollected() throws IOException {
        files.add(new AssetEvidence.FileRead("/varve/volatile/processes.jsonl", Coverage.Status.FAILED));

        Corroboration answer = corroborate(new TestAlert("script").process(UP, 4242, Map.of()));

        assertThat(answer.state()).isEqualTo(State.NOT_COLLECTED);
        assertThat(answer.sources())
                .anyMatch(
                        reading -> reading.source() == Source.PROCESS_LIST && reading.status() == Status.NOT_COLLECTED);
    }

    @Test
    void aHostileFileCannotPassForASource() {
        assertThat(new AssetEvidence.FileRead("/home/x/varve/volatile/processes.jsonl", Coverage.Status.PARSED)
                        .counts())
                .isFalse();
        assertThat(new AssetEvidence.FileRead("a.tar.gz!/varve/volatile/processes.jsonl", Coverage.Status.PARSED)
                        .counts())
                .isTrue();
    }

    @Test
    void withoutEvidenceNothingIsCollected() throws IOException {
        Corroboration answer = new Corroborator(store)
                .corroborate(
                        new TestAlert("script").process(UP, 1, Map.of()).build(),
                        new AssetEvidence(Scope.of(), List.of()));

        assertThat(answer.state()).isEqualTo(State.NOT_COLLECTED);
        assertThat(answer.reason()).isEqualTo("No evidence of this asset has been captured.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/*",
                "/\" OR *:*",
                "/) OR (*",
                "/<script>alert(1)</script>",
                "/\\",
                "/x\u0000process.name",
                "/[a TO z]",
                "/.*/"
            })
    void hostileTextConfirmsNothing(String text) throws IOException {
        processes();
        fileMetadata(UP, "2026-11-21T10:01:00Z", CLEAN);
        sockets();
        authLog("2026-11-21T00:00:00Z");

        assertThat(corroborate(new TestAlert("a").process(text, 99, Map.of())).state())
                .isEqualTo(State.NOT_SEEN);
        assertThat(corroborate(new TestAlert("b").connection(text, text, 1)).state())
                .isEqualTo(State.NOT_SEEN);
        assertThat(corroborate(new TestAlert("login").user(text)).state()).isEqualTo(State.NOT_SEEN);
        assertThat(corroborate(new TestAlert("c").file(text, Map.of("sha256", EVIL, "md5", "*")))
                        .state())
                .isIn(State.NOT_SEEN, State.NOT_COLLECTED);
    }

    @Test
    void theFirstRelevantEventsAreThoseTheAlertNamesBeforeOtherActivity() throws IOException {
        processes();
        process("4242", "2026-11-22T10:02:00Z", UP, EVIL);
        authLog("2026-11-21T00:00:00Z");
        for (int i = 0; i < 30; i++) {
            events.add(host.event(
                    "2026-11-22T10:00:%02dZ".formatted(i),
                    "linux:cron:run",
                    "/var/log/syslog",
                    "c" + i,
                    "cron " + i,
                    "user.name",
                    "root"));
        }
        TestAlert alert = new TestAlert("script").process(UP, 4242, Map.of()).user("alice");
        corroborate(alert);

        List<Hit> first = new RelevantEvents(store, Corroborator.DEFAULT_SLACK).first(List.of(alert.build()), SCOPE, 4);

        assertThat(messages(first))
                .containsExactly("cron 0", "cron 1", "alice signed in from 198.51.100.7", UP + " was running");
    }
}
