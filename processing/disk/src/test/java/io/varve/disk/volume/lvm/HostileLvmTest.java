package io.varve.disk.volume.lvm;

import io.varve.binary.Bytes;
import io.varve.disk.volume.HostileVolumesTest;
import io.varve.disk.volume.Tool;
import io.varve.disk.volume.raid.Laid;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("disks")
class HostileLvmTest {
    private static final int EXTENT = LvmMade.EXTENT;

    @TempDir
    Path folder;

    private final Random random = new Random(42);

    private static String volumes() {
        return LvmMade.linear("root", true, 4, "pv0", 0)
                + LvmMade.linear("snap", false, 3, "pv0", 4)
                + LvmMade.volume(
                        "snapshot0",
                        true,
                        LvmMade.segment(0, 4, "snapshot", "chunk_size = 8\norigin = \"root\"\ncow_store = \"snap\""))
                + LvmMade.volume(
                        "s",
                        true,
                        LvmMade.segment(
                                0,
                                4,
                                "striped",
                                "stripe_count = 2\nstripe_size = 16\nstripes = [\"pv0\", 8, \"pv1\", 2]"))
                + LvmMade.volume(
                        "r",
                        true,
                        LvmMade.segment(
                                0,
                                2,
                                "raid1",
                                "device_count = 2\n"
                                        + "region_size = 16\n"
                                        + "raids = [\"r_rmeta_0\", \"i0\", \"r_rmeta_1\", \"i1\"]"))
                + LvmMade.linear("r_rmeta_0", false, 1, "pv0", 10)
                + LvmMade.linear("i0", false, 2, "pv0", 11)
                + LvmMade.linear("r_rmeta_1", false, 1, "pv1", 10)
                + LvmMade.linear("i1", false, 2, "pv1", 11)
                + LvmMade.volume(
                        "pool",
                        true,
                        LvmMade.segment(
                                0,
                                10,
                                "thin-pool",
                                "metadata = \"tmeta\"\npool = \"tdata\"\ntransaction_id = 2\nchunk_size = 128"))
                + LvmMade.linear("tmeta", false, 16, "pv0", 20)
                + LvmMade.linear("tdata", false, 10, "pv1", 20)
                + LvmMade.volume(
                        "thin",
                        true,
                        LvmMade.segment(0, 100, "thin", "thin_pool = \"pool\"\ntransaction_id = 0\ndevice_id = 1"));
    }

    private static byte[] store() {
        ByteBuffer store = ByteBuffer.allocate(3 * EXTENT).order(ByteOrder.LITTLE_ENDIAN);
        store.putInt(0x70416e53).putInt(1).putInt(1).putInt(8).putLong(4096, 3).putLong(4104, 2);
        return store.array();
    }

    /// With right checksums around damaged text, so that the text itself is read.
    @Tag("mutations")
    @Test
    void metadata_text() {
        Assertions.assertTimeoutPreemptively(HostileVolumesTest.LIMIT, () -> {
            for (int i = 0; i < HostileVolumesTest.MUTATIONS; i++) {
                var made = new LvmMade(2, 40);
                String text = made.text(1, volumes());
                made.write(damaged(text)).put(0, 4, store());
                HostileVolumesTest.groups(List.of(new Lvm()), made.devices);
            }
        });
    }

    private String damaged(String text) {
        var damaged = new StringBuilder(text);
        for (int i = random.nextInt(6); i >= 0; i--) {
            int place = random.nextInt(damaged.length());
            switch (random.nextInt(5)) {
                case 0 -> damaged.setCharAt(place, (char) (' ' + random.nextInt(95)));
                case 1 -> damaged.deleteCharAt(place);
                case 2 -> number(damaged, place);
                case 3 -> damaged.insert(place, "a { ");
                default -> damaged.setLength(Math.max(200, place));
            }
        }
        return damaged.toString();
    }

    private void number(StringBuilder text, int place) {
        while (place < text.length() - 1 && !Character.isDigit(text.charAt(place))) {
            place++;
        }
        long[] odd = {-1, 0, 7, Integer.MAX_VALUE, 1L << 32, 1L << 62, Long.MAX_VALUE};
        text.replace(place, place + 1, Long.toString(odd[random.nextInt(odd.length)]));
    }

    @Tag("mutations")
    @Test
    void labels_areas_and_stores() {
        var made = new LvmMade(2, 40);
        made.write(made.text(1, volumes())).put(0, 4, store());
        Assertions.assertTimeoutPreemptively(HostileVolumesTest.LIMIT, () -> {
            for (int i = 0; i < HostileVolumesTest.MUTATIONS; i++) {
                byte[] first = HostileVolumesTest.mutated(
                        made.devices.getFirst(),
                        random,
                        512,
                        4096,
                        LvmMade.textPlace(),
                        LvmMade.START + 4 * EXTENT,
                        LvmMade.START + 4 * EXTENT + 4096);
                HostileVolumesTest.groups(List.of(new Lvm()), List.of(first, made.devices.get(1)));
            }
        });
    }

    /// An area full of beginnings, none of which ends.
    @Test
    void an_area_that_asks_for_endless_searches() {
        byte[] area = new byte[64 << 20];
        Arrays.fill(area, (byte) ' ');
        for (int start = 512; start < area.length; start += 512) {
            byte[] begin = "vg {\n id = \"x\" ".getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(begin, 0, area, start, begin.length);
        }
        Assertions.assertTimeoutPreemptively(
                Duration.ofMinutes(1),
                () -> Assertions.assertTrue(
                        MetadataArea.older(Bytes.of(area), 0, area.length).isEmpty()));
    }

    /// Nodes with right checksums around wrong fields.
    @Tag("mutations")
    @Test
    void trees_of_thin_pools() throws Exception {
        Tool.needs("thin_restore");
        Path xml = Files.writeString(folder.resolve("thin.xml"), """
            <superblock uuid="" time="2" transaction="2" flags="0" version="2" data_block_size="128" nr_data_blocks="10">
              <device dev_id="1" mapped_blocks="3" transaction="0" creation_time="0" snap_time="1">
                <single_mapping origin_block="2" data_block="5" time="0"/>
                <single_mapping origin_block="50" data_block="6" time="0"/>
                <single_mapping origin_block="99" data_block="7" time="0"/>
              </device>
            </superblock>
            """, StandardCharsets.UTF_8);
        Path file = Files.write(folder.resolve("tmeta"), new byte[16 * EXTENT]);
        Tool.run(folder, List.of("thin_restore", "-i", xml.toString(), "-o", file.toString()));
        byte[] metadata = Files.readAllBytes(file);
        var made = new LvmMade(2, 40);
        made.write(made.text(1, volumes())).put(1, 20, Laid.noise(1, 10 * EXTENT));
        Assertions.assertTimeoutPreemptively(HostileVolumesTest.LIMIT, () -> {
            for (int i = 0; i < HostileVolumesTest.MUTATIONS; i++) {
                made.put(0, 20, damagedTree(metadata));
                HostileVolumesTest.groups(List.of(new Lvm()), made.devices);
            }
        });
    }

    private byte[] damagedTree(byte[] metadata) {
        byte[] tree = metadata.clone();
        ByteBuffer out = ByteBuffer.wrap(tree).order(ByteOrder.LITTLE_ENDIAN);
        for (int block = 0; block < 12; block++) {
            if (random.nextInt(3) > 0) {
                continue;
            }
            int place = block * 4096 + (block == 0 ? 320 : 4) + random.nextInt(40);
            tree[place] = (byte) random.nextInt(random.nextBoolean() ? 16 : 256);
            var crc = new CRC32C();
            crc.update(tree, block * 4096 + 4, 4092);
            out.putInt(block * 4096, ~(int) crc.getValue() ^ (block == 0 ? 160774 : 121107));
        }
        return tree;
    }
}
