package io.varve.artefact.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.artefact.CollectingSink;
import io.varve.artefact.Fixture;
import io.varve.artefact.MemoryFile;
import io.varve.event.TimelineEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UtmpTest {
    private static final long NOON = 1_763_812_800L;

    /// Builds login records of one layout, independently of the parser's own table.
    private record Builder(UtmpLayout layout, ByteBuffer file) {
        static Builder of(UtmpLayout layout) {
            boolean big = layout == UtmpLayout.COMPATIBLE_BIG_ENDIAN || layout == UtmpLayout.WIDE_BIG_ENDIAN;
            return new Builder(
                    layout, ByteBuffer.allocate(8_192).order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN));
        }

        Builder add(int type, int pid, String line, String user, String host, long seconds, int lastOctet) {
            int at = file.position();
            boolean old = layout == UtmpLayout.LIBC5;
            file.putShort(at, (short) type).putInt(at + 4, pid);
            text(at + 8, line, old ? 12 : 32);
            text(at + (old ? 28 : 44), user, old ? 8 : 32);
            text(at + (old ? 36 : 76), host, old ? 16 : 256);
            int address = old ? at + 52 : at + layout.size - 36;
            if (layout.size == 400) {
                file.putLong(at + 344, seconds).putLong(at + 352, 250_000);
                address = at + 360;
            }
            if (layout.size == 384) {
                file.putInt(at + 340, (int) seconds).putInt(at + 344, 250_000);
                address = at + 348;
            }
            if (old) {
                file.putInt(at + 24, (int) seconds);
            }
            if (lastOctet != 0) {
                file.put(address, new byte[] {10, 0, 0, (byte) lastOctet});
            }
            file.position(at + layout.size);
            return this;
        }

        private void text(int at, String text, int room) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            file.put(at, bytes, 0, Math.min(room, bytes.length));
        }

        Builder empty() {
            file.position(file.position() + layout.size);
            return this;
        }

        byte[] build() {
            return Arrays.copyOf(file.array(), file.position());
        }
    }

    private static byte[] wtmp(UtmpLayout layout) {
        return Builder.of(layout)
                .add(2, 0, "~", "reboot", "6.1.0-18-amd64", NOON, 0)
                .add(1, 53, "~", "runlevel", "6.1.0-18-amd64", NOON + 1, 0)
                .add(6, 39, "tty1", "LOGIN", "", NOON + 2, 0)
                .add(7, 140, "pts/2", "alice", "10.0.0.7", NOON + 60, 7)
                .add(8, 140, "pts/2", "", "", NOON + 80, 0)
                .empty()
                .add(4, 0, "|", "date", "", NOON + 90, 0)
                .add(3, 0, "}", "date", "", NOON + 30, 0)
                .add(1, 0, "~", "shutdown", "6.1.0-18-amd64", NOON + 100, 0)
                .build();
    }

    private static CollectingSink read(String path, byte[] content) throws IOException {
        var file = new MemoryFile(path, content);
        assertThat(new Utmp().claims(file, file.head())).isTrue();
        return CollectingSink.run(new Utmp(), file, Fixture.blankContext());
    }

    @ParameterizedTest
    @EnumSource(UtmpLayout.class)
    void everyLayoutIsRecognisedAndRead(UtmpLayout layout) throws IOException {
        CollectingSink sink = read("/var/log/wtmp", wtmp(layout));
        assertThat(sink.ledger()).isEqualTo("found=9 parsed=9 rejected=0 corrupt=no warnings=[]");
        assertThat(sink.events())
                .extracting(TimelineEvent::dataType)
                .containsExactly(
                        "linux:utmp:boot",
                        "linux:utmp:run_level",
                        "linux:utmp:entry",
                        "linux:utmp:logon",
                        "linux:utmp:logoff",
                        "linux:utmp:clock_change",
                        "linux:utmp:clock_change",
                        "linux:utmp:run_level");
        TimelineEvent logon = sink.events().get(3);
        assertThat(logon.message()).isEqualTo("alice logged on at pts/2 from 10.0.0.7");
        assertThat(logon.time().orElseThrow().seconds()).isEqualTo(NOON + 60);
        assertThat(logon.user()).contains("alice");
        assertThat(logon.fields()).containsEntry("source.ip", "10.0.0.7").containsEntry("process.pid", 140L);
    }

    @Test
    void recordsOfBtmpAreFailedLogons() throws IOException {
        byte[] btmp = Builder.of(UtmpLayout.COMPATIBLE)
                .add(6, 63, "ssh:notty", "root", "10.0.0.9", NOON, 9)
                .build();
        TimelineEvent event = read("/var/log/btmp.1", btmp).events().getFirst();
        assertThat(event.dataType()).isEqualTo("linux:utmp:failed_logon");
        assertThat(event.message()).isEqualTo("Logon of root at ssh:notty failed from 10.0.0.9");
    }

    @Test
    void aCutLastRecordIsRejected() throws IOException {
        byte[] whole = wtmp(UtmpLayout.COMPATIBLE);
        CollectingSink sink = read("/var/log/wtmp", Arrays.copyOf(whole, whole.length - 84));
        assertThat(sink.parsed()).isEqualTo(8);
        assertThat(sink.warnings()).containsExactly("rejected at 3072: record cut after 300 of 384 bytes");
    }

    @Test
    void otherFilesOfTheNameAreLeftAlone() {
        var text =
                new MemoryFile("/home/a/wtmp", "notes about wtmp\n".repeat(100).getBytes(StandardCharsets.UTF_8));
        assertThat(new Utmp().claims(text, text.head())).isFalse();
    }

    @Test
    void lastlogGivesOneEventForEachUserWhoLoggedOn() throws IOException {
        byte[] lastlog = lastlog();
        var file = new MemoryFile("/var/log/lastlog", lastlog);
        assertThat(new Lastlog().claims(file, file.head())).isTrue();
        CollectingSink sink = CollectingSink.run(new Lastlog(), file, Fixture.blankContext());
        assertThat(sink.ledger()).isEqualTo("found=1001 parsed=1001 rejected=0 corrupt=no warnings=[]");
        assertThat(sink.events())
                .singleElement()
                .extracting(TimelineEvent::message)
                .isEqualTo("Last logon of 1000 (uid 1000) at pts/2 from 10.0.0.7");
    }

    private static byte[] lastlog() {
        byte[] text = new byte[292 * 1_001];
        ByteBuffer.wrap(text)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(292_000, (int) NOON)
                .put(292_004, "pts/2".getBytes(StandardCharsets.UTF_8))
                .put(292_036, "10.0.0.7".getBytes(StandardCharsets.UTF_8));
        return text;
    }

    /// Rewrites the fixtures when `fixtures.update` is set.
    @Test
    void theFixturesAreWhatTheBuilderMakes() throws IOException {
        fixture("linux.utmp/var/log/wtmp", wtmp(UtmpLayout.COMPATIBLE));
        fixture("linux.utmp/var/log/wtmp.1", wtmp(UtmpLayout.WIDE_BIG_ENDIAN));
        fixture(
                "linux.utmp/var/log/btmp",
                Builder.of(UtmpLayout.WIDE)
                        .add(6, 63, "ssh:notty", "root", "10.0.0.9", NOON, 9)
                        .add(6, 63, "ssh:notty", "admin", "scan.example", NOON + 2, 9)
                        .add(7, 70, "tty1", "bob", "", NOON + 9, 0)
                        .build());
        fixture("linux.lastlog/var/log/lastlog", Arrays.copyOfRange(lastlog(), 292 * 996, 292 * 1_001));
    }

    private static void fixture(String name, byte[] content) throws IOException {
        Path path = Path.of("src/test/resources/fixtures").resolve(name);
        if (Boolean.getBoolean("fixtures.update")) {
            Files.createDirectories(path.getParent());
            Files.write(path, content);
        }
        assertThat(path).hasBinaryContent(content);
    }
}
