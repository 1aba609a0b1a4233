package io.varve.disk.volume.lvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.binary.Bytes;
import io.varve.disk.FileBytes;
import io.varve.disk.Slice;
import io.varve.disk.volume.Gpt;
import io.varve.disk.volume.Told;
import io.varve.disk.volume.Tool;
import io.varve.disk.volume.Volume;
import io.varve.disk.volume.VolumeGroup.Member;
import io.varve.disk.volume.raid.Laid;
import io.varve.disk.volume.raid.LayoutsTest;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Groups that LVM's own commands wrote, against what these commands say of them.
@Tag("disks")
class LvmRealTest {
    private static final long MIB = 1 << 20;

    @TempDir
    Path folder;

    private final Told told = new Told();

    /// The installed Linux of the corpus: two volumes, one grown later. Its makers kept LVM's own description.
    @Test
    void an_installed_linux() throws Exception {
        Tool.needs("qemu-img");
        Path image = Tool.corpus().resolve("own/linux-lvm.qcow2");
        String truth = Files.readString(Tool.corpus().resolve("own/truth/lvm-metadata.txt"));
        String group = truth.lines()
                .filter(line -> line.endsWith(" {"))
                .findFirst()
                .orElseThrow()
                .replace(" {", "");
        Tool.run(folder, List.of("qemu-img", "convert", "-O", "raw", image.toString(), "disk.raw"));
        try (Bytes disk = FileBytes.open(folder.resolve("disk.raw"))) {
            List<Member> members = members(disk);
            List<Volume> volumes = new Lvm().assemble(members, told);
            assertThat(volumes).extracting(Volume::name).containsExactly(group + "/root", group + "/home");
            assertThat(volumes).extracting(Volume::kind).containsOnly("linear");
            Bytes device = members.getFirst().bytes();
            sameStream(volumes.get(0).bytes(), extents(device, 0, 11), extents(device, 91, 10));
            sameStream(volumes.get(1).bytes(), extents(device, 11, 80));
        }
        assertThat(told.lost).isEmpty();
    }

    private static Slice extents(Bytes device, int first, int count) {
        return new Slice(device, MIB + first * 4 * MIB, count * 4 * MIB);
    }

    private static void sameStream(Bytes volume, Bytes... parts) throws Exception {
        List<InputStream> streams = new ArrayList<>();
        for (Bytes part : parts) {
            streams.add(part.stream());
        }
        try (InputStream ours = volume.stream();
                InputStream theirs = new SequenceInputStream(Collections.enumeration(streams))) {
            byte[] expected = theirs.readNBytes(4 << 20);
            while (expected.length > 0) {
                assertThat(ours.readNBytes(expected.length)).isEqualTo(expected);
                expected = theirs.readNBytes(4 << 20);
            }
            assertThat(ours.read()).isEqualTo(-1);
        }
    }

    private List<Member> members(Bytes disk) throws Exception {
        List<Member> members = new ArrayList<>();
        for (Volume partition : new Gpt().read(disk, told).orElseThrow()) {
            if (new Lvm().claims(partition.bytes())) {
                members.add(new Member(partition.name(), partition.bytes()));
            }
        }
        assertThat(members).hasSize(1);
        return members;
    }

    private List<Volume> assembled(RealLvm lvm) throws Exception {
        List<Member> members = new ArrayList<>();
        for (Path file : lvm.files) {
            members.add(new Member(file.getFileName().toString(), Bytes.of(Files.readAllBytes(file))));
        }
        return new Lvm().assemble(members.reversed(), told);
    }

    /// Content is written where `lvs` says that the extents lie.
    @Test
    void several_devices_linear_and_striped() throws Exception {
        byte[] linear;
        byte[] striped;
        var lvm = new RealLvm(folder, 3, 16 * MIB);
        try (lvm) {
            for (String loop : lvm.loops) {
                lvm.run("pvcreate", "-y", loop);
            }
            lvm.run("vgcreate", "-s", "1m", "vgreal", lvm.loops.get(0), lvm.loops.get(1), lvm.loops.get(2));
            lvm.run("lvcreate", "-an", "-Zn", "-Wn", "-L", "6m", "-i", "3", "-I", "64k", "-n", "striped", "vgreal");
            create(lvm, "6m", "first");
            create(lvm, "20m", "linear");
            lvm.run("lvremove", "-y", "vgreal/first");
            lvm.run("lvextend", "-L", "24m", "vgreal/linear");
            linear = fill(lvm, "linear", 1);
            striped = fill(lvm, "striped", 3);
        }
        List<Volume> volumes = assembled(lvm);
        assertThat(volumes).extracting(Volume::name).containsExactlyInAnyOrder("vgreal/linear", "vgreal/striped");
        for (Volume volume : volumes) {
            LayoutsTest.same(volume.bytes(), volume.name().endsWith("linear") ? linear : striped);
        }
        assertThat(told.lost).isEmpty();
    }

    private static void create(RealLvm lvm, String size, String name) throws Exception {
        lvm.run("lvcreate", "-an", "-Zn", "-Wn", "-L", size, "-n", name, "vgreal");
    }

    /// Random content for a volume, written to the ranges of `lvs` in order, or chunk by chunk over its stripes.
    private static byte[] fill(RealLvm lvm, String name, int stripes) throws Exception {
        String out = lvm.run(
                "lvs",
                "--noheadings",
                "--segments",
                "-o",
                "seg_start_pe,seg_pe_ranges",
                "-O",
                "seg_start_pe",
                "vgreal/" + name);
        var content = new ByteArrayOutputStream();
        for (String line : out.strip().split("\n")) {
            String[] ranges = line.strip().split("\\s+");
            assertThat(ranges).hasSize(stripes + 1);
            int extents = size(ranges[1]) * stripes;
            byte[] noise = Laid.noise(line.hashCode(), (int) (extents * MIB));
            int chunk = stripes == 1 ? noise.length : 64 << 10;
            for (int i = 0; i < noise.length / chunk; i++) {
                String range = ranges[1 + i % stripes];
                long offset = MIB + first(range) * MIB + (long) (i / stripes) * chunk;
                lvm.write(range.substring(0, range.indexOf(':')), offset, noise, i * chunk, chunk);
            }
            content.writeBytes(noise);
        }
        return content.toByteArray();
    }

    private static int first(String range) {
        return Integer.parseInt(range.substring(range.indexOf(':') + 1, range.lastIndexOf('-')));
    }

    private static int size(String range) {
        return Integer.parseInt(range.substring(range.lastIndexOf('-') + 1)) - first(range) + 1;
    }

    /// Kinds that lvcreate cannot make here: LVM reads our text, takes it for what we mean, and writes it itself.
    @Test
    void metadata_of_other_kinds_as_lvm_restores_it() throws Exception {
        var made = new LvmMade(3, 60);
        String text = made.text(
                5,
                raid()
                        + LvmMade.linear("root", true, 4, "pv0", 8)
                        + LvmMade.linear("snap", false, 3, "pv1", 8)
                        + LvmMade.volume(
                                "snapshot0",
                                true,
                                LvmMade.segment(
                                        0, 4, "snapshot", "chunk_size = 8\norigin = \"root\"\ncow_store = \"snap\""))
                        + LvmMade.volume(
                                "m",
                                true,
                                LvmMade.segment(
                                        0,
                                        2,
                                        "mirror",
                                        "mirror_count = 2\nregion_size = 128\nmirrors = [\"m_mimage_0\", 0, \"m_mimage_1\", 0]"))
                        + LvmMade.linear("m_mimage_0", false, 2, "pv0", 13)
                        + LvmMade.linear("m_mimage_1", false, 2, "pv1", 13));
        Path file = Files.writeString(folder.resolve("vg.txt"), text);
        String seen;
        var lvm = new RealLvm(folder, 3, made.devices.getFirst().length);
        try (lvm) {
            for (int i = 0; i < 3; i++) {
                lvm.run(
                        "pvcreate",
                        "-y",
                        "-ff",
                        "--uuid",
                        LvmMade.IDS[i],
                        "--restorefile",
                        file.toString(),
                        lvm.loops.get(i));
            }
            lvm.run("vgcfgrestore", "--force", "-f", file.toString(), "vg");
            seen = lvm.run("lvs", "--noheadings", "-o", "lv_name,segtype", "vg");
        }
        assertThat(seen)
                .containsPattern("r +raid5_ls")
                .containsPattern("m +mirror")
                .containsPattern("snap +linear");
        List<Volume> volumes = assembled(lvm);
        assertThat(volumes)
                .extracting(volume -> volume.name() + " " + volume.kind())
                .containsExactlyInAnyOrder("vg/r raid5_ls", "vg/root linear", "vg/m mirror");
        // the store was never written: the snapshot is told, the rest is there
        assertThat(told.lost).hasSize(1).first().asString().contains("vg/snap").contains("no header");
    }

    private static String raid() {
        String images = "\"r_rmeta_0\", \"r_rimage_0\", \"r_rmeta_1\", \"r_rimage_1\", \"r_rmeta_2\", \"r_rimage_2\"";
        var text = new StringBuilder(LvmMade.volume(
                "r",
                true,
                LvmMade.segment(
                        0,
                        10,
                        "raid5_ls",
                        "device_count = 3\nstripe_size = 8\nregion_size = 128\nraids = [" + images + "]")));
        for (int i = 0; i < 3; i++) {
            text.append(LvmMade.linear("r_rmeta_" + i, false, 1, "pv" + i, 0));
            text.append(LvmMade.linear("r_rimage_" + i, false, 5, "pv" + i, 1));
        }
        return text.toString();
    }
}
