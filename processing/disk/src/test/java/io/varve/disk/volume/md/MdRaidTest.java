package io.varve.disk.volume.md;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.binary.Bytes;
import io.varve.disk.volume.Told;
import io.varve.disk.volume.Tool;
import io.varve.disk.volume.Volume;
import io.varve.disk.volume.VolumeGroup.Member;
import io.varve.disk.volume.raid.Laid;
import io.varve.disk.volume.raid.LayoutsTest;
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

/// No md driver and no real sample was at hand: superblocks come from [MdMade], which mdadm confirms.
@Tag("disks")
class MdRaidTest {
    private static final String LEFT_SYMMETRIC = "0 1 2 3 P/5 6 7 P 4/10 11 P 8 9/15 P 12 13 14/P 16 17 18 19";

    @TempDir
    Path folder;

    private final Told told = new Told();

    private static Member member(int number, byte[] device) {
        return new Member("p" + number, Bytes.of(device));
    }

    private static List<Member> members(MdMade made, Laid laid) {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < laid.members.size(); i++) {
            members.add(member(i + 1, made.member(i, laid.members.get(i))));
        }
        return members;
    }

    private Volume one(List<Member> members) throws Exception {
        List<Volume> volumes = new MdRaid().assemble(members, told);
        assertThat(volumes).as("%s %s", told.lost, told.notes).hasSize(1);
        return volumes.getFirst();
    }

    private static MdMade made(String version, int level, int layout, int disks) {
        var made = new MdMade();
        made.version = version;
        made.level = level;
        made.layout = layout;
        made.disks = disks;
        return made;
    }

    @ParameterizedTest
    @CsvSource({"0.90", "1.0", "1.1", "1.2"})
    void every_version_of_the_superblock(String version) throws Exception {
        Laid laid = Laid.out(LEFT_SYMMETRIC, 1024, 100, new int[0][]);
        List<Member> members = members(made(version, 5, 2, 5), laid);
        for (Member member : members) {
            assertThat(new MdRaid().claims(member.bytes())).isTrue();
        }
        Volume volume = one(members.reversed());
        LayoutsTest.same(volume.bytes(), laid.content);
        assertThat(volume.kind()).isEqualTo("RAID 5");
        assertThat(volume.name()).isEqualTo(version.equals("0.90") ? "md-" + MdMade.UUID : "md-host:data");
        assertThat(volume.offset()).isEqualTo(-1);
        assertThat(told.lost).isEmpty();
        assertThat(told.notes).isEmpty();
    }

    @Test
    void a_big_endian_superblock() throws Exception {
        Laid laid = Laid.out(LEFT_SYMMETRIC, 1024, 10, new int[0][]);
        MdMade made = made("0.90", 5, 2, 5);
        made.bigEndian = true;
        LayoutsTest.same(one(members(made, laid)).bytes(), laid.content);
    }

    @ParameterizedTest
    @CsvSource({
        "6, 2, Q 0 1 2 P/3 4 5 P Q/7 8 P Q 6/11 P Q 9 10/P Q 12 13 14",
        "10, 0x102, 0 0 1 1/2 2 3 3",
        "10, 0x10201, 0 1 2 3/3 0 1 2",
        "4, 0, 0 1 2 P",
        "0, 0, 0 1 2",
        "1, 0, 0 0/1 1"
    })
    void every_level(int level, String layout, String table) throws Exception {
        Laid laid = Laid.out(table, 1024, 20, new int[0][]);
        MdMade made = made("1.2", level, Integer.decode(layout), laid.members.size());
        LayoutsTest.same(one(members(made, laid)).bytes(), laid.content);
    }

    @Test
    void linear_arrays_join_members_of_several_sizes() throws Exception {
        MdMade made = made("1.2", -1, 0, 2);
        byte[] content = Laid.noise(1, 50 * 1024);
        List<Member> members = List.of(
                member(2, made.member(1, Arrays.copyOfRange(content, 20 * 1024, 50 * 1024))),
                member(1, made.member(0, Arrays.copyOf(content, 20 * 1024))));
        Volume volume = one(members);
        LayoutsTest.same(volume.bytes(), content);
        assertThat(volume.kind()).isEqualTo("RAID linear");
    }

    /// The independent view of the builder's superblocks, and so of what the reader takes from them.
    @ParameterizedTest
    @CsvSource({"0.90", "1.0", "1.1", "1.2"})
    void mdadm_takes_the_superblocks_for_its_own(String version) throws Exception {
        Tool.needs("mdadm");
        Laid laid = Laid.out(LEFT_SYMMETRIC, 4096, 20, new int[0][]);
        MdMade made = made(version, 5, 2, 5);
        made.chunk = 4096;
        byte[] device = made.member(3, laid.members.get(3));
        Path file = Files.write(folder.resolve("member"), device);
        String out = Tool.run(folder, List.of("mdadm", "--examine", file.toString()));
        assertThat(out)
                .contains(MdMade.UUID, "raid5", "left-symmetric")
                .containsPattern("Checksum : \\w+ - correct")
                .containsPattern("Events : (0\\.)?40")
                .containsPattern("Chunk Size : 4K")
                .containsPattern("Raid Devices : 5")
                .containsPattern(version.equals("0.90") ? "this +3" : "Active device 3");
    }

    @Test
    void a_missing_member_is_computed_and_noted() throws Exception {
        Laid laid = Laid.out(LEFT_SYMMETRIC, 1024, 20, new int[0][]);
        List<Member> members = members(made("1.2", 5, 2, 5), laid);
        members.remove(2);
        Volume volume = one(members);
        LayoutsTest.same(volume.bytes(), laid.content);
        assertThat(volume.kind()).isEqualTo("RAID 5, degraded");
        assertThat(told.notes)
                .containsExactly(
                        "md-host:data lacks the members with role 2 of 5 (at hand: p1 as 0, p2 as 1, p4 as 3, p5 as 4)");
    }

    @Test
    void too_few_members_are_told_with_uuid_and_roles() throws Exception {
        Laid laid = Laid.out(LEFT_SYMMETRIC, 1024, 20, new int[0][]);
        List<Member> members = members(made("1.2", 5, 2, 5), laid);
        assertThat(new MdRaid().assemble(members.subList(0, 3), told)).isEmpty();
        assertThat(told.lost).hasSize(1).first().asString().contains(MdMade.UUID, "role 3, 4 are missing", "p1 as 0");
    }

    @Test
    void a_member_that_fell_out_is_not_read() throws Exception {
        Laid laid = Laid.out(LEFT_SYMMETRIC, 1024, 20, new int[0][]);
        MdMade made = made("1.2", 5, 2, 5);
        List<Member> members = members(made, laid);
        made.events = 12;
        members.set(1, member(2, made.member(1, Laid.noise(9, laid.members.get(1).length))));
        LayoutsTest.same(one(members).bytes(), laid.content);
        assertThat(told.notes).hasSize(1);
        // without another one it is the best there is
        members.remove(4);
        assertThat(new MdRaid().assemble(members, told)).hasSize(1);
        assertThat(told.lost).hasSize(1).first().asString().contains("28 events behind");
    }

    @Test
    void a_mirror_prefers_the_newest_and_ignores_spares() throws Exception {
        byte[] content = Laid.noise(1, 40 * 1024);
        MdMade made = made("1.0", 1, 0, 2);
        byte[] good = made.member(1, content);
        byte[] spare = made.member(0xffff, Laid.noise(2, content.length));
        made.events = 3;
        byte[] old = made.member(0, Laid.noise(3, content.length));
        Volume volume = one(List.of(member(1, old), member(2, spare), member(3, good)));
        LayoutsTest.same(volume.bytes(), content);
        assertThat(volume.kind()).isEqualTo("RAID 1, degraded");
    }

    @Test
    void a_reshape_is_refused_and_other_arrays_are_kept() throws Exception {
        Laid laid = Laid.out(LEFT_SYMMETRIC, 1024, 20, new int[0][]);
        MdMade made = made("1.2", 5, 2, 5);
        made.features = 4;
        List<Member> members = members(made, laid);
        MdMade other = made("0.90", 1, 0, 1);
        byte[] mirror = other.member(0, Laid.noise(1, 65_536));
        mirror[mirror.length / 65_536 * 65_536 - 65_536 + 20] ^= 1;
        byte[] fresh = other.member(0, Laid.noise(1, 65_536));
        assertThat(new MdRaid().claims(Bytes.of(mirror))).isFalse();
        assertThat(new MdRaid().assemble(members, told)).isEmpty();
        assertThat(told.lost).hasSize(1).first().asString().contains("being reshaped");
        assertThat(new MdRaid().assemble(List.of(member(9, fresh)), told)).hasSize(1);
    }
}
