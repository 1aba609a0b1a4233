package io.varve.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.binary.Bytes;
import io.varve.binary.Limits;
import io.varve.disk.Made.Part;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileArchivesTest {
    @TempDir
    Path scratch;

    @Test
    void archives_in_archives_end_at_the_depth_limit() throws Exception {
        byte[] archive = Made.zip(Part.of("core", "x"));
        for (int i = 0; i < Limits.DEPTH + 4; i++) {
            archive = Made.zip(new Part("a.zip", archive));
        }
        WalkLog log = WalkLog.of("a.zip", archive, scratch);
        assertThat(log.problems).hasSize(1).first().asString().contains("limit: archive inside");
        assertThat(log.contents).hasSize(1);
    }

    @Test
    void a_bomb_is_stopped_at_the_ratio_and_what_came_out_is_kept() throws Exception {
        byte[] bomb = bomb((int) (Limits.EXPANSION_FLOOR * 2));
        WalkLog log = WalkLog.of("bomb.gz", bomb, scratch);
        assertThat(log.problems).hasSize(1).first().asString().contains("limit").contains("times its size");
        assertThat(log.contents).containsOnlyKeys("/bomb.gz!/bomb");
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void bombs_side_by_side_share_one_allowance() throws Exception {
        byte[] bomb = bomb((int) Limits.EXPANSION_FLOOR);
        byte[] zip = Made.zip(
                new Part("1.gz", bomb), new Part("2.gz", bomb), new Part("3.gz", bomb), new Part("4.gz", bomb));
        WalkLog log = WalkLog.of("bombs.zip", zip, scratch);
        assertThat(log.problems).isNotEmpty().allMatch(problem -> problem.contains("limit"));
    }

    private static byte[] bomb(int size) throws Exception {
        var out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            byte[] zeros = new byte[1 << 20];
            for (int done = 0; done < size; done += zeros.length) {
                gzip.write(zeros);
            }
        }
        return out.toByteArray();
    }

    @Test
    void scratch_files_end_at_their_limit() throws Exception {
        byte[] large = new byte[Scratch.IN_MEMORY * 2];
        new Random(1).nextBytes(large);
        WalkLog log = WalkLog.of("large.gz", Made.gzip(large), new Scratch(scratch, Scratch.IN_MEMORY));
        assertThat(log.problems).hasSize(1).first().asString().contains("scratch");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.tar.gz", "x.tar.bz2", "x.tar.xz", "x.tar.zst", "x.tar", "x.zip"})
    void a_cut_archive_keeps_its_front_and_says_so(String name) throws Exception {
        byte[] noise = new byte[3_000_000];
        new Random(1).nextBytes(noise);
        Part[] parts = {Part.of("first", "kept"), new Part("noise", noise), Part.of("last", "lost")};
        byte[] whole = switch (name) {
            case "x.zip" -> Made.zip(parts);
            case "x.tar" -> Made.tar(parts);
            case "x.tar.bz2" -> Made.bzip2(Made.tar(parts));
            case "x.tar.xz" -> Made.xz(Made.tar(parts));
            case "x.tar.zst" -> Made.zstd(Made.tar(parts));
            default -> Made.gzip(Made.tar(parts));
        };
        WalkLog log = WalkLog.of(name, Arrays.copyOf(whole, whole.length / 2), scratch);
        assertThat(log.contents).containsEntry("/" + name + "!/first", "kept").doesNotContainKey("/" + name + "!/last");
        assertThat(log.problems).isNotEmpty();
    }

    @Test
    void a_damaged_tar_header_costs_its_member_only() throws Exception {
        byte[] tar = Made.tar(Part.of("1", "one"), Part.of("2", "two"), Part.of("3", "three"));
        tar[1024 + 5] ^= 0x55;
        WalkLog log = WalkLog.of("x.tar", tar, scratch);
        assertThat(log.contents).containsOnlyKeys("/x.tar!/1", "/x.tar!/3");
        assertThat(log.problems).hasSize(1).first().asString().contains("not a tar header");
    }

    @Test
    void names_cannot_climb_out_or_pass_for_another_archive() throws Exception {
        byte[] tar =
                Made.tar(Part.of("../../etc/passwd", "a"), Part.of("/root/./x", "b"), Part.of("a.zip!/inner", "c"));
        assertThat(WalkLog.of("x.tar", tar, scratch).contents.keySet())
                .containsExactly("/x.tar!/%2E%2E/%2E%2E/etc/passwd", "/x.tar!/root/x", "/x.tar!/a.zip%21/inner");
    }

    @Test
    void a_name_held_twice_is_read_twice_and_noted() throws Exception {
        WalkLog log = WalkLog.of("x.tar", Made.tar(Part.of("a", "1"), Part.of("a", "2")), scratch);
        assertThat(log.notes).hasSize(1);
        assertThat(log.contents).containsValues("2");
    }

    @Test
    void encrypted_members_of_a_zip_are_named_with_the_reason() throws Exception {
        byte[] zip = Made.zip(Part.of("secret", "x"));
        flagEncrypted(zip);
        assertThat(WalkLog.of("x.zip", zip, scratch).problems).containsExactly("/x.zip!/secret: encrypted");
    }

    /// Sets bit 0 of the general purpose flags in both headers.
    private static void flagEncrypted(byte[] zip) {
        String text = new String(zip, StandardCharsets.ISO_8859_1);
        zip[text.indexOf("PK\3\4") + 6] |= 1;
        zip[text.indexOf("PK\1\2") + 8] |= 1;
    }

    @Test
    void an_encrypted_7z_is_named_with_the_reason() throws Exception {
        WalkLog log = WalkLog.of("x.7z", Made.sevenZip("secret", Part.of("a", "content")), scratch);
        assertThat(log.contents).isEmpty();
        assertThat(log.problems).hasSize(1).first().asString().contains("encrypted");
    }

    @Test
    void flipped_and_cut_archives_never_throw() throws Exception {
        Part[] parts = {Part.of("a", "content of a, ".repeat(50)), Part.of("d/b", "content of b")};
        byte[][] archives = {
            Made.zip(parts),
            Made.tar(parts),
            Made.sevenZip("", parts),
            Made.gzip(Made.tar(parts)),
            Made.xz(Made.tar(parts)),
            Made.bzip2(Made.tar(parts)),
            Made.zstd(Made.tar(parts))
        };
        Random random = new Random(42);
        for (byte[] archive : archives) {
            for (int i = 0; i < 150; i++) {
                byte[] broken = Arrays.copyOf(archive, i % 3 == 0 ? random.nextInt(archive.length) : archive.length);
                for (int flips = 0; flips <= i % 5 && broken.length > 0; flips++) {
                    broken[random.nextInt(broken.length)] ^= (byte) (1 << random.nextInt(8));
                }
                WalkLog.of("x", broken, scratch);
            }
        }
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void a_medium_that_fails_costs_its_file() throws Exception {
        WalkLog log = new WalkLog();
        try (Evidence evidence =
                Evidence.of("x.tar", new FailingBytes(Made.tar(Part.of("a", "1"))), new Scratch(scratch, 0))) {
            evidence.walk(log);
        }
        assertThat(log.problems).containsExactly("/x.tar: medium error");
    }

    private record FailingBytes(byte[] content) implements Bytes {
        @Override
        public long size() {
            return content.length;
        }

        @Override
        public void read(long offset, byte[] target, int start, int length) throws java.io.IOException {
            throw new java.io.IOException("medium error");
        }
    }
}
