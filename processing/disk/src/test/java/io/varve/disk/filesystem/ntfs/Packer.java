package io.varve.disk.filesystem.ntfs;

import io.varve.disk.LittleEndian;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/// Compressors written from the specifications, independent of the readers: simple, greedy, each chunk by itself.
final class Packer {
    /// A literal byte, or a match when `length` is not 0.
    private record Step(int literal, int length, int distance) {}

    private record Symbol(int symbol, int extra, int extraBits, byte[] raw) {}

    private Packer() {}

    private static List<Step> steps(byte[] data, int from, int to, int longest, int shortest) {
        List<Step> steps = new ArrayList<>();
        Map<Integer, Integer> last = new HashMap<>();
        for (int at = from; at < to; ) {
            int length = 0;
            int distance = 0;
            if (at + 3 <= to) {
                int key = data[at] & 0xff | (data[at + 1] & 0xff) << 8 | (data[at + 2] & 0xff) << 16;
                Integer before = last.put(key, at);
                if (before != null) {
                    distance = at - before;
                    while (at + length < to && length < longest && data[at + length] == data[before + length]) {
                        length++;
                    }
                }
            }
            boolean match = length >= shortest;
            steps.add(match ? new Step(0, length, distance) : new Step(data[at] & 0xff, 0, 0));
            at += match ? length : 1;
        }
        return steps;
    }

    /// Lengths of prefix codes by frequency, at most `most` bits.
    static byte[] lengths(int[] frequencies, int most) {
        int[] scaled = frequencies.clone();
        while (true) {
            byte[] lengths = huffman(scaled);
            int longest = 0;
            for (byte length : lengths) {
                longest = Math.max(longest, length);
            }
            if (longest <= most) {
                return lengths;
            }
            for (int i = 0; i < scaled.length; i++) {
                scaled[i] = scaled[i] == 0 ? 0 : scaled[i] / 2 + 1;
            }
        }
    }

    private static byte[] huffman(int[] frequencies) {
        record Tree(long weight, List<Integer> leaves) {}
        var queue = new PriorityQueue<Tree>((a, b) -> Long.compare(a.weight, b.weight));
        for (int i = 0; i < frequencies.length; i++) {
            if (frequencies[i] > 0) {
                queue.add(new Tree(frequencies[i], List.of(i)));
            }
        }
        byte[] lengths = new byte[frequencies.length];
        if (queue.size() == 1) {
            lengths[queue.remove().leaves.getFirst()] = 1;
            return lengths;
        }
        while (queue.size() > 1) {
            Tree a = queue.remove();
            Tree b = queue.remove();
            List<Integer> leaves = new ArrayList<>(a.leaves);
            leaves.addAll(b.leaves);
            leaves.forEach(leaf -> lengths[leaf]++);
            queue.add(new Tree(a.weight + b.weight, leaves));
        }
        return lengths;
    }

    private static int[] codes(byte[] lengths) {
        int[] codes = new int[lengths.length];
        int code = 0;
        for (int length = 1; length <= 16; length++) {
            for (int i = 0; i < lengths.length; i++) {
                if (lengths[i] == length) {
                    codes[i] = code++;
                }
            }
            code <<= 1;
        }
        return codes;
    }

    /// Words of 16 bits of which two are always reserved ahead of the bytes between them.
    private static final class Words {
        private byte[] out = new byte[1 << 17];
        private int first = 0;
        private int second = 2;
        private int next = 4;
        private long buffer;
        private int count;

        void bits(int value, int bits) {
            buffer = buffer << bits | value;
            count += bits;
            while (count > 16) {
                count -= 16;
                word((int) (buffer >>> count));
            }
        }

        private void word(int value) {
            LittleEndian.put16(out, first, value);
            first = second;
            second = next;
            next += 2;
        }

        void raw(byte[] bytes) {
            System.arraycopy(bytes, 0, out, next, bytes.length);
            next += bytes.length;
        }

        byte[] end() {
            LittleEndian.put16(out, first, (int) (buffer << 16 - count));
            LittleEndian.put16(out, second, 0);
            return Arrays.copyOf(out, next);
        }
    }

    /// One chunk by [MS-XCA] section 2.1.
    static byte[] xpress(byte[] data, int from, int to) {
        List<Symbol> symbols = new ArrayList<>();
        for (Step step : steps(data, from, to, 70_000, 3)) {
            if (step.length == 0) {
                symbols.add(new Symbol(step.literal, 0, 0, new byte[0]));
                continue;
            }
            int bits = 31 - Integer.numberOfLeadingZeros(step.distance);
            int length = step.length - 3;
            byte[] raw = new byte[0];
            if (length >= 15 + 255) {
                raw = new byte[] {-1, (byte) length, (byte) (length >> 8)};
            } else if (length >= 15) {
                raw = new byte[] {(byte) (length - 15)};
            }
            symbols.add(new Symbol(256 + (bits << 4) + Math.min(15, length), step.distance - (1 << bits), bits, raw));
        }
        int[] frequencies = new int[512];
        symbols.forEach(symbol -> frequencies[symbol.symbol]++);
        frequencies[256]++;
        byte[] lengths = lengths(frequencies, 15);
        int[] codes = codes(lengths);
        var words = new Words();
        for (Symbol symbol : symbols) {
            words.bits(codes[symbol.symbol], lengths[symbol.symbol]);
            words.raw(symbol.raw);
            words.bits(symbol.extra, symbol.extraBits);
        }
        words.bits(codes[256], lengths[256]);
        byte[] packed = words.end();
        byte[] out = new byte[256 + packed.length];
        for (int i = 0; i < 512; i++) {
            out[i / 2] |= (byte) (lengths[i] << 4 * (i & 1));
        }
        System.arraycopy(packed, 0, out, 256, packed.length);
        return out;
    }

    /// One chunk of LZX as in WIM files, in blocks of the given types: 1 verbatim, 2 aligned, 3 stored.
    static byte[] lzx(byte[] source, int from, int to, int... types) {
        byte[] data = Arrays.copyOfRange(source, from, to);
        for (int i = 0; i < data.length - 10; i++) {
            if (data[i] == (byte) 0xe8) {
                int relative = LittleEndian.i32(data, i + 1);
                if (relative >= -i && relative < 12_000_000) {
                    LittleEndian.put32(data, i + 1, relative < 12_000_000 - i ? relative + i : relative - 12_000_000);
                }
                i += 4;
            }
        }
        var out = new ByteArrayOutputStream();
        var bits = new StringBuilder();
        byte[] main = new byte[496];
        byte[] longer = new byte[249];
        int[] recent = {1, 1, 1};
        int size = data.length / types.length;
        for (int block = 0; block < types.length; block++) {
            int start = block * size;
            int end = block == types.length - 1 ? data.length : start + size;
            put(bits, types[block], 3);
            if (end - start == 32_768) {
                put(bits, 1, 1);
            } else {
                put(bits, 0, 1);
                put(bits, end - start, 16);
            }
            if (types[block] == 3) {
                put(bits, 0, 16 - bits.length() % 16);
                flush(bits, out);
                byte[] header = new byte[12];
                for (int i = 0; i < 3; i++) {
                    LittleEndian.put32(header, 4 * i, recent[i]);
                }
                out.writeBytes(header);
                out.write(data, start, end - start);
                out.writeBytes(new byte[end - start & 1]);
            } else {
                lzxBlock(bits, data, start, end, types[block] == 2, main, longer, recent);
            }
        }
        put(bits, 0, (16 - bits.length() % 16) % 16);
        flush(bits, out);
        return out.toByteArray();
    }

    private static void lzxBlock(
            StringBuilder bits,
            byte[] data,
            int start,
            int end,
            boolean aligned,
            byte[] main,
            byte[] longer,
            int[] recent) {
        List<int[]> parts = new ArrayList<>();
        int[] mainCounts = new int[496];
        int[] longerCounts = new int[249];
        int[] alignedCounts = new int[8];
        for (Step step : steps(data, start, end, 257, 3)) {
            if (step.length == 0) {
                parts.add(new int[] {step.literal, -1, 0, 0, -1});
                mainCounts[step.literal]++;
                continue;
            }
            int slot = -1;
            for (int i = 0; i < 3 && slot < 0; i++) {
                slot = recent[i] == step.distance ? i : -1;
            }
            int extraBits = 0;
            int extra = 0;
            if (slot >= 0) {
                recent[slot] = recent[0];
            } else {
                int value = step.distance + 2;
                slot = value < 4 ? value : 2 * (31 - Integer.numberOfLeadingZeros(value));
                slot += value >= 4 && (value >> 30 - Integer.numberOfLeadingZeros(value) & 1) != 0 ? 1 : 0;
                extraBits = slot < 4 ? 0 : slot / 2 - 1;
                extra = value & (1 << extraBits) - 1;
                recent[2] = recent[1];
                recent[1] = recent[0];
            }
            recent[0] = step.distance;
            int header = Math.min(7, step.length - 2);
            int rest = header == 7 ? step.length - 9 : -1;
            boolean low = aligned && extraBits >= 3;
            parts.add(new int[] {
                256 + slot * 8 + header,
                rest,
                low ? extra >> 3 : extra,
                low ? extraBits - 3 : extraBits,
                low ? extra & 7 : -1
            });
            mainCounts[256 + slot * 8 + header]++;
            if (rest >= 0) {
                longerCounts[rest]++;
            }
            if (low) {
                alignedCounts[extra & 7]++;
            }
        }
        byte[] alignedLengths = new byte[8];
        if (aligned) {
            Arrays.fill(alignedCounts, 1);
            alignedLengths = lengths(alignedCounts, 7);
            for (byte length : alignedLengths) {
                put(bits, length, 3);
            }
        }
        byte[] newMain = lengths(mainCounts, 16);
        putLengths(bits, main, newMain, 0, 256);
        putLengths(bits, main, newMain, 256, 496);
        byte[] newLonger = lengths(longerCounts, 16);
        putLengths(bits, longer, newLonger, 0, 249);
        System.arraycopy(newMain, 0, main, 0, 496);
        System.arraycopy(newLonger, 0, longer, 0, 249);
        int[] mainCodes = codes(newMain);
        int[] longerCodes = codes(newLonger);
        int[] alignedCodes = codes(alignedLengths);
        for (int[] part : parts) {
            put(bits, mainCodes[part[0]], newMain[part[0]]);
            if (part[1] >= 0) {
                put(bits, longerCodes[part[1]], newLonger[part[1]]);
            }
            put(bits, part[2], part[3]);
            if (part[4] >= 0) {
                put(bits, alignedCodes[part[4]], alignedLengths[part[4]]);
            }
        }
    }

    /// Differences of code lengths; runs of zeros and of equal lengths by the symbols made for them.
    private static void putLengths(StringBuilder bits, byte[] before, byte[] now, int from, int end) {
        List<int[]> symbols = new ArrayList<>();
        for (int i = from; i < end; ) {
            int run = 1;
            while (i + run < end && now[i + run] == now[i]) {
                run++;
            }
            int difference = (before[i] - now[i] + 17) % 17;
            if (now[i] == 0 && run >= 20) {
                run = Math.min(run, 51);
                symbols.add(new int[] {18, run - 20, 5});
            } else if (now[i] == 0 && run >= 4) {
                run = Math.min(run, 19);
                symbols.add(new int[] {17, run - 4, 4});
            } else if (run >= 4) {
                run = Math.min(run, 5);
                symbols.add(new int[] {19, run - 4, 1});
                symbols.add(new int[] {difference, 0, 0});
            } else {
                run = 1;
                symbols.add(new int[] {difference, 0, 0});
            }
            i += run;
        }
        int[] counts = new int[20];
        symbols.forEach(symbol -> counts[symbol[0]]++);
        byte[] lengths = lengths(counts, 15);
        int[] codes = codes(lengths);
        for (byte length : lengths) {
            put(bits, length, 4);
        }
        for (int[] symbol : symbols) {
            put(bits, codes[symbol[0]], lengths[symbol[0]]);
            put(bits, symbol[1], symbol[2]);
        }
    }

    private static void put(StringBuilder bits, int value, int count) {
        for (int i = count - 1; i >= 0; i--) {
            bits.append((char) ('0' + (value >> i & 1)));
        }
    }

    private static void flush(StringBuilder bits, ByteArrayOutputStream out) {
        for (int i = 0; i < bits.length(); i += 16) {
            int word = Integer.parseInt(bits.substring(i, i + 16), 2);
            out.write(word);
            out.write(word >> 8);
        }
        bits.setLength(0);
    }
}
