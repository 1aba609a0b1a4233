package io.varve.disk.filesystem.xfs;

import java.util.HashMap;
import java.util.Map;

/// Inodes that were met while folders were listed, so that a search for those no folder names need not read them again.
/// Safe for several threads.
final class Walked {
    private static final int BITS = 64;
    private static final Word NONE = new Word();

    private final Map<Long, Word> words = new HashMap<>();
    private long last = -1;
    private Word lastWord = NONE;

    /// 64 inodes side by side.
    private static final class Word {
        private long named;
        private long settled;
    }

    /// A folder has a name for it.
    synchronized void named(long inode) {
        word(inode).named |= 1L << inode;
    }

    /// There is nothing more to learn from it: it was read, has a name, and if it is a folder, its names were told too.
    synchronized void settled(long inode) {
        word(inode).settled |= 1L << inode;
    }

    private Word word(long inode) {
        long number = inode / BITS;
        if (number != last) {
            lastWord = words.computeIfAbsent(number, any -> new Word());
            last = number;
        }
        return lastWord;
    }

    /// Those of the 64 inodes from the first on that have a name.
    synchronized long namedFrom(long first) {
        return from(first, at(first).named, at(first + BITS).named);
    }

    synchronized long settledFrom(long first) {
        return from(first, at(first).settled, at(first + BITS).settled);
    }

    private Word at(long inode) {
        return words.getOrDefault(inode / BITS, NONE);
    }

    private static long from(long first, long low, long high) {
        int shift = (int) (first % BITS);
        return shift == 0 ? low : low >>> shift | high << BITS - shift;
    }
}
