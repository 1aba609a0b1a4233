package io.varve.disk.container.qcow2;

import static io.varve.disk.container.VirtualDisks.assertSame;
import static io.varve.disk.container.VirtualDisks.assertSurvives;
import static io.varve.disk.container.VirtualDisks.corpus;
import static io.varve.disk.container.VirtualDisks.disk;
import static io.varve.disk.container.VirtualDisks.open;
import static io.varve.disk.container.VirtualDisks.run;
import static io.varve.disk.container.VirtualDisks.zeros;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.LayerException;
import io.varve.disk.container.Container;
import io.varve.disk.container.Neighbours;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("disks")
class Qcow2Test {
    private static final int SIZE = 9 * 1024 * 1024 + 1536;

    @TempDir
    Path folder;

    private final Qcow2 format = new Qcow2();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-o compat=0.10",
                "-o compat=1.1",
                "-o cluster_size=512",
                "-o cluster_size=2M",
                "-o extended_l2=on,cluster_size=16k",
                "-o preallocation=metadata",
                "-o preallocation=metadata,extended_l2=on",
                "-c",
                "-c -o compression_type=zstd",
                "-c -o cluster_size=4k,compression_type=zstd",
                "-c -o cluster_size=2M",
                "-c -o cluster_size=512",
                "-c -o extended_l2=on"
            })
    void a_converted_disk_is_the_same_bit_by_bit(String options) throws Exception {
        Path raw = disk(folder, SIZE, 1);
        run(folder, "qemu-img convert -O qcow2 %s %s a.qcow2".formatted(options, raw));
        try (Container disk = open(format, folder.resolve("a.qcow2"))) {
            assertSame(disk, raw);
        }
    }

    @Test
    void clusters_not_stored_are_told_to_be_zero() throws Exception {
        run(folder, "qemu-img create -f qcow2 a.qcow2 100G");
        write("a.qcow2", "write -P 7 50G 64k");
        try (Container disk = open(format, folder.resolve("a.qcow2"))) {
            assertThat(disk.size()).isEqualTo(100L << 30);
            assertThat(disk.zeros(0)).isGreaterThan(1L << 30);
            assertThat(disk.zeros(50L << 30)).isZero();
            assertThat(zeros(disk)).isEqualTo((100L << 30) - (64 << 10));
        }
    }

    private void write(String image, String... commands) throws Exception {
        for (String command : commands) {
            run(folder, "qemu-io", "-f", "qcow2", "-c", command, image);
        }
    }

    private Path judged(String image) throws Exception {
        run(folder, "qemu-img convert -O raw %s %s.raw".formatted(image, image));
        return folder.resolve(image + ".raw");
    }

    @Test
    void a_chain_of_backing_files_down_to_a_raw_one_is_read_through() throws Exception {
        Path raw = disk(folder, SIZE, 2);
        run(folder, "qemu-img create -q -f qcow2 -b %s -F raw one.qcow2".formatted(raw));
        write("one.qcow2", "write -P 1 100k 300k", "write -z 3M 1M", "write -P 2 9437696 1000");
        run(folder, "qemu-img create -q -f qcow2 -b one.qcow2 -F qcow2 two.qcow2 12M");
        write("two.qcow2", "write -P 3 4M 5k", "write -z 100k 64k", "write -P 4 11M 4k");
        run(folder, "qemu-img create -q -f qcow2 -o extended_l2=on -b two.qcow2 -F qcow2 three.qcow2");
        write("three.qcow2", "write -P 5 70k 2k", "write -z 200k 4k", "write -P 6 206k 10k", "write -P 6 5M 3M");
        for (String image : new String[] {"one.qcow2", "two.qcow2", "three.qcow2"}) {
            try (Container disk = open(format, folder.resolve(image))) {
                assertSame(disk, judged(image));
            }
        }
    }

    @Test
    void a_backing_file_of_another_format_is_found_by_its_bytes() throws Exception {
        run(folder, "qemu-img convert -O vmdk %s base.vmdk".formatted(disk(folder, SIZE, 3)));
        run(folder, "qemu-img create -q -f qcow2 -b base.vmdk -F vmdk a.qcow2");
        write("a.qcow2", "write -P 9 1M 100k");
        try (Container disk = open(format, folder.resolve("a.qcow2"))) {
            assertSame(disk, judged("a.qcow2"));
        }
    }

    @Test
    void backing_files_are_found_by_their_last_name_and_missing_ones_named() throws Exception {
        run(folder, "qemu-img create -q -f raw base.img 1M");
        run(folder, "qemu-img create -q -f qcow2 -b base.img -F raw a.qcow2");
        run(folder, "qemu-img rebase -u -b /var/lib/images/base.img -F raw a.qcow2");
        open(format, folder.resolve("a.qcow2")).close();
        Files.delete(folder.resolve("base.img"));
        assertThatThrownBy(() -> open(format, folder.resolve("a.qcow2")))
                .isInstanceOf(LayerException.class)
                .hasMessage(
                        "QCOW2: the backing file base.img, known to the image as /var/lib/images/base.img, is missing;"
                                + " put it beside a.qcow2");
        run(
                folder,
                "qemu-img",
                "rebase",
                "-u",
                "-b",
                "json:{\"driver\":\"raw\",\"file.filename\":\"/x/b.img\"}",
                "-F",
                "raw",
                "a.qcow2");
        assertThatThrownBy(() -> open(format, folder.resolve("a.qcow2")))
                .isInstanceOf(LayerException.class)
                .hasMessageContaining("b.img");
    }

    @Test
    void images_that_stand_on_each_other_are_refused() throws Exception {
        run(folder, "qemu-img create -q -f qcow2 a.qcow2 1M");
        run(folder, "qemu-img create -q -f qcow2 -b a.qcow2 -F qcow2 b.qcow2");
        run(folder, "qemu-img rebase -u -b b.qcow2 -F qcow2 a.qcow2");
        assertThatThrownBy(() -> open(format, folder.resolve("a.qcow2")))
                .isInstanceOf(LayerException.class)
                .hasMessageContaining("b.qcow2 and a.qcow2 stand on each other");
    }

    @Test
    void a_chain_longer_than_the_limit_is_refused() throws Exception {
        run(folder, "qemu-img create -q -f qcow2 0.qcow2 1M");
        run(folder, "qemu-img rebase -u -b -1.qcow2 -F qcow2 0.qcow2");
        byte[] image = Files.readAllBytes(folder.resolve("0.qcow2"));
        int name = new String(image, StandardCharsets.ISO_8859_1).indexOf("-1.qcow2");
        Neighbours endless = wanted -> {
            byte[] next = image.clone();
            String above = "%02d.qcow2"
                    .formatted(Integer.parseInt(wanted.substring(0, 2).replace("-", "")) + 1);
            System.arraycopy(above.getBytes(StandardCharsets.US_ASCII), 0, next, name, 8);
            return Optional.of(Bytes.of(next));
        };
        assertThatThrownBy(() -> format.open("0.qcow2", Bytes.of(image), endless))
                .isInstanceOf(LayerException.class)
                .hasMessageContaining("more than 64 images stand on each other");
    }

    @Test
    void internal_snapshots_are_states() throws Exception {
        Path raw = disk(folder, SIZE, 4);
        run(folder, "qemu-img convert -O qcow2 %s a.qcow2".formatted(raw));
        run(folder, "qemu-img snapshot -c first a.qcow2");
        write("a.qcow2", "write -P 1 1M 2M", "discard 4M 1M");
        run(folder, "qemu-img snapshot -c second a.qcow2");
        run(folder, "qemu-img resize -q a.qcow2 20M");
        write("a.qcow2", "write -P 2 2M 10M");
        run(folder, "qemu-img convert -l second -O raw a.qcow2 second.raw");
        cut("second.raw", SIZE);
        try (Container disk = open(format, folder.resolve("a.qcow2"))) {
            assertSame(disk, judged("a.qcow2"));
            assertThat(disk.states()).extracting(Container.State::name).containsExactly("first", "second");
            assertSame(disk.states().get(0).bytes(), raw);
            assertSame(disk.states().get(1).bytes(), folder.resolve("second.raw"));
            assertThat(disk.notes()).anyMatch(note -> note.startsWith("snapshot 2 second taken 20"));
        }
    }

    @Test
    void a_damaged_snapshot_table_costs_the_snapshots_only() throws Exception {
        Path raw = disk(folder, SIZE, 5);
        run(folder, "qemu-img convert -O qcow2 %s a.qcow2".formatted(raw));
        run(folder, "qemu-img snapshot -c first a.qcow2");
        patch("a.qcow2", 64, 0x7f);
        try (Container disk = open(format, folder.resolve("a.qcow2"))) {
            assertSame(disk, raw);
            assertThat(disk.states()).isEmpty();
            assertThat(disk.notes()).anyMatch(note -> note.startsWith("the table of snapshots is damaged"));
        }
    }

    private void patch(String image, long offset, int value) throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(folder.resolve(image).toFile(), "rw")) {
            file.seek(offset);
            file.write(value);
        }
    }

    private void cut(String image, long length) throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(folder.resolve(image).toFile(), "rw")) {
            file.setLength(length);
        }
    }

    @Test
    void an_external_data_file_is_read() throws Exception {
        Path raw = disk(folder, SIZE, 6);
        run(folder, "qemu-img convert -O qcow2 -o data_file=a.data %s a.qcow2".formatted(raw));
        try (Container disk = open(format, folder.resolve("a.qcow2"))) {
            assertSame(disk, raw);
        }
        Files.delete(folder.resolve("a.data"));
        assertThatThrownBy(() -> open(format, folder.resolve("a.qcow2")))
                .isInstanceOf(LayerException.class)
                .hasMessageContaining("the external data file a.data is missing");
    }

    @Test
    void encrypted_images_are_refused_with_their_method() throws Exception {
        run(
                folder,
                "qemu-img create -q --object secret,id=s,data=x -f qcow2 -o encrypt.format=aes,encrypt.key-secret=s"
                        + " a.qcow2 1M");
        assertThatThrownBy(() -> open(format, folder.resolve("a.qcow2")))
                .isInstanceOf(LayerException.class)
                .hasMessageContaining("encrypted with AES");
        patch("a.qcow2", 35, 2);
        assertThatThrownBy(() -> open(format, folder.resolve("a.qcow2")))
                .isInstanceOf(LayerException.class)
                .hasMessageContaining("encrypted with LUKS");
    }

    @Test
    void features_not_known_are_refused_by_their_name() throws Exception {
        run(folder, "qemu-img create -q -f qcow2 a.qcow2 1M");
        patch("a.qcow2", 78, 1);
        assertThatThrownBy(() -> open(format, folder.resolve("a.qcow2")))
                .isInstanceOf(LayerException.class)
                .hasMessageContaining("QCOW2 at offset 72: the image needs feature bit 8");
    }

    @Test
    void a_cut_image_gives_what_is_there_and_names_what_is_not() throws Exception {
        Path raw = disk(folder, SIZE, 8);
        run(folder, "qemu-img convert -O qcow2 %s a.qcow2".formatted(raw));
        cut("a.qcow2", Files.size(folder.resolve("a.qcow2")) / 2);
        try (Container disk = open(format, folder.resolve("a.qcow2"))) {
            byte[] part = new byte[4096];
            disk.read(0, part, 0, part.length);
            assertThat(part).isEqualTo(Arrays.copyOf(Files.readAllBytes(raw), part.length));
            assertThatThrownBy(() -> disk.read(SIZE - (1 << 20), new byte[1 << 20], 0, 1 << 20))
                    .isInstanceOf(CorruptException.class)
                    .hasMessageContaining("offset");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "images/qcow2/ext2.qcow2",
                "images/qcow2/plaso_image.qcow2",
                "images/qcow2/windows_volume.qcow2",
                "images/own/windows-ntfs.qcow2",
                "images/own/linux-xfs.qcow2"
            })
    void images_of_the_corpus_are_what_qemu_reads(String image) throws Exception {
        Path file = corpus(image);
        run(folder, "qemu-img convert -O raw %s truth.raw".formatted(file));
        try (Container disk = open(format, file)) {
            assertSame(disk, folder.resolve("truth.raw"));
        }
    }

    @Test
    void several_threads_read_one_image() throws Exception {
        Path raw = disk(folder, SIZE, 10);
        run(folder, "qemu-img convert -c -O qcow2 -o cluster_size=4k %s a.qcow2".formatted(raw));
        try (Container disk = open(format, folder.resolve("a.qcow2"));
                var threads = Executors.newFixedThreadPool(4)) {
            var done = IntStream.range(0, 4)
                    .mapToObj(_ -> threads.submit(() -> {
                        assertSame(disk, raw);
                        return true;
                    }))
                    .toList();
            for (Future<Boolean> one : done) {
                assertThat(one.get()).isTrue();
            }
        }
    }

    @Tag("mutations")
    @Test
    void hostile_images_end_in_content_or_a_named_error() throws Exception {
        Path raw = disk(folder, 1 << 20, 9);
        run(folder, "qemu-img convert -c -O qcow2 -o cluster_size=4k,compression_type=zstd %s a.qcow2".formatted(raw));
        run(folder, "qemu-img snapshot -c first a.qcow2");
        write("a.qcow2", "write -P 1 100k 100k");
        int length = (int) Files.size(folder.resolve("a.qcow2"));
        assertSurvives(format, folder.resolve("a.qcow2"), Neighbours.NONE, new int[] {0, 120}, new int[] {0, length});
    }
}
