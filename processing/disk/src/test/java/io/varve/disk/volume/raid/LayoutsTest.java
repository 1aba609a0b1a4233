package io.varve.disk.volume.raid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.binary.Bytes;
import io.varve.disk.LayerException;
import io.varve.disk.volume.Absent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("disks")
public class LayoutsTest {
    static final int CHUNK = 1024;

    private static List<Bytes> without(List<byte[]> members, Set<Integer> missing) {
        List<Bytes> all = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            all.add(
                    missing.contains(i)
                            ? new Absent(members.get(i).length, "test", "member " + i + " is missing", "add it")
                            : Bytes.of(members.get(i)));
        }
        return all;
    }

    /// Whole, and in pieces that cross chunks.
    public static void same(Bytes volume, byte[] content) throws Exception {
        assertThat(volume.size()).isEqualTo(content.length);
        byte[] all = new byte[content.length];
        volume.read(0, all, 0, all.length);
        assertThat(all).isEqualTo(content);
        var random = new Random(5);
        for (int i = 0; i < 50; i++) {
            int start = random.nextInt(content.length);
            int length = random.nextInt(Math.min(5 * CHUNK, content.length - start) + 1);
            byte[] piece = new byte[length + 7];
            volume.read(start, piece, 3, length);
            for (int j = 0; j < length; j++) {
                assertThat(piece[3 + j]).isEqualTo(content[start + j]);
            }
        }
    }

    /// Linux: Documentation/driver-api/md and the SNIA DDF tables.
    @ParameterizedTest
    @CsvSource({
        "5, 0, 0 1 2 3 P/4 5 6 P 7/8 9 P 10 11/12 P 13 14 15/P 16 17 18 19",
        "5, 1, P 0 1 2 3/4 P 5 6 7/8 9 P 10 11/12 13 14 P 15/16 17 18 19 P",
        "5, 2, 0 1 2 3 P/5 6 7 P 4/10 11 P 8 9/15 P 12 13 14/P 16 17 18 19",
        "5, 3, P 0 1 2 3/7 P 4 5 6/10 11 P 8 9/13 14 15 P 12/16 17 18 19 P",
        "5, 4, P 0 1 2 3",
        "5, 5, 0 1 2 3 P",
        "4, 0, 0 1 2 3 P"
    })
    void one_parity(int level, int layout, String table) throws Exception {
        Laid laid = Laid.out(table, CHUNK, 10, new int[0][]);
        for (int missing = -1; missing < 5; missing++) {
            same(parity(level, layout, laid, Set.of(missing)), laid.content);
        }
        assertThatThrownBy(() -> same(parity(level, layout, laid, Set.of(1, 2)), laid.content))
                .isInstanceOf(LayerException.class)
                .hasMessageContaining("missing: 1, 2");
    }

    private static Bytes parity(int level, int layout, Laid laid, Set<Integer> missing) {
        return new Parity(
                "test",
                without(laid.members, missing),
                ParityLayout.of(level, layout).orElseThrow(),
                CHUNK,
                laid.members.getFirst().length);
    }

    /// The powers count the data members from the one behind Q on; in the layouts of DDF (8 to 10) they are the places.
    @ParameterizedTest
    @CsvSource({
        "0, Q 0 1 2 P/3 4 5 P Q/6 7 P Q 8/9 P Q 10 11/P Q 12 13 14, false",
        "1, P Q 0 1 2/3 P Q 4 5/6 7 P Q 8/9 10 11 P Q/Q 12 13 14 P, false",
        "2, Q 0 1 2 P/3 4 5 P Q/7 8 P Q 6/11 P Q 9 10/P Q 12 13 14, false",
        "3, P Q 0 1 2/5 P Q 3 4/7 8 P Q 6/9 10 11 P Q/Q 12 13 14 P, false",
        "4, P Q 0 1 2, false",
        "5, 0 1 2 P Q, false",
        "8, P Q 0 1 2/3 P Q 4 5/6 7 P Q 8/9 10 11 P Q/Q 12 13 14 P, true",
        "9, 0 1 2 P Q/3 4 P Q 5/6 P Q 7 8/P Q 9 10 11/Q 12 13 14 P, true",
        "10, 0 1 2 Q P/4 5 Q P 3/8 Q P 6 7/Q P 9 10 11/P 12 13 14 Q, true",
        "16, 0 1 2 P Q/3 4 P 5 Q/6 P 7 8 Q/P 9 10 11 Q, false",
        "17, P 0 1 2 Q/3 P 4 5 Q/6 7 P 8 Q/9 10 11 P Q, false",
        "18, 0 1 2 P Q/4 5 P 3 Q/8 P 6 7 Q/P 9 10 11 Q, false",
        "19, P 0 1 2 Q/5 P 3 4 Q/7 8 P 6 Q/9 10 11 P Q, false",
        "20, P 0 1 2 Q, false"
    })
    void two_parities(int layout, String table, boolean byPlace) throws Exception {
        Laid laid = Laid.out(table, CHUNK, 20, powers(table, byPlace));
        for (int one = -1; one < 5; one++) {
            for (int two = one; two < 5; two++) {
                Set<Integer> missing = one == two ? Set.of(one) : Set.of(one, two);
                same(parity(6, layout, laid, missing), laid.content);
            }
        }
        assertThatThrownBy(() -> same(parity(6, layout, laid, Set.of(0, 2, 3)), laid.content))
                .isInstanceOf(LayerException.class);
    }

    private static int[][] powers(String table, boolean byPlace) {
        String[] rows = table.split("/");
        int[][] powers = new int[rows.length][];
        for (int row = 0; row < rows.length; row++) {
            List<String> cells = List.of(rows[row].trim().split("\\s+"));
            int q = cells.indexOf("Q");
            int[] of = new int[cells.size()];
            int next = 0;
            for (int i = 1; i <= cells.size(); i++) {
                int at = (q + i) % cells.size();
                boolean data = cells.get(at).matches("\\d+");
                of[at] = byPlace ? at : data ? next++ : 0;
            }
            powers[row] = of;
        }
        return powers;
    }

    /// Linux: md(4) and the drawings of its documentation. Far copies lie in the second half of each member.
    @ParameterizedTest
    @CsvSource({
        "0x102, 0 0 1 1/2 2 3 3, 8",
        "0x102, 0 0 1/1 2 2, 8",
        "0x103, 0 0 0 1/1 1 2 2/2 3 3 3, 9",
        "0x10201, 0 1 2 3/3 0 1 2, 8",
        "0x10201, 0 1 2/2 0 1, 8",
        "0x50201, 0 1 2 3/1 0 3 2, 8",
        "0x201, 0 1 2 3/4 5 6 7/3 0 1 2/7 4 5 6, 4",
        "0x201, 0 1 2/3 4 5/2 0 1/5 3 4, 4",
        "0x40201, 0 1 2 3/4 5 6 7/1 0 3 2/5 4 7 6, 4",
        "0x40201, 0 1 2 3 4/5 6 7 8 9/1 0 4 2 3/6 5 9 7 8, 4"
    })
    void copies(String layout, String table, int rows) throws Exception {
        Laid laid = Laid.out(table, CHUNK, rows, new int[0][]);
        int members = laid.members.size();
        for (int missing = -1; missing < members; missing++) {
            Bytes volume = new Raid10(
                    "test",
                    without(laid.members, Set.of(missing)),
                    Long.decode(layout),
                    CHUNK,
                    laid.members.getFirst().length);
            same(volume, laid.content);
        }
    }

    @Test
    void zones_of_members_of_several_sizes() throws Exception {
        // members of 4, 2 and 6 chunks; by zone, or by number in the whole array
        byte[] content = Laid.noise(3, 12 * CHUNK);
        int[][] alternate = {{0, 3, 6, 8}, {1, 4}, {2, 5, 7, 9, 10, 11}};
        int[][] original = {{0, 3, 6, 8}, {1, 4}, {2, 5, 7, 9, 10, 11}};
        same(new Striped(placed(content, alternate), CHUNK, Striped.Layout.ALTERNATE), content);
        same(new Striped(placed(content, original), CHUNK, Striped.Layout.ORIGINAL), content);
        // three full rows of three first: the second zone then starts at an odd number
        byte[] longer = Laid.noise(4, 13 * CHUNK);
        int[][] odd = {{0, 3, 6, 10, 12}, {1, 4, 7}, {2, 5, 8, 9, 11}};
        int[][] even = {{0, 3, 6, 9, 11}, {1, 4, 7}, {2, 5, 8, 10, 12}};
        same(new Striped(placed(longer, odd), CHUNK, Striped.Layout.ORIGINAL), longer);
        same(new Striped(placed(longer, even), CHUNK, Striped.Layout.ALTERNATE), longer);
    }

    private static List<Bytes> placed(byte[] content, int[][] chunks) {
        List<Bytes> members = new ArrayList<>();
        for (int[] numbers : chunks) {
            byte[] member = new byte[numbers.length * CHUNK];
            for (int i = 0; i < numbers.length; i++) {
                System.arraycopy(content, numbers[i] * CHUNK, member, i * CHUNK, CHUNK);
            }
            members.add(Bytes.of(member));
        }
        return members;
    }

    @Test
    void a_mirror_reads_what_one_of_its_members_has() throws Exception {
        byte[] content = Laid.noise(1, 10_000);
        List<Bytes> members = List.of(
                new Absent(10_000, "test", "gone", "add it"),
                Bytes.of(Arrays.copyOf(content, 5_000)),
                Bytes.of(content));
        same(new Mirrored(members, 10_000), content);
    }
}
