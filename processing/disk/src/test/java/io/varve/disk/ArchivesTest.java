package io.varve.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.varve.binary.Bytes;
import io.varve.disk.Made.Part;
import io.varve.event.EventTime;
import io.varve.event.Precision;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchivesTest {
    private static final Part A = Part.of("var/log/a", "first");
    private static final Part B = Part.of("b", "second");

    @TempDir
    Path scratch;

    @ParameterizedTest
    @ValueSource(strings = {"x.zip", "x.tar", "x.7z", "x.tar.gz", "x.tgz", "x.tar.bz2", "x.tar.xz", "x.tar.zst"})
    void members_of_every_format_are_files_in_the_order_of_the_archive(String name) throws Exception {
        WalkLog log = WalkLog.of(name, archive(name), scratch);
        assertThat(log.contents)
                .containsExactly(entry("/" + name + "!/var/log/a", "first"), entry("/" + name + "!/b", "second"));
        assertThat(log.problems).isEmpty();
    }

    private static byte[] archive(String name) throws Exception {
        return switch (name) {
            case "x.zip" -> Made.zip(A, B);
            case "x.7z" -> Made.sevenZip("", A, B);
            case "x.tar" -> Made.tar(A, B);
            case "x.tar.bz2" -> Made.bzip2(Made.tar(A, B));
            case "x.tar.xz" -> Made.xz(Made.tar(A, B));
            case "x.tar.zst" -> Made.zstd(Made.tar(A, B));
            default -> Made.gzip(Made.tar(A, B));
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"gz", "bz2", "xz", "zst"})
    void a_compressed_log_is_offered_under_its_own_name(String ending) throws Exception {
        byte[] log = "Nov 22 01:00:00 web01 x\n".getBytes(StandardCharsets.UTF_8);
        byte[] packed = switch (ending) {
            case "gz" -> Made.gzip(log);
            case "bz2" -> Made.bzip2(log);
            case "xz" -> Made.xz(log);
            default -> Made.zstd(log);
        };
        assertThat(WalkLog.of("syslog.2." + ending, packed, scratch).contents)
                .containsExactly(entry("/syslog.2." + ending + "!/syslog.2", new String(log, StandardCharsets.UTF_8)));
    }

    @Test
    void archives_inside_archives_are_opened() throws Exception {
        byte[] inner = Made.gzip(Made.tar(A));
        byte[] outer = Made.zip(new Part("in.tar.gz", inner), B);
        assertThat(WalkLog.of("out.zip", outer, scratch).contents)
                .containsExactly(entry("/out.zip!/in.tar.gz!/var/log/a", "first"), entry("/out.zip!/b", "second"));
    }

    @Test
    void the_parts_of_a_container_in_a_capture_archive_are_one_archive() throws Exception {
        byte[] inner = Made.gzip(Made.tar(A));
        int middle = inner.length / 2;
        String name = "varve/containers/app.tar.gz";
        byte[] outer = Made.gzip(Made.tar(
                Part.of("varve/capture.json", "{}"),
                new Part(name + ".000001", java.util.Arrays.copyOf(inner, middle)),
                new Part(name + ".000002", java.util.Arrays.copyOfRange(inner, middle, inner.length)),
                B));
        WalkLog log = WalkLog.of("data", outer, scratch);
        assertThat(log.contents)
                .containsExactly(
                        entry("/varve/capture.json", "{}"),
                        entry("/" + name + "!/var/log/a", "first"),
                        entry("/b", "second"));
        assertThat(log.problems).isEmpty();
    }

    @Test
    void a_part_of_a_container_that_is_missing_is_told() throws Exception {
        byte[] outer = Made.gzip(Made.tar(
                Part.of("varve/capture.json", "{}"),
                Part.of("varve/containers/app.tar.gz.000001", "one"),
                Part.of("varve/containers/app.tar.gz.000003", "three")));
        WalkLog log = WalkLog.of("data", outer, scratch);
        assertThat(log.problems.toString()).contains("part 2 of varve/containers/app.tar.gz is missing");
    }

    @Test
    void gzip_members_one_after_another_are_one_file() throws Exception {
        byte[] one = Made.gzip("one ".getBytes(StandardCharsets.UTF_8));
        byte[] two = Made.gzip("two".getBytes(StandardCharsets.UTF_8));
        byte[] both = java.util.Arrays.copyOf(one, one.length + two.length);
        System.arraycopy(two, 0, both, one.length, two.length);
        assertThat(WalkLog.of("log.gz", both, scratch).contents).containsExactly(entry("/log.gz!/log", "one two"));
    }

    @Test
    void documents_that_are_zip_files_inside_stay_one_file() throws Exception {
        assertThat(WalkLog.of("report.docx", Made.zip(A), scratch).contents).containsOnlyKeys("/report.docx");
    }

    @Test
    void content_larger_than_memory_goes_through_a_scratch_file_that_leaves_nothing() throws Exception {
        byte[] large = new byte[Scratch.IN_MEMORY + 12_345];
        new Random(1).nextBytes(large);
        var seen = new boolean[1];
        try (Evidence evidence = Evidence.of("large.gz", Bytes.of(Made.gzip(large)), new Scratch(scratch, 1L << 30))) {
            evidence.walk(new Contents((path, content) -> {
                byte[] read = new byte[large.length];
                content.read(0, read, 0, read.length);
                seen[0] = java.util.Arrays.equals(read, large);
            }));
        }
        assertThat(seen[0]).isTrue();
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void members_know_their_times_and_owners() throws Exception {
        Entry tarred = WalkLog.of("x.tar", Made.tar(A), scratch).entry("/x.tar!/var/log/a");
        assertThat(tarred.times().modified()).contains(EventTime.utc(Made.MODIFIED, 0, Precision.SECOND));
        assertThat(tarred.uid()).hasValue(1000);
        assertThat(tarred.mode()).hasValue(0644);
    }

    @Test
    void siblings_are_found_before_and_after() throws Exception {
        byte[] tar = Made.tar(Part.of("d/db-wal", "wal"), Part.of("d/db", "database"), Part.of("e/db-shm", "other"));
        WalkLog log = WalkLog.of("x.tar", tar, scratch);
        Optional<EvidenceFile> wal = log.file("/x.tar!/d/db").sibling("db-wal");
        assertThat(wal).map(EvidenceFile::path).contains("/x.tar!/d/db-wal");
        assertThat(log.file("/x.tar!/d/db").sibling("db-shm")).isEmpty();
    }

    @Test
    void stored_members_of_a_zip_are_read_in_place() throws Exception {
        assertThat(WalkLog.of("x.zip", Made.zip(ZipArchiveEntry.STORED, A, B), new Scratch(scratch, 0)).contents)
                .containsValues("first", "second");
    }

    @Test
    void long_names_and_folders_of_a_tar_are_whole() throws Exception {
        String name = "d".repeat(120) + "/" + "f".repeat(180);
        WalkLog log = WalkLog.of("x.tar", Made.tar(Part.of("folder/", ""), Part.of(name, "x")), scratch);
        assertThat(log.contents).containsOnlyKeys("/x.tar!/" + name);
        assertThat(log.entry("/x.tar!/folder").type()).isEqualTo(Entry.Type.DIRECTORY);
    }

    @Test
    void a_capture_archive_shows_the_host_under_its_own_paths() throws Exception {
        byte[] capture = Made.gzip(Made.tar(
                Part.of("varve/capture.json", "{}"),
                Part.of("fs/etc/hostname", "web01"),
                Part.of("fs/varve/capture.json", "forged"),
                Part.of("fs/home/100%25", ""),
                Part.of("varve/outcomes.jsonl", "")));
        WalkLog log = WalkLog.of("capture.tar.gz", capture, scratch);
        assertThat(log.contents)
                .containsOnlyKeys(
                        "/varve/capture.json",
                        "/etc/hostname",
                        "/%76arve/capture.json",
                        "/home/100%",
                        "/varve/outcomes.jsonl");
        assertThat(log.file("/etc/hostname").modified()).isPresent();
        assertThat(log.file("/varve/capture.json").modified()).isEmpty();
    }

    @Test
    void context_is_found_without_a_walk() throws Exception {
        byte[] tar = Made.tar(Part.of("./etc/hostname", "web01"));
        try (Evidence evidence = Evidence.of("x.tar", Bytes.of(tar), new Scratch(scratch, 0))) {
            assertThat(evidence.find("etc/hostname")).map(EvidenceFile::size).contains(5L);
            assertThat(evidence.find("etc/nothing")).isEmpty();
        }
    }
}
