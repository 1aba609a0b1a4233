package io.varve.disk.filesystem.ext;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// A set of inode numbers, one bit each, in pages made when they are first needed. Safe for several threads.
final class InodeSet {
    private static final int PAGE = 4096;

    private final AtomicReferenceArray<@Nullable AtomicLongArray> pages;
    private final long most;

    /// @param most largest number
    InodeSet(long most) {
        this.most = most;
        this.pages = new AtomicReferenceArray<>((int) (most / PAGE) + 1);
    }

    void add(long inode) {
        if (inode < 0 || inode > most) {
            return;
        }
        AtomicLongArray page = page((int) (inode / PAGE));
        int word = (int) (inode % PAGE / Long.SIZE);
        long bit = 1L << inode;
        if ((page.get(word) & bit) == 0) {
            page.accumulateAndGet(word, bit, (before, added) -> before | added);
        }
    }

    boolean has(long inode) {
        AtomicLongArray page = inode < 0 || inode > most ? null : pages.get((int) (inode / PAGE));
        return page != null && (page.get((int) (inode % PAGE / Long.SIZE)) & 1L << inode) != 0;
    }

    /// In ascending order.
    void forEach(LongConsumer action) {
        for (int i = 0; i < pages.length(); i++) {
            AtomicLongArray page = pages.get(i);
            for (int word = 0; page != null && word < page.length(); word++) {
                for (long bits = page.get(word); bits != 0; bits &= bits - 1) {
                    action.accept((long) i * PAGE + word * Long.SIZE + Long.numberOfTrailingZeros(bits));
                }
            }
        }
    }

    private AtomicLongArray page(int number) {
        AtomicLongArray page = pages.get(number);
        if (page != null) {
            return page;
        }
        var fresh = new AtomicLongArray(PAGE / Long.SIZE);
        AtomicLongArray other = pages.compareAndExchange(number, null, fresh);
        return other == null ? fresh : other;
    }
}
