package io.varve.disk.volume.raid;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Lays content out on members as a drawn table says, row after row: a number is a data chunk, `P` and `Q` are parity.
/// The tables are those of the documentation, so they share nothing with the code under test.
public final class Laid {
    public final byte[] content;
    public final List<byte[]> members;

    private Laid(byte[] content, List<byte[]> members) {
        this.content = content;
        this.members = members;
    }

    public static byte[] noise(long seed, int length) {
        byte[] noise = new byte[length];
        new Random(seed).nextBytes(noise);
        return noise;
    }

    /// @param table rows parted by `/`; after its last row it starts again with higher numbers
    /// @param powers for RAID 6: of which power the member at each place in a row counts in Q, by row
    public static Laid out(String table, int chunk, int rows, int[][] powers) {
        List<String[]> pattern = Arrays.stream(table.split("/"))
                .map(row -> row.trim().split("\\s+"))
                .toList();
        int count = pattern.getFirst().length;
        int perTable = 1
                + pattern.stream()
                        .flatMap(Arrays::stream)
                        .filter(cell -> cell.matches("\\d+"))
                        .mapToInt(Integer::parseInt)
                        .max()
                        .orElseThrow();
        byte[] content = noise(table.hashCode(), perTable * chunk * (rows / pattern.size()));
        List<byte[]> members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            members.add(new byte[rows * chunk]);
        }
        for (int row = 0; row < rows; row++) {
            String[] cells = pattern.get(row % pattern.size());
            int base = row / pattern.size() * perTable;
            for (int i = 0; i < count; i++) {
                if (cells[i].matches("\\d+")) {
                    int number = base + Integer.parseInt(cells[i]);
                    System.arraycopy(content, number * chunk, members.get(i), row * chunk, chunk);
                }
            }
            parity(cells, members, row, chunk, powers.length == 0 ? new int[count] : powers[row % pattern.size()]);
        }
        return new Laid(content, members);
    }

    private static void parity(String[] cells, List<byte[]> members, int row, int chunk, int[] powers) {
        byte[] p = new byte[chunk];
        byte[] q = new byte[chunk];
        for (int i = 0; i < cells.length; i++) {
            for (int b = 0; cells[i].matches("\\d+") && b < chunk; b++) {
                int value = members.get(i)[row * chunk + b] & 0xff;
                p[b] ^= (byte) value;
                for (int power = 0; power < powers[i]; power++) {
                    value = value << 1 ^ ((value & 0x80) != 0 ? 0x11d : 0);
                }
                q[b] ^= (byte) value;
            }
        }
        for (int i = 0; i < cells.length; i++) {
            if (cells[i].equals("P") || cells[i].equals("Q")) {
                System.arraycopy(cells[i].equals("P") ? p : q, 0, members.get(i), row * chunk, chunk);
            }
        }
    }
}
