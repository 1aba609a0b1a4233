package io.varve.artefact.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.luben.zstd.ZstdInputStream;
import io.varve.artefact.ArtefactParser;
import io.varve.artefact.CollectingSink;
import io.varve.artefact.Fixture;
import io.varve.artefact.MemoryFile;
import io.varve.event.EventTime;
import io.varve.event.TimelineEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Journals and login records of real hosts, against what journalctl and utmpdump say of them.
class LoginAndJournalCorpusTest {
    private static final Path LINUX =
            Path.of(System.getProperty("varve.corpus", "")).resolve("linux");

    private static byte[] corpus(String name) throws IOException {
        Path path = LINUX.resolve(name);
        assumeTrue(Files.exists(path), "no corpus file " + path);
        return Files.readAllBytes(path);
    }

    private static CollectingSink journal(String path, byte[] content) throws IOException {
        return read(new Journal(), path, content);
    }

    private static CollectingSink read(ArtefactParser parser, String path, byte[] content) throws IOException {
        var file = new MemoryFile(path, content);
        assertThat(parser.claims(file, file.head()))
                .as("%s claims %s", parser.name(), path)
                .isTrue();
        return CollectingSink.run(parser, file, Fixture.blankContext());
    }

    @ParameterizedTest
    @CsvSource({
        "journal/system.journal.zst,1922,0,2022-10-24T00:00:01.009823000Z,2022-10-24T04:07:18.086856000Z",
        "journal/user-1000.journal.zst,296,16,2022-10-24T04:05:57.611027000Z,2022-10-24T04:07:17.343599000Z",
        "made-web01/var/log/journal/system.journal.zst,242,0,2026-11-22T01:00:19.107874000Z,2026-11-22T01:02:44.347022000Z",
        "made-web01/var/log/journal/user-1000.journal.zst,48,0,2026-11-22T01:00:19.802308000Z,2026-11-22T01:01:30.499677000Z",
        "made-web01/var/log/journal/user-1001.journal.zst,6,0,2026-11-22T01:01:32.363909000Z,2026-11-22T01:01:33.212917000Z"
    })
    void journals(String name, int parsed, int rejected, String first, String last) throws IOException {
        try (var stream = new ZstdInputStream(new java.io.ByteArrayInputStream(corpus(name)))) {
            CollectingSink sink = journal("/" + name.replace(".zst", ""), stream.readAllBytes());
            assertThat(sink.parsed()).isEqualTo(parsed);
            assertThat(sink.rejected()).isEqualTo(rejected);
            assertThat(times(sink)).startsWith(first).endsWith(last);
            assertThat(sink.warnings()).noneMatch(w -> w.contains("hash"));
        }
    }

    @Test
    void journalsOfOtherVersionsAndCutOnes() throws IOException {
        try (var zip = new ZipInputStream(
                new java.io.ByteArrayInputStream(corpus("journal/velociraptor_system.journal.zip")))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                CollectingSink sink = journal("/" + entry.getName(), zip.readAllBytes());
                switch (entry.getName()) {
                    case "2004.journal", "2404.journal" ->
                        assertThat(sink.ledger()).isEqualTo("found=3 parsed=3 rejected=0 corrupt=no warnings=[]");
                    case "compact.journal" -> assertThat(sink.parsed()).isEqualTo(380);
                    default -> assertThat(sink.parsed()).isEqualTo(1);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "utmp/utmp,14,14",
        "utmp/utmp_s390,6,6",
        "utmp/utmp_x86_64,6,6",
        "made-web01/var/log/wtmp,10,10",
        "made-web01/var/log/btmp,17,17"
    })
    void loginRecords(String name, int parsed, int events) throws IOException {
        CollectingSink sink = read(new Utmp(), "/" + name, corpus(name));
        assertThat(sink.ledger())
                .isEqualTo("found=%d parsed=%d rejected=0 corrupt=no warnings=[]".formatted(parsed, parsed));
        assertThat(sink.events()).hasSize(events);
    }

    @Test
    void aStrayByteAfterTheLastRecordIsCountedAsRejected() throws IOException {
        CollectingSink sink = read(new Utmp(), "/var/log/wtmp.1", corpus("utmp/wtmp.1"));
        assertThat(sink.parsed()).isEqualTo(4);
        assertThat(sink.rejected()).isEqualTo(1);
        assertThat(times(sink)).containsExactly("2011-12-01T17:36:38.432935000Z", "2011-12-02T00:21:18.725048000Z");
    }

    @Test
    void lastLogons() throws IOException {
        CollectingSink sink = read(new Lastlog(), "/var/log/lastlog", corpus("made-web01/var/log/lastlog"));
        assertThat(sink.ledger()).isEqualTo("found=1002 parsed=1002 rejected=0 corrupt=no warnings=[]");
        assertThat(sink.events()).extracting(e -> e.fields().get("user.id")).containsExactly("1000", "1001");
    }

    private static List<String> times(CollectingSink sink) {
        return sink.events().stream()
                .map(TimelineEvent::time)
                .flatMap(Optional::stream)
                .map(EventTime::iso)
                .toList();
    }
}
