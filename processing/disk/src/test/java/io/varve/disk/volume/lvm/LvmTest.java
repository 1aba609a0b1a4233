package io.varve.disk.volume.lvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.varve.binary.Bytes;
import io.varve.disk.LayerException;
import io.varve.disk.volume.Told;
import io.varve.disk.volume.Tool;
import io.varve.disk.volume.Volume;
import io.varve.disk.volume.VolumeGroup.Member;
import io.varve.disk.volume.raid.Laid;
import io.varve.disk.volume.raid.LayoutsTest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Groups from an independent builder; the metadata of thin pools is made by thin_restore. Groups made by LVM itself
/// are
/// in [LvmRealTest].
@Tag("disks")
class LvmTest {
    private static final int EXTENT = LvmMade.EXTENT;

    @TempDir
    Path folder;

    private final Told told = new Told();

    private List<Volume> volumes(List<byte[]> devices) throws Exception {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < devices.size(); i++) {
            members.add(new Member("p" + (i + 1), Bytes.of(devices.get(i))));
            assertThat(new Lvm().claims(members.getLast().bytes())).isTrue();
        }
        return new Lvm().assemble(members, told);
    }

    private Volume volume(List<byte[]> devices, String name) throws Exception {
        return volumes(devices).stream()
                .filter(volume -> volume.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " " + told.lost));
    }

    static byte[] join(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] noise(int seed, int extents) {
        return Laid.noise(seed, extents * EXTENT);
    }

    @Test
    void linear_segments_over_two_devices() throws Exception {
        var made = new LvmMade(2, 10);
        String text = made.text(
                3,
                LvmMade.volume(
                                "root",
                                true,
                                LvmMade.segment(0, 2, "striped", "stripe_count = 1\nstripes = [\n\"pv0\", 7\n]"),
                                LvmMade.segment(2, 3, "striped", "stripe_count = 1\nstripes = [\"pv1\", 0]"))
                        + LvmMade.linear("hidden", false, 1, "pv0", 0));
        made.write(text).put(0, 7, noise(1, 2)).put(1, 0, noise(2, 3));
        List<Volume> volumes = volumes(made.devices.reversed());
        assertThat(volumes).extracting(Volume::name).containsExactly("vg/root");
        assertThat(volumes.getFirst().kind()).isEqualTo("linear");
        LayoutsTest.same(volumes.getFirst().bytes(), join(noise(1, 2), noise(2, 3)));
        assertThat(told.lost).isEmpty();
    }

    @Test
    void a_missing_device_is_named_and_costs_its_extents_only() throws Exception {
        var made = new LvmMade(2, 10);
        made.write(made.text(
                        3,
                        LvmMade.volume(
                                "root",
                                true,
                                LvmMade.segment(0, 2, "striped", "stripe_count = 1\nstripes = [\"pv0\", 7]"),
                                LvmMade.segment(2, 3, "striped", "stripe_count = 1\nstripes = [\"pv1\", 0]"))))
                .put(0, 7, noise(1, 2));
        Volume volume = volume(made.devices.subList(0, 1), "vg/root");
        assertThat(told.lost)
                .containsExactly(
                        "volume group vg lacks the device with UUID aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1 (it was /dev%2Fsdb)"
                                .replace("/dev%2F", "%2Fdev%2F"));
        byte[] read = new byte[2 * EXTENT];
        volume.bytes().read(0, read, 0, read.length);
        assertThat(read).isEqualTo(noise(1, 2));
        assertThatThrownBy(() -> volume.bytes().read(2L * EXTENT, read, 0, 1))
                .isInstanceOf(LayerException.class)
                .hasMessageContaining("UUID aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1 is missing");
    }

    @Test
    void the_newest_sequence_number_wins_and_texts_wrap_around() throws Exception {
        var made = new LvmMade(2, 10);
        made.write(0, made.text(3, LvmMade.linear("old", true, 2, "pv0", 0)), 512);
        made.write(1, made.text(11, LvmMade.linear("new", true, 2, "pv1", 4)), (128 << 10) - 700);
        made.put(1, 4, noise(5, 2));
        List<Volume> volumes = volumes(made.devices);
        assertThat(volumes).extracting(Volume::name).containsExactly("vg/new");
        LayoutsTest.same(volumes.getFirst().bytes(), noise(5, 2));
        assertThat(told.lost).isEmpty();
    }

    @Test
    void damaged_metadata_falls_back_to_an_older_text() throws Exception {
        var made = new LvmMade(1, 10);
        made.write(0, made.text(3, LvmMade.linear("root", true, 2, "pv0", 1)), 512);
        made.write(0, made.text(4, LvmMade.linear("root", true, 3, "pv0", 1)), 4096);
        made.devices.getFirst()[4096 + 4096 + 100] ^= 4;
        made.devices.getFirst()[4096 + 4096] = '{';
        made.put(0, 1, noise(1, 2));
        LayoutsTest.same(volume(made.devices, "vg/root").bytes(), noise(1, 2));
        assertThat(told.lost).hasSize(1).first().asString().contains("checksum", "version 3 is still there");
    }

    @Test
    void striped() throws Exception {
        var made = new LvmMade(3, 10);
        Laid laid = Laid.out("0 1 2", 8192, 3 * EXTENT / 8192, new int[0][]);
        made.write(
                made.text(
                        1,
                        LvmMade.volume(
                                "s",
                                true,
                                LvmMade.segment(
                                        0,
                                        9,
                                        "striped",
                                        "stripe_count = 3\nstripe_size = 16\nstripes = [\"pv0\", 0, \"pv1\", 2, \"pv2\", 4]"))));
        for (int i = 0; i < 3; i++) {
            made.put(i, 2 * i, laid.members.get(i));
        }
        Volume volume = volume(made.devices, "vg/s");
        assertThat(volume.kind()).isEqualTo("striped");
        LayoutsTest.same(volume.bytes(), laid.content);
    }

    @ParameterizedTest
    @CsvSource({
        "raid0, 0 1 2 3 4",
        "raid4, P 0 1 2 3",
        "raid5_ls, 0 1 2 3 P/5 6 7 P 4/10 11 P 8 9/15 P 12 13 14/P 16 17 18 19",
        "raid5_n, 0 1 2 3 P",
        "raid10, 0 0 1 1/2 2 3 3",
        "raid1, 0 0"
    })
    void raid(String type, String table) throws Exception {
        Laid laid = Laid.out(table, 4096, 5 * EXTENT / 4096, new int[0][]);
        int count = laid.members.size();
        var made = new LvmMade(count, 10);
        String attributes = "device_count = %d\nstripe_size = 8\nregion_size = 128\n".formatted(count);
        StringBuilder images = new StringBuilder();
        StringBuilder hidden = new StringBuilder();
        for (int i = 0; i < count; i++) {
            boolean metadata = !type.equals("raid0");
            images.append(i == 0 ? "" : ", ")
                    .append(metadata ? "\"r_rmeta_%d\", ".formatted(i) : "")
                    .append("\"r_rimage_%d\"".formatted(i));
            hidden.append(LvmMade.linear("r_rimage_" + i, false, 5, "pv" + i, 2));
            hidden.append(metadata ? LvmMade.linear("r_rmeta_" + i, false, 1, "pv" + i, 1) : "");
            made.put(i, 2, laid.members.get(i)).put(i, 1, health(i, 9));
        }
        String list = (type.equals("raid0") ? "raid0_lvs" : "raids") + " = [" + images + "]";
        int extents = laid.content.length / EXTENT;
        made.write(made.text(
                1, LvmMade.volume("r", true, LvmMade.segment(0, extents, type, attributes + list)) + hidden));
        LayoutsTest.same(volume(made.devices, "vg/r").bytes(), laid.content);
        assertThat(told.lost).isEmpty();
        if (type.equals("raid0")) {
            return;
        }
        // an image that fell behind is not read
        made.put(1, 2, noise(77, 5)).put(1, 1, health(1, 4));
        LayoutsTest.same(volume(made.devices, "vg/r").bytes(), laid.content);
        // nor is one whose device is missing
        List<byte[]> rest = new ArrayList<>(made.devices);
        rest.remove(1);
        LayoutsTest.same(volume(rest, "vg/r").bytes(), laid.content);
    }

    private static byte[] health(int position, long events) {
        return ByteBuffer.allocate(64)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0, 0x64526d44)
                .putInt(12, position)
                .putLong(16, events)
                .putLong(32, -1)
                .array();
    }

    @Test
    void mirror_and_cache_are_read_through() throws Exception {
        var made = new LvmMade(2, 10);
        made.write(made.text(
                1,
                LvmMade.volume(
                                "m",
                                true,
                                LvmMade.segment(
                                        0,
                                        2,
                                        "mirror",
                                        "mirror_count = 2\nmirror_log = \"m_mlog\"\nregion_size = 1024\nmirrors = [\"m_mimage_0\", 0, \"m_mimage_1\", 0]"))
                        + LvmMade.linear("m_mimage_0", false, 2, "pv0", 0)
                        + LvmMade.linear("m_mimage_1", false, 2, "pv1", 0)
                        + LvmMade.volume(
                                "c",
                                true,
                                LvmMade.segment(0, 1, "cache", "cache_pool = \"pool\"\norigin = \"c_corig\""))
                        + LvmMade.linear("c_corig", false, 1, "pv0", 5)));
        made.put(0, 0, noise(1, 2)).put(1, 0, noise(1, 2)).put(0, 5, noise(2, 1));
        LayoutsTest.same(volume(made.devices, "vg/m").bytes(), noise(1, 2));
        LayoutsTest.same(volume(made.devices, "vg/c").bytes(), noise(2, 1));
        assertThat(told.notes).anyMatch(note -> note.contains("vg/c is read from its origin"));
        LayoutsTest.same(volume(made.devices.subList(1, 2), "vg/m").bytes(), noise(1, 2));
    }

    @Test
    void a_snapshot_shows_the_origin_as_it_was() throws Exception {
        var made = new LvmMade(1, 20);
        made.write(made.text(
                1,
                LvmMade.linear("root", true, 4, "pv0", 0)
                        + LvmMade.linear("snap", false, 3, "pv0", 4)
                        + LvmMade.volume(
                                "snapshot0",
                                true,
                                LvmMade.segment(
                                        0, 4, "snapshot", "chunk_size = 8\norigin = \"root\"\ncow_store = \"snap\""))));
        byte[] before = noise(1, 4);
        byte[] now = before.clone();
        ByteBuffer store = ByteBuffer.allocate(3 * EXTENT).order(ByteOrder.LITTLE_ENDIAN);
        store.putInt(0x70416e53).putInt(1).putInt(1).putInt(8);
        for (int i = 0; i < 3; i++) {
            int chunk = new int[] {60, 3, 17}[i];
            store.putLong(4096 + 16 * i, chunk).putLong(4096 + 16 * i + 8, 2 + i);
            store.put(4096 * (2 + i), before, chunk * 4096, 4096);
            System.arraycopy(Laid.noise(50 + i, 4096), 0, now, chunk * 4096, 4096);
        }
        made.put(0, 0, now).put(0, 4, store.array());
        List<Volume> volumes = volumes(made.devices);
        assertThat(volumes)
                .extracting(Volume::name, Volume::kind)
                .containsExactly(tuple("vg/root", "linear"), tuple("vg/snap", "snapshot"));
        LayoutsTest.same(volumes.get(0).bytes(), now);
        LayoutsTest.same(volumes.get(1).bytes(), before);
        made.put(0, 4, store.putInt(4, 0).array());
        assertThat(volumes(made.devices)).hasSize(1);
        assertThat(told.lost).hasSize(1).first().asString().contains("dropped because its store was full");
    }

    /// @param origin an external origin, or none
    private LvmMade thin(String xml, String origin) throws Exception {
        Tool.needs("thin_restore");
        Path file = Files.writeString(folder.resolve("thin.xml"), xml);
        Path metadata = Files.write(folder.resolve("tmeta"), new byte[16 * EXTENT]);
        Tool.run(folder, List.of("thin_restore", "-i", file.toString(), "-o", metadata.toString()));
        var made = new LvmMade(1, 400);
        made.write(made.text(
                1,
                LvmMade.volume(
                                "pool",
                                true,
                                LvmMade.segment(
                                        0,
                                        300,
                                        "thin-pool",
                                        "metadata = \"pool_tmeta\"\npool = \"pool_tdata\"\ntransaction_id = 2\nchunk_size = 128"))
                        + LvmMade.linear("pool_tmeta", false, 16, "pv0", 0)
                        + LvmMade.linear("pool_tdata", false, 300, "pv0", 16)
                        + LvmMade.linear("external", true, 4, "pv0", 330)
                        + LvmMade.volume(
                                "one",
                                true,
                                LvmMade.segment(
                                        0,
                                        1000,
                                        "thin",
                                        "thin_pool = \"pool\"\ntransaction_id = 0\ndevice_id = 1\n" + origin))
                        + LvmMade.volume(
                                "two",
                                true,
                                LvmMade.segment(
                                        0,
                                        1000,
                                        "thin",
                                        "thin_pool = \"pool\"\ntransaction_id = 1\ndevice_id = 2\norigin = \"one\""))));
        made.put(0, 0, Files.readAllBytes(metadata)).put(0, 16, noise(3, 300)).put(0, 330, noise(4, 4));
        return made;
    }

    private static final String TWO_VOLUMES = """
            <superblock uuid="" time="2" transaction="2" flags="0" version="2" data_block_size="128" nr_data_blocks="300">
              <device dev_id="1" mapped_blocks="4" transaction="0" creation_time="0" snap_time="1">
                <range_mapping origin_begin="2" data_begin="5" length="3" time="0"/>
                <single_mapping origin_block="998" data_block="299" time="1"/>
              </device>
              <device dev_id="2" mapped_blocks="2" transaction="1" creation_time="1" snap_time="1">
                <range_mapping origin_begin="3" data_begin="6" length="2" time="0"/>
              </device>
            </superblock>
            """;

    @Test
    void thin_volumes_and_their_snapshots() throws Exception {
        LvmMade made = thin(TWO_VOLUMES, "");
        byte[] pool = noise(3, 300);
        byte[] one = new byte[1000 * EXTENT];
        System.arraycopy(pool, 5 * EXTENT, one, 2 * EXTENT, 3 * EXTENT);
        System.arraycopy(pool, 299 * EXTENT, one, 998 * EXTENT, EXTENT);
        byte[] two = new byte[1000 * EXTENT];
        System.arraycopy(pool, 6 * EXTENT, two, 3 * EXTENT, 2 * EXTENT);
        List<Volume> volumes = volumes(made.devices);
        assertThat(volumes).extracting(Volume::name).containsExactly("vg/external", "vg/one", "vg/two");
        LayoutsTest.same(volumes.get(1).bytes(), one);
        LayoutsTest.same(volumes.get(2).bytes(), two);
        Bytes bytes = volumes.get(1).bytes();
        assertThat(bytes.zeros(100)).isEqualTo(2L * EXTENT - 100);
        assertThat(bytes.zeros(2L * EXTENT)).isZero();
        assertThat(bytes.zeros(5L * EXTENT)).isEqualTo(993L * EXTENT);
        assertThat(bytes.zeros(999L * EXTENT)).isEqualTo(EXTENT);
        assertThat(told.lost).isEmpty();
    }

    @Test
    void unmapped_blocks_show_an_external_origin() throws Exception {
        LvmMade made = thin(TWO_VOLUMES, "external_origin = \"external\"");
        byte[] read = new byte[4 * EXTENT];
        volume(made.devices, "vg/one").bytes().read(EXTENT, read, 0, read.length);
        byte[] origin = noise(4, 4);
        byte[] pool = noise(3, 300);
        assertThat(read)
                .isEqualTo(join(
                        Arrays.copyOfRange(origin, EXTENT, 2 * EXTENT),
                        Arrays.copyOfRange(pool, 5 * EXTENT, 8 * EXTENT)));
    }

    /// Enough mappings for a tree of several levels, none next to another.
    @Test
    void a_deep_tree() throws Exception {
        var xml = new StringBuilder(
                "<superblock uuid=\"\" time=\"0\" transaction=\"2\" flags=\"0\" version=\"2\" data_block_size=\"128\" nr_data_blocks=\"300\">\n<device dev_id=\"1\" mapped_blocks=\"150\" transaction=\"0\" creation_time=\"0\" snap_time=\"0\">\n");
        for (int i = 0; i < 150; i++) {
            xml.append(
                    "<single_mapping origin_block=\"%d\" data_block=\"%d\" time=\"0\"/>\n".formatted(i * 6, 299 - i));
        }
        for (int i = 0; i < 30_000; i++) {
            xml.append("<single_mapping origin_block=\"%d\" data_block=\"%d\" time=\"0\"/>\n"
                    .formatted(1000 + i * 2, i % 150));
        }
        xml.append("</device>\n</superblock>\n");
        LvmMade made = thin(xml.toString(), "");
        Bytes bytes = volume(made.devices, "vg/one").bytes();
        byte[] pool = noise(3, 300);
        byte[] read = new byte[EXTENT];
        for (int i = 0; i < 150; i++) {
            bytes.read((long) i * 6 * EXTENT, read, 0, EXTENT);
            assertThat(read).isEqualTo(Arrays.copyOfRange(pool, (299 - i) * EXTENT, (300 - i) * EXTENT));
            assertThat(bytes.zeros((i * 6 + 1L) * EXTENT)).isEqualTo((i < 149 ? 5L : 105) * EXTENT);
        }
    }

    @Test
    void a_volume_made_of_itself_ends() throws Exception {
        var made = new LvmMade(1, 10);
        made.write(made.text(1, LvmMade.linear("a", true, 2, "b", 0) + LvmMade.linear("b", true, 2, "a", 0)));
        List<Volume> volumes = volumes(made.devices);
        assertThat(told.lost).isNotEmpty().anyMatch(reason -> reason.contains("made of itself"));
        assertThatThrownBy(() -> volumes.getFirst().bytes().read(0, new byte[1], 0, 1))
                .isInstanceOf(LayerException.class);
    }

    @Test
    void two_groups_of_one_name_are_told_apart() throws Exception {
        var one = new LvmMade(1, 10);
        var two = new LvmMade(2, 10);
        one.write(one.text(1, LvmMade.linear("root", true, 2, "pv0", 1)));
        two.write(1, two.text(1, LvmMade.linear("root", true, 2, "pv1", 1)).replace("bbbbbb-bbbb", "dddddd-bbbb"), 512);
        assertThat(volumes(List.of(one.devices.getFirst(), two.devices.get(1))))
                .extracting(Volume::name)
                .containsExactly("vg/root", "vg-dddddd-bbbb-bbbb-bbbb-bbbb-bbbb-bbbbbb/root");
    }

    @Test
    void a_segment_of_an_unknown_type_is_told() throws Exception {
        var made = new LvmMade(1, 10);
        made.write(made.text(1, LvmMade.volume("v", true, LvmMade.segment(0, 2, "vdo", "vdo_pool = \"p\""))));
        assertThat(volumes(made.devices)).hasSize(1);
        assertThat(told.lost).hasSize(1).first().asString().contains("type vdo are not read");
    }

    @Test
    void text_is_read_as_lvm_writes_it() {
        Section text = MetadataText.parse(
                "a { # c {\n b = [ 1, \"x, ]\", -3 ]\n c = \"q\\\"\\\\\"\n d { e=7 } }\nf = 1.5\0junk"
                        .getBytes(StandardCharsets.UTF_8));
        Section a = text.section("a").orElseThrow();
        assertThat(a.list("b")).isEqualTo(List.of(1L, "x, ]", -3L));
        assertThat(a.text("c")).contains("q\"\\");
        assertThat(a.section("d").orElseThrow().number("e")).hasValue(7);
        assertThat(text.text("f")).contains("1.5");
    }
}
