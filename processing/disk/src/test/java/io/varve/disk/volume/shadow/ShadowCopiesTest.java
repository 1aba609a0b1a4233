package io.varve.disk.volume.shadow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.FileBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("disks")
class ShadowCopiesTest {
    private static final int SECTORS = ShadowImage.BLOCK / 512;

    @TempDir
    Path folder;

    /// plaso's `vsstest.qcow2`; ids, times and digests as libvshadow 20260714 reads them.
    @Test
    void copies_of_a_real_volume_are_what_libvshadow_reads() throws Exception {
        Path qcow2 = Path.of(System.getProperty("varve.corpus", "none"), "images/qcow2/vsstest.qcow2");
        assumeTrue(Files.exists(qcow2), "the corpus is absent");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/qemu-img")), "qemu-img is not installed");
        Path raw = folder.resolve("raw");
        Process convert = new ProcessBuilder("qemu-img", "convert", "-O", "raw", qcow2.toString(), raw.toString())
                .inheritIO()
                .start();
        assertThat(convert.waitFor()).isZero();
        try (Bytes volume = FileBytes.open(raw)) {
            List<ShadowCopy> copies = ShadowCopies.of(volume);
            assertThat(copies).extracting(ShadowCopy::name).containsExactly("shadow1", "shadow2");
            assertThat(copies)
                    .extracting(ShadowCopy::id)
                    .containsExactly("4e3c03c2-7bc6-4288-ad96-c1eac1a55f71", "18f1ac6e-959d-436f-bdcc-e797a729e290");
            assertThat(copies)
                    .extracting(copy -> copy.created().iso())
                    .containsExactly("2013-12-03T06:35:09.736378700Z", "2013-12-03T06:37:48.919058300Z");
            assertThat(digest(copies.get(0).bytes()))
                    .isEqualTo("348f13f2adb0016f016a001fccb3dd3cb88697f24ae198f33834a7c216ae56a3");
            assertThat(digest(copies.get(1).bytes()))
                    .isEqualTo("a9a4b816840398112604b9c52b1443062bccf430c062c5e87a6d7713c876ec79");
        }
    }

    /// Of every MiB that is not all zeros, its place and content.
    private static String digest(Bytes bytes) throws Exception {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        byte[] chunk = new byte[1 << 20];
        byte[] zeros = new byte[1 << 20];
        for (long at = 0; at < bytes.size(); at += chunk.length) {
            int length = (int) Math.min(chunk.length, bytes.size() - at);
            bytes.read(at, chunk, 0, length);
            if (Arrays.mismatch(chunk, 0, length, zeros, 0, length) >= 0) {
                sha256.update(ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(at)
                        .array());
                sha256.update(chunk, 0, length);
            }
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    @Test
    void blocks_come_from_the_own_store_a_later_one_or_the_volume() throws Exception {
        byte[] image = new ShadowImage()
                .store(List.of(), ShadowImage.copied(10, 100), ShadowImage.copied(11, 101))
                .store(List.of(), ShadowImage.copied(10, 102), ShadowImage.copied(12, 103))
                .build();
        List<ShadowCopy> copies = ShadowCopies.of(Bytes.of(image));
        assertThat(sectors(copies.get(0), 10, 11, 12, 13))
                .containsExactly(block(100), block(101), block(103), block(13));
        assertThat(sectors(copies.get(1), 10, 11, 12, 13))
                .containsExactly(block(102), block(11), block(103), block(13));
        assertThat(copies.get(0).id()).isEqualTo("11111111-1111-1111-1111-111111111111");
        assertThat(copies.get(0).created().iso()).isEqualTo("2012-12-14T23:06:41.000000000Z");
    }

    @Test
    void forwarders_lead_to_other_blocks_and_are_followed_backwards() throws Exception {
        byte[] image = new ShadowImage()
                .store(List.of(), ShadowImage.forward(20, 30), ShadowImage.forward(21, 21))
                .store(List.of(), ShadowImage.copied(30, 105), ShadowImage.forward(40, 50), ShadowImage.copied(50, 106))
                .build();
        List<ShadowCopy> copies = ShadowCopies.of(Bytes.of(image));
        assertThat(sectors(copies.get(0), 20, 21)).containsExactly(block(105), block(21));
        // what moved from 40 to 50 and was kept from there is the old content of 40
        assertThat(sectors(copies.get(1), 30, 40, 50)).containsExactly(block(105), block(106), block(50));
    }

    @Test
    void overlays_count_for_their_own_copy_only_and_grow() throws Exception {
        byte[] image = new ShadowImage()
                .store(List.of(), ShadowImage.copied(10, 110))
                .store(
                        List.of(),
                        ShadowImage.overlay(10, 107, 0b101),
                        ShadowImage.copied(11, 108),
                        ShadowImage.overlay(11, 109, 0x8000_0000),
                        ShadowImage.overlay(10, 107, 0b10000))
                .build();
        List<ShadowCopy> copies = ShadowCopies.of(Bytes.of(image));
        int[] ten = sectors(copies.get(1).bytes(), 10 * SECTORS, SECTORS);
        int[] expected = run(10 * SECTORS);
        for (int sector : new int[] {0, 2, 4}) {
            expected[sector] = 107 * SECTORS + sector;
        }
        assertThat(ten).isEqualTo(expected);
        int[] eleven = run(108 * SECTORS);
        eleven[31] = 109 * SECTORS + 31;
        assertThat(sectors(copies.get(1).bytes(), 11 * SECTORS, SECTORS)).isEqualTo(eleven);
        assertThat(sectors(copies.get(0), 10, 11)).containsExactly(block(110), block(108));
    }

    @Test
    void blocks_in_no_use_are_zeros_in_the_newest_copy() throws Exception {
        byte[] image = new ShadowImage()
                .store(List.of(30), ShadowImage.copied(10, 110))
                .store(List.of(31, 32, 50), ShadowImage.copied(31, 111), ShadowImage.forward(40, 50))
                .build();
        List<ShadowCopy> copies = ShadowCopies.of(Bytes.of(image));
        assertThat(sectors(copies.get(0), 30, 31)).containsExactly(block(30), block(111));
        assertThat(sectors(copies.get(1), 30, 31, 32, 50)).containsExactly(block(30), block(111), 0, block(50));
        assertThat(copies.get(1).bytes().zeros(32 * ShadowImage.BLOCK + 100L)).isEqualTo(ShadowImage.BLOCK - 100);
        assertThat(copies.get(1).bytes().zeros(31 * ShadowImage.BLOCK)).isZero();
    }

    @Test
    void a_volume_without_shadow_storage_has_none() throws Exception {
        assertThat(ShadowCopies.of(Bytes.of(new byte[1 << 20]))).isEmpty();
        assertThat(ShadowCopies.of(Bytes.of(new byte[0]))).isEmpty();
    }

    @Test
    void circles_in_lists_end_and_cost_the_copies_that_need_them() throws Exception {
        byte[] image = new ShadowImage()
                .store(List.of(), ShadowImage.copied(10, 110))
                .store(List.of(), ShadowImage.copied(11, 111))
                .build();
        int firstList = (ShadowImage.CATALOG + 2) * ShadowImage.BLOCK;
        ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).putLong(firstList + 40, firstList);
        List<ShadowCopy> copies = ShadowCopies.of(Bytes.of(image));
        assertThat(sectors(copies.get(1), 11)).containsExactly(block(111));
        assertThatThrownBy(() -> sectors(copies.get(0), 11))
                .isInstanceOf(CorruptException.class)
                .hasMessage("VSS block at offset %d comes twice in a chain", firstList);
        ByteBuffer.wrap(image)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(ShadowImage.CATALOG * ShadowImage.BLOCK + 40, ShadowImage.CATALOG * ShadowImage.BLOCK);
        assertThatThrownBy(() -> ShadowCopies.of(Bytes.of(image)))
                .isInstanceOf(CorruptException.class)
                .hasMessageContaining("comes twice");
    }

    /// The number in the first sector of each block.
    private static List<Integer> sectors(ShadowCopy copy, int... blocks) throws Exception {
        var found = new java.util.ArrayList<Integer>();
        for (int block : blocks) {
            found.add(sectors(copy.bytes(), block * SECTORS, 1)[0]);
        }
        return found;
    }

    private static int[] sectors(Bytes bytes, int first, int count) throws Exception {
        byte[] all = new byte[count * 512];
        bytes.read(first * 512L, all, 0, all.length);
        ByteBuffer buffer = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
        int[] numbers = new int[count];
        Arrays.setAll(numbers, i -> buffer.getInt(i * 512));
        return numbers;
    }

    private static int block(int block) {
        return block * SECTORS;
    }

    private static int[] run(int first) {
        int[] run = new int[SECTORS];
        Arrays.setAll(run, i -> first + i);
        return run;
    }
}
