package io.varve.disk.volume.md;

import io.varve.binary.Bytes;
import io.varve.binary.Cursor;
import io.varve.disk.volume.md.Superblock.State;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// Superblocks of version 0.90, in the last whole 64 KiB of the device, in the byte order of the machine.
///
/// Source: Linux `include/uapi/linux/raid/md_p.h`, `mdp_super_t`: 1024 words, named here by their number.
final class SuperblockZero {
    private static final long MAGIC = 0xa92b4efcL;
    private static final int SIZE = 4096;
    private static final int RESERVED = 64 << 10;
    private static final int CHECKSUM = 38;
    private static final int THIS_DISK = 992;
    private static final int MOST = 27;
    private static final int FAULTY = 1;
    private static final int IN_SYNC = 4;

    private SuperblockZero() {}

    static Optional<Superblock> read(Bytes device) throws IOException {
        long place = device.size() / RESERVED * RESERVED - RESERVED;
        if (place < 0) {
            return Optional.empty();
        }
        byte[] block = new byte[SIZE];
        device.read(place, block, 0, SIZE);
        MemorySegment segment = MemorySegment.ofArray(block);
        Cursor little = Cursor.littleEndian(segment);
        Cursor words = little.at(0).u32("magic") == MAGIC ? little : Cursor.bigEndian(segment);
        if (word(words, 0) != MAGIC || word(words, 1) != 0 || word(words, 2) < 90 || !summed(words)) {
            return Optional.empty();
        }
        return parsed(words, place, words == little);
    }

    private static Optional<Superblock> parsed(Cursor words, long place, boolean little) {
        int level = (int) word(words, 7);
        long disks = word(words, 10);
        if (disks < 1 || disks > MOST) {
            return Optional.empty();
        }
        String set = "%08x:%08x:%08x:%08x".formatted(word(words, 5), word(words, 13), word(words, 14), word(words, 15));
        long events = little ? word(words, 40) << 32 | word(words, 39) : word(words, 39) << 32 | word(words, 40);
        long status = word(words, THIS_DISK + 4);
        long number = word(words, THIS_DISK + 3);
        int role = number < disks ? (int) number : Superblock.SPARE;
        boolean stable = level == Superblock.LINEAR || level == Superblock.MULTIPATH || (status & IN_SYNC) != 0;
        var state = new State(word(words, 2) > 90, !stable, false, (word(words, 33) & 1) != 0);
        return Optional.of(new Superblock(
                "0.90",
                place,
                set,
                "",
                word(words, 6),
                level,
                word(words, 64),
                word(words, 65),
                (int) disks,
                word(words, 8) * 1024,
                0,
                place,
                events,
                (status & FAULTY) != 0 ? Superblock.FAULTY : role,
                state));
    }

    private static long word(Cursor words, int number) {
        return words.at(number * 4L).u32("word");
    }

    /// The sum of all words, the stored sum taken as zero, carries added in.
    private static boolean summed(Cursor words) {
        long stored = word(words, CHECKSUM);
        long sum = -stored;
        for (int i = 0; i < SIZE / 4; i++) {
            sum += word(words, i);
        }
        return (sum & 0xffff_ffffL) + (sum >>> 32) == stored;
    }
}
