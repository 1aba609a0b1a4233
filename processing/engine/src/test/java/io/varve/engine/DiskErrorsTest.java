package io.varve.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Disks that cannot be read: exit code and message name the layer, where it is and what to do.
@Tag("disks")
class DiskErrorsTest {
    @TempDir
    Path folder;

    private record Result(int exit, String out, String err, String coverage) {}

    private Result process(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(EngineProcess.java());
        command.add("process");
        command.addAll(List.of(arguments));
        command.addAll(List.of("--coverage", "coverage.json", "-o", "events.jsonl"));
        Path err = folder.resolve("stderr");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(folder.resolve("stdout").toFile())
                .redirectError(err.toFile())
                .start();
        int exit = process.waitFor();
        return new Result(
                exit,
                Files.readString(folder.resolve("stdout"), StandardCharsets.ISO_8859_1),
                Files.readString(err),
                Files.exists(folder.resolve("coverage.json")) ? Files.readString(folder.resolve("coverage.json")) : "");
    }

    private Path ext4() throws Exception {
        Path tree = Files.createDirectories(folder.resolve("tree/etc"));
        Files.writeString(tree.resolve("hostname"), "db07\n");
        return DiskImage.ext4(folder, folder.resolve("tree"));
    }

    @Test
    void a_missing_parent_is_named() throws Exception {
        assumeThat(DiskImage.possible("qemu-img", "mkfs.ext4")).isTrue();
        Path raw = ext4();
        Path base = folder.resolve("base.qcow2");
        DiskImage.run("qemu-img", "convert", "-O", "qcow2", raw.toString(), base.toString());
        DiskImage.run(
                "qemu-img",
                "create",
                "-f",
                "qcow2",
                "-b",
                base.toString(),
                "-F",
                "qcow2",
                folder.resolve("child.qcow2").toString());
        assertThat(process("child.qcow2").exit).isZero();
        Files.delete(base);

        Result result = process("child.qcow2");

        assertThat(result.exit).isEqualTo(3);
        assertThat(result.coverage).contains("QCOW2").contains("base.qcow2").contains("beside");
    }

    @Test
    void a_cut_image_says_where_it_ends() throws Exception {
        assumeThat(DiskImage.possible("ewfacquire", "mkfs.ext4")).isTrue();
        Path raw = ext4();
        DiskImage.run("ewfacquire", "-u", "-q", "-t", folder.resolve("image").toString(), "-c", "none", raw.toString());
        Path image = folder.resolve("image.E01");
        assertThat(process("image.E01").exit).isZero();
        try (var file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(file.length() / 2);
        }

        Result result = process("image.E01");

        assertThat(result.exit).isIn(1, 3);
        assertThat(result.coverage).contains("E01").containsPattern("offset|chunk|segment");
    }

    @Test
    void an_encrypted_volume_asks_for_its_key_and_refuses_a_wrong_one() throws Exception {
        assumeThat(DiskImage.possible("qemu-img", "mkfs.ext4")).isTrue();
        Path raw = ext4();
        DiskImage.run(
                "qemu-img",
                "convert",
                "--object",
                "secret,id=k,data=correct",
                "-O",
                "luks",
                "-o",
                "key-secret=k,iter-time=10",
                raw.toString(),
                folder.resolve("luks.img").toString());

        Result without = process("luks.img");
        assertThat(without.exit).isEqualTo(3);
        assertThat(without.coverage).contains("LUKS").contains("password").contains("\"volume\":\"whole\"");

        Result wrong = process("luks.img", "--key", "password:wrong");
        assertThat(wrong.exit).isEqualTo(3);
        assertThat(wrong.coverage + wrong.err).contains("LUKS").doesNotContain("wrong\"");

        Result right = process("luks.img", "--key", "password:correct");
        assertThat(right.exit).as(right.coverage).isZero();
        assertThat(Files.readString(folder.resolve("events.jsonl")))
                .contains("/etc/hostname")
                .contains("\"host\":\"db07\"");
    }
}
