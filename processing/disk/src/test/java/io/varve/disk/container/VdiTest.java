package io.varve.disk.container;

import static io.varve.disk.container.VirtualDisks.assertSame;
import static io.varve.disk.container.VirtualDisks.assertSurvives;
import static io.varve.disk.container.VirtualDisks.disk;
import static io.varve.disk.container.VirtualDisks.folder;
import static io.varve.disk.container.VirtualDisks.open;
import static io.varve.disk.container.VirtualDisks.run;
import static io.varve.disk.container.VirtualDisks.zeros;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.disk.LayerException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("disks")
class VdiTest {
    private static final int SIZE = 9 * 1024 * 1024 + 1536;
    private static final int BLOCK = 1 << 20;

    @TempDir
    Path folder;

    private final Vdi format = new Vdi();

    @ParameterizedTest
    @ValueSource(strings = {"off", "on"})
    void a_converted_disk_is_the_same_bit_by_bit(String isStatic) throws Exception {
        Path raw = disk(folder, SIZE, 1);
        run(folder, "qemu-img convert -O vdi -o static=%s %s a.vdi".formatted(isStatic, raw));
        try (Container disk = open(format, folder.resolve("a.vdi"))) {
            assertSame(disk, raw);
        }
    }

    @Test
    void blocks_not_stored_are_told_to_be_zero() throws Exception {
        run(folder, "qemu-img create -q -f vdi a.vdi 100G");
        run(folder, "qemu-io", "-f", "vdi", "-c", "write -P 7 50G 64k", "a.vdi");
        try (Container disk = open(format, folder.resolve("a.vdi"))) {
            assertThat(zeros(disk)).isEqualTo((100L << 30) - BLOCK);
        }
    }

    /// Makes `child.vdi` a snapshot on the disk with this UUID; no tool here writes one.
    private void differencing(UUID parent) throws Exception {
        run(folder, "qemu-img create -q -f vdi child.vdi %d".formatted(SIZE / 512 * 512));
        run(folder, "qemu-io", "-f", "vdi", "-c", "write -P 7 3M 100k", "child.vdi");
        byte[] image = Files.readAllBytes(folder.resolve("child.vdi"));
        ByteBuffer child = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        child.putInt(76, 4);
        child.putInt(440, (int) (parent.getMostSignificantBits() >>> 32));
        child.putShort(444, (short) (parent.getMostSignificantBits() >>> 16));
        child.putShort(446, (short) parent.getMostSignificantBits());
        child.order(ByteOrder.BIG_ENDIAN).putLong(448, parent.getLeastSignificantBits());
        // block 5 is discarded: zero whatever the parent holds
        child.order(ByteOrder.LITTLE_ENDIAN).putInt(child.getInt(340) + 5 * 4, -2);
        Files.write(folder.resolve("child.vdi"), image);
    }

    private UUID parent(Path raw) throws Exception {
        run(folder, "qemu-img convert -O vdi %s parent.vdi".formatted(raw));
        try (Image parent = (Image) open(format, folder.resolve("parent.vdi"))) {
            UUID id = UUID.fromString(parent.identity());
            assertThat(id.version()).isEqualTo(4);
            Files.move(folder.resolve("parent.vdi"), folder.resolve("{%s}.vdi".formatted(id)));
            return id;
        }
    }

    @Test
    void a_snapshot_reads_through_to_the_disk_with_its_parents_uuid() throws Exception {
        Path raw = disk(folder, SIZE, 2);
        UUID id = parent(raw);
        differencing(id);
        byte[] truth = Files.readAllBytes(raw);
        Arrays.fill(truth, 3 * BLOCK, 4 * BLOCK, (byte) 0);
        Arrays.fill(truth, 3 * BLOCK, 3 * BLOCK + 102_400, (byte) 7);
        Arrays.fill(truth, 5 * BLOCK, 6 * BLOCK, (byte) 0);
        Files.write(folder.resolve("truth.raw"), truth);
        try (Container disk = open(format, folder.resolve("child.vdi"))) {
            assertSame(disk, folder.resolve("truth.raw"));
        }
        Files.delete(folder.resolve("{%s}.vdi".formatted(id)));
        assertThatThrownBy(() -> open(format, folder.resolve("child.vdi")))
                .isInstanceOf(LayerException.class)
                .hasMessage("VDI: the parent {%s}.vdi is missing; put it beside child.vdi".formatted(id));
    }

    @Tag("mutations")
    @Test
    void hostile_images_end_in_content_or_a_named_error() throws Exception {
        differencing(parent(disk(folder, SIZE, 3)));
        assertSurvives(format, folder.resolve("child.vdi"), folder(folder), new int[] {64, 472}, new int[] {512, 560});
    }
}
