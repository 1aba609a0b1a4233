package io.varve.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.varve.disk.Evidence;
import io.varve.disk.Scratch;
import io.varve.disk.volume.Keys;
import io.varve.event.Coverage;
import io.varve.event.Coverage.Status;
import io.varve.event.TimelineEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Disks become timelines: names as events, contents to the parsers, and a row for whatever could not be read.
@Tag("disks")
class DiskRunTest {
    private static final String LOG =
            "2026-11-22T01:00:19.308008+00:00 web01 sshd[40]: Server listening on :: port 22.\n";

    @TempDir
    Path folder;

    private final CollectingOutput output = new CollectingOutput();
    private final Totals totals = new Totals();

    private void read(Path image) throws IOException {
        try (Evidence evidence = Evidence.open(image, new Scratch(folder, 1L << 30), Keys.NONE)) {
            Run.of(
                    "disk",
                    "local/disk",
                    evidence,
                    new Given(Optional.empty(), OptionalInt.empty()),
                    Parsers.installed(),
                    output,
                    totals);
        }
    }

    private Path linux() throws IOException, InterruptedException {
        Path tree = Files.createDirectories(folder.resolve("tree"));
        Files.createDirectories(tree.resolve("var/log"));
        Files.createDirectories(tree.resolve("etc"));
        Files.writeString(tree.resolve("etc/hostname"), "db07\n");
        Files.writeString(tree.resolve("var/log/syslog"), LOG);
        return DiskImage.ext4(folder, tree);
    }

    private Coverage volume(String name, Status status) {
        return output.rows.stream()
                .filter(row ->
                        row.volume().equals(Optional.of(name)) && row.path().equals("/"))
                .filter(row -> row.status() == status)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no row %s %s in %s".formatted(name, status, output.rows)));
    }

    @Test
    void names_are_events_and_logs_are_parsed_in_both_volumes() throws Exception {
        assumeThat(DiskImage.possible("mkfs.vfat", "mcopy", "mkfs.ext4")).isTrue();
        Path fat = DiskImage.fat(folder, "NOTE.TXT", "hello");
        Path disk = DiskImage.disk(folder.resolve("two.img"), List.of(fat, linux()), List.of(0x06, 0x83));

        read(disk);

        assertThat(totals.exitCode()).isZero();
        TimelineEvent logon = output.events.stream()
                .filter(event -> event.parser().equals("syslog"))
                .findFirst()
                .orElseThrow();
        assertThat(logon.location().volume()).contains("p2");
        assertThat(logon.location().path()).isEqualTo("/var/log/syslog");
        assertThat(logon.location().inode()).isPresent();
        List<TimelineEvent> note = output.events.stream()
                .filter(event -> event.dataType().equals("disk:file:stat"))
                .filter(event -> event.location().path().equals("/NOTE.TXT"))
                .toList();
        assertThat(note).isNotEmpty().allSatisfy(event -> {
            assertThat(event.location().volume()).contains("p1");
            assertThat(event.fields())
                    .containsEntry("file.size", 5L)
                    .containsEntry("file.file_system", "fat16")
                    // of "hello"
                    .containsEntry(
                            "file.hash.sha256", "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
            assertThat(event.host()).contains("db07");
        });
        assertThat(volume("p1", Status.PARSED).parser()).contains("file_system");
        assertThat(volume("p2", Status.PARSED).found()).isGreaterThan(5);
    }

    @Test
    void native_code_that_crashes_costs_its_volume_and_nothing_else() throws Exception {
        assumeThat(DiskImage.possible("mkfs.vfat", "mcopy", "mkfs.ext4")).isTrue();
        Path fat = DiskImage.fat(folder, "NOTE.TXT", "hello");
        Path disk = DiskImage.disk(folder.resolve("two.img"), List.of(fat, linux()), List.of(0x06, 0x83));
        var done = new AtomicBoolean();
        var crashed = new AtomicInteger();
        Thread crashing = Thread.ofPlatform().start(() -> {
            while (!done.get()) {
                crashed.addAndGet(crashNativeReaders());
                Thread.onSpinWait();
            }
        });

        try {
            read(disk);
        } finally {
            done.set(true);
            crashing.join();
        }

        assertThat(crashed.get()).as("processes that died of signal 11").isGreaterThanOrEqualTo(2);
        assertThat(totals.exitCode()).isEqualTo(1);
        assertThat(volume("p1", Status.FAILED).warnings().toString())
                .contains("The Sleuth Kit")
                .contains("twice");
        assertThat(output.events.stream().filter(event -> event.parser().equals("syslog")))
                .hasSize(1);
        assertThat(volume("p2", Status.PARSED).found()).isGreaterThan(5);
    }

    /// What a fault in native code does to the process it is in.
    private static int crashNativeReaders() {
        int crashed = 0;
        for (ProcessHandle child : ProcessHandle.current().children().toList()) {
            if (child.info().commandLine().orElse("").contains("SleuthKitChild")) {
                try {
                    new ProcessBuilder("kill", "-SEGV", Long.toString(child.pid()))
                            .start()
                            .waitFor();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                crashed++;
            }
        }
        return crashed;
    }

    @Test
    void what_was_deleted_and_overwritten_is_said_and_no_failure() throws Exception {
        assumeThat(DiskImage.possible("mkfs.ext4", "debugfs")).isTrue();
        Path disk = linux();
        Path commands = Files.writeString(
                folder.resolve("commands"),
                "rm /var/log/syslog\nwrite %s /etc/in-its-place\n".formatted(folder.resolve("tree/etc/hostname")));
        DiskImage.run("debugfs", "-w", "-f", commands.toString(), disk.toString());

        read(disk);

        Coverage deleted = output.rows.stream()
                .filter(row -> row.path().equals("/var/log/syslog"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(output.rows.toString()));
        assertThat(deleted.status()).isEqualTo(Status.UNPARSED);
        assertThat(deleted.warnings().toString()).contains("in use again");
        assertThat(totals.exitCode()).isZero();
    }

    @Test
    void a_boot_sector_on_its_own_is_a_file_and_no_disk() throws Exception {
        assumeThat(DiskImage.possible("mkntfs")).isTrue();
        Path volume = folder.resolve("ntfs.img");
        DiskImage.empty(volume, 4 << 20);
        DiskImage.run("mkntfs", "-q", "-F", volume.toString());
        Path boot = folder.resolve("$Boot");
        Files.write(boot, Arrays.copyOf(Files.readAllBytes(volume), 8192));

        read(boot);

        assertThat(output.rows).singleElement().satisfies(row -> {
            assertThat(row.path()).isEqualTo("/$Boot");
            assertThat(row.status()).isEqualTo(Status.UNPARSED);
        });
        assertThat(totals.exitCode()).isZero();
    }

    @Test
    void a_volume_with_nothing_known_in_it_is_listed_as_not_read() throws Exception {
        assumeThat(DiskImage.possible("mkfs.ext4")).isTrue();
        Path noise = folder.resolve("noise");
        byte[] bytes = new byte[1 << 20];
        new java.util.Random(7).nextBytes(bytes);
        Files.write(noise, bytes);
        Path disk = DiskImage.disk(folder.resolve("two.img"), List.of(noise, linux()), List.of(0x83, 0x83));

        read(disk);

        assertThat(totals.exitCode()).isEqualTo(1);
        assertThat(volume("p1", Status.FAILED).warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.offset()).hasValue(1 << 20);
            assertThat(warning.reason())
                    .contains("no known file system")
                    .contains("0x83")
                    .contains("look at it");
        });
        assertThat(volume("p2", Status.PARSED).found()).isGreaterThan(5);
    }
}
