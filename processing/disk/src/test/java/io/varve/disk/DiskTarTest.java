package io.varve.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.binary.Bytes;
import io.varve.disk.Made.Part;
import io.varve.disk.filesystem.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiskTarTest {
    @TempDir
    private Path folder = Path.of("");

    private byte[] disk(String name, String file, String content) throws Exception {
        Tools.need("mkfs.ext4");
        Path tree = Files.createDirectories(folder.resolve(name));
        Files.writeString(tree.resolve(file), content);
        Path image = Tools.sparse(folder.resolve(name + ".img"), 8 << 20);
        Tools.run("mkfs.ext4", "-q", "-F", "-d", tree.toString(), image.toString());
        return Files.readAllBytes(image);
    }

    @Test
    void all_disks_of_one_machine_are_read_in_place_and_named_after_their_volumes() throws Exception {
        byte[] tar = Made.tar(
                Part.of("vol-1.json", "{\"device\":\"/dev/sda1\"}"),
                new Part("vol-1.raw", disk("root", "hostname", "web77\n")),
                Part.of("vol-2.json", "{}"),
                new Part("vol-2.raw", disk("data", "notes", "kept on the second disk\n")));
        try (Evidence evidence = Evidence.of("data", Bytes.of(tar), Scratch.temporary())) {
            assertThat(evidence.volumes()).containsExactly("vol-1", "vol-2");
            EvidenceFile notes = evidence.find(Optional.of("vol-2"), "/notes").orElseThrow();
            try (Bytes content = notes.open()) {
                assertThat(content.stream().readAllBytes()).asString().isEqualTo("kept on the second disk\n");
            }
            assertThat(evidence.find(Optional.of("vol-1"), "/notes")).isEmpty();
        }
    }

    @Test
    void disks_that_are_images_of_their_own_are_read_through_them() throws Exception {
        Tools.need("qemu-img");
        Path raw = folder.resolve("root.img");
        Files.write(raw, disk("root", "hostname", "web77\n"));
        Path image = folder.resolve("root.qcow2");
        Tools.run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", raw.toString(), image.toString());
        byte[] tar = Made.tar(
                Part.of("web-77.json", "{}"),
                new Part("web-77.qcow2", Files.readAllBytes(image)),
                Part.of("data.json", "{}"),
                new Part("data.raw", disk("data", "notes", "raw\n")));
        try (Evidence evidence = Evidence.of("data", Bytes.of(tar), Scratch.temporary())) {
            assertThat(evidence.volumes()).containsExactly("web-77", "data");
            EvidenceFile name =
                    evidence.find(Optional.of("web-77"), "/hostname").orElseThrow();
            try (Bytes content = name.open()) {
                assertThat(content.stream().readAllBytes()).asString().isEqualTo("web77\n");
            }
        }
    }

    @Test
    void an_image_that_cannot_be_opened_costs_that_disk_and_says_why() throws Exception {
        byte[] damaged = new byte[1 << 20];
        System.arraycopy(new byte[] {'Q', 'F', 'I', (byte) 0xfb, 0, 0, 0, 77}, 0, damaged, 0, 8);
        byte[] tar = Made.tar(
                Part.of("web-77.json", "{}"),
                new Part("web-77.qcow2", damaged),
                Part.of("data.json", "{}"),
                new Part("data.raw", disk("data", "notes", "raw\n")));
        try (Evidence evidence = Evidence.of("data", Bytes.of(tar), Scratch.temporary())) {
            var log = new WalkLog();
            evidence.walk(log);
            assertThat(log.contents).containsValue("raw\n");
            assertThat(log.problems).singleElement().asString().contains("QCOW2");
        }
    }

    @Test
    void a_raw_disk_is_not_taken_for_an_image_whatever_it_begins_with() throws Exception {
        byte[] disguised = disk("root", "hostname", "web77\n");
        System.arraycopy(new byte[] {'Q', 'F', 'I', (byte) 0xfb, 0, 0, 0, 3}, 0, disguised, 0, 8);
        byte[] tar = Made.tar(Part.of("vol-1.json", "{}"), new Part("vol-1.raw", disguised));
        try (Evidence evidence = Evidence.of("data", Bytes.of(tar), Scratch.temporary())) {
            assertThat(evidence.find(Optional.of("vol-1"), "/hostname")).isPresent();
        }
    }

    @Test
    void a_tar_with_anything_else_in_it_is_an_archive() throws Exception {
        byte[] tar = Made.tar(
                Part.of("vol-1.json", "{}"), Part.of("vol-1.raw", "not a disk"), Part.of("readme", "something else"));
        try (Evidence evidence = Evidence.of("data", Bytes.of(tar), Scratch.temporary())) {
            assertThat(evidence.volumes()).isEmpty();
        }
    }
}
