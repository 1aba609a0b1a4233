package io.varve.artefact.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.artefact.CollectingSink;
import io.varve.artefact.Fixture;
import io.varve.artefact.MemoryFile;
import io.varve.event.TimelineEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JournalTest {
    private static final long NOON = 1_763_812_800_000_000L;
    private static final String LONG_MESSAGE = "MESSAGE=" + "a long line that repeats itself, ".repeat(40);

    private static JournalBuilder web01(boolean keyed, boolean compact, JournalBuilder.Packing packing) {
        var journal = new JournalBuilder(keyed, compact, packing);
        journal.entry(
                NOON,
                "PRIORITY=6",
                "_HOSTNAME=web01",
                "_UID=0",
                "_PID=140",
                "_COMM=sshd",
                "SYSLOG_IDENTIFIER=sshd",
                "_EXE=/usr/sbin/sshd",
                "_CMDLINE=sshd: alice [priv]",
                "_SYSTEMD_UNIT=ssh.service",
                "_SOURCE_REALTIME_TIMESTAMP=1763812799999990",
                "MESSAGE=Accepted password for alice from 10.0.0.7 port 50000 ssh2");
        journal.entry(
                NOON + 1_000_001, "_HOSTNAME=web01", "_TRANSPORT=kernel", "SYSLOG_IDENTIFIER=kernel", LONG_MESSAGE);
        journal.entry(
                NOON + 2_000_000,
                "_HOSTNAME=web01",
                "_COMM=tool",
                "TAG=one",
                "TAG=two",
                "BLOB=\u00ff\u00fe\u0000",
                "MESSAGE=tags");
        for (int i = 3; i < 9; i++) {
            journal.entry(NOON + i * 1_000_000L, "_HOSTNAME=web01", "_COMM=tool", "MESSAGE=number " + i);
        }
        return journal;
    }

    private static CollectingSink read(byte[] journal) throws IOException {
        return CollectingSink.run(
                new Journal(), new MemoryFile("/var/log/journal/system.journal", journal), Fixture.blankContext());
    }

    @ParameterizedTest
    @CsvSource({
        "false,false,PLAIN",
        "false,false,XZ",
        "false,false,LZ4",
        "true,false,ZSTD",
        "true,true,ZSTD",
        "true,true,LZ4"
    })
    void everyVariantGivesTheSameEntries(boolean keyed, boolean compact, JournalBuilder.Packing packing)
            throws IOException {
        CollectingSink sink = read(web01(keyed, compact, packing).build());
        assertThat(sink.ledger()).isEqualTo("found=9 parsed=9 rejected=0 corrupt=no warnings=[]");
        assertThat(sink.events().get(1).message()).isEqualTo("kernel: " + LONG_MESSAGE.substring(8));
        TimelineEvent logon = sink.events().getFirst();
        assertThat(logon.time().orElseThrow().iso()).isEqualTo("2025-11-22T12:00:00.000000000Z");
        assertThat(logon.fields())
                .containsEntry("process.pid", 140L)
                .containsEntry("systemd.unit", "ssh.service")
                .containsEntry("_SOURCE_REALTIME_TIMESTAMP", "1763812799999990");
    }

    @Test
    void valuesThatAreNotTextAreHexAndRepeatedNamesAreLists() throws IOException {
        TimelineEvent event = read(web01(true, true, JournalBuilder.Packing.ZSTD)
                        .build())
                .events()
                .get(2);
        assertThat(event.fields()).containsEntry("BLOB", "hex:fffe00");
        assertThat(event.fields()).containsEntry("TAG", java.util.List.of("one", "two"));
    }

    @Test
    void entriesAfterABrokenObjectAreStillFound() throws IOException {
        JournalBuilder journal = web01(true, false, JournalBuilder.Packing.PLAIN);
        byte[] bytes = journal.build();
        bytes[journal.offset("MESSAGE=number 4")] = 99;
        CollectingSink sink = read(bytes);
        assertThat(sink.parsed()).isEqualTo(9);
        assertThat(sink.warnings()).anyMatch(w -> w.contains("reading went on at"));
        assertThat(sink.warnings()).anyMatch(w -> w.contains("no data object at"));
    }

    @Test
    void entriesThatAWrongLengthHidesAreReadThroughTheEntryArray() throws IOException {
        JournalBuilder journal = web01(true, false, JournalBuilder.Packing.PLAIN);
        byte[] bytes = journal.build();
        int hidden = journal.offset("MESSAGE=number 4");
        long reach = journal.offset("MESSAGE=number 7") - hidden;
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(hidden + 8, reach);
        CollectingSink sink = read(bytes);
        assertThat(sink.parsed()).isEqualTo(9);
        assertThat(sink.rejected()).isZero();
    }

    @Test
    void aFlippedValueIsKeptAndSaidToDifferFromItsHash() throws IOException {
        JournalBuilder journal = web01(true, true, JournalBuilder.Packing.ZSTD);
        byte[] bytes = journal.build();
        bytes[journal.offset("MESSAGE=number 5") + 72 + 10]++;
        CollectingSink sink = read(bytes);
        assertThat(sink.parsed()).isEqualTo(9);
        assertThat(sink.warnings())
                .singleElement()
                .asString()
                .contains("MESSAGE")
                .contains("does not match its hash");
    }

    @Test
    void aFileCutShortCountsTheMissingEntriesAsRejected() throws IOException {
        JournalBuilder journal = web01(true, false, JournalBuilder.Packing.PLAIN);
        byte[] bytes = java.util.Arrays.copyOf(journal.build(), journal.offset(6));
        CollectingSink sink = read(bytes);
        assertThat(sink.parsed()).isEqualTo(6);
        assertThat(sink.rejected()).isEqualTo(3);
    }

    @Test
    void aDamagedHeaderCostsNoEntry() throws IOException {
        byte[] bytes = web01(true, false, JournalBuilder.Packing.PLAIN).build();
        ByteBuffer head = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        head.putLong(88, 3).putLong(96, -1).putLong(136, -1).put(15, (byte) 0x40);
        CollectingSink sink = read(bytes);
        assertThat(sink.parsed()).isEqualTo(9);
        assertThat(sink.warnings()).anyMatch(w -> w.contains("the header says it is 3 bytes long"));
    }

    @Test
    void entryArraysInACircleEnd() throws IOException {
        JournalBuilder journal = web01(true, false, JournalBuilder.Packing.PLAIN);
        byte[] bytes = journal.build();
        ByteBuffer head = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int first = (int) head.getLong(176);
        head.putLong(first + 16, first);
        assertThat(read(bytes).parsed()).isEqualTo(9);
    }

    /// Rewrites the fixture when `fixtures.update` is set.
    @Test
    void theFixtureHoldsTheBuildersEntries() throws IOException {
        Path fixture = Path.of("src/test/resources/fixtures/linux.journal/var/log/journal/4d/system.journal");
        if (Boolean.getBoolean("fixtures.update")) {
            Files.createDirectories(fixture.getParent());
            Files.write(fixture, web01(true, true, JournalBuilder.Packing.ZSTD).build());
            Files.write(
                    fixture.resolveSibling("old.journal"),
                    web01(false, false, JournalBuilder.Packing.LZ4).build());
        }
        assertThat(read(Files.readAllBytes(fixture)).parsed()).isEqualTo(9);
    }
}
