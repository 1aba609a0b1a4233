package io.varve.disk;

import io.varve.event.EventTime;
import java.util.Optional;

/// Remembers the names of a volume with what its file system says of them, so that its shadow copies need to tell only
/// of what was different: 64-bit digests in a table, eight bytes a name.
///
/// A file whose path, address, size and times are the same is the same file. Names past [#MOST] are told once more.
final class Unchanged {
    private static final int MOST = 64 << 20;
    private static final long PRIME = 0x100000001b3L;

    private long[] table = new long[1 << 12];
    private int count;

    void add(Entry entry) {
        if (count >= MOST) {
            return;
        }
        if (count * 2 >= table.length) {
            long[] before = table;
            table = new long[before.length * 2];
            count = 0;
            for (long digest : before) {
                if (digest != 0) {
                    put(digest);
                }
            }
        }
        put(digest(entry));
    }

    boolean contains(Entry entry) {
        long digest = digest(entry);
        int at = slot(digest);
        while (table[at] != 0) {
            if (table[at] == digest) {
                return true;
            }
            at = at + 1 & table.length - 1;
        }
        return false;
    }

    private void put(long digest) {
        int at = slot(digest);
        while (table[at] != 0) {
            if (table[at] == digest) {
                return;
            }
            at = at + 1 & table.length - 1;
        }
        table[at] = digest;
        count++;
    }

    private int slot(long digest) {
        return (int) (digest ^ digest >>> 29) & table.length - 1;
    }

    private static long digest(Entry entry) {
        long hash = 0xcbf29ce484222325L;
        String path = entry.path();
        for (int i = 0; i < path.length(); i++) {
            hash = (hash ^ path.charAt(i)) * PRIME;
        }
        hash = mixed(hash, entry.inode().orElse(-1));
        hash = mixed(hash, entry.size());
        hash = mixed(hash, entry.allocated() ? 1 : 2);
        hash = mixed(hash, time(entry.times().modified()));
        hash = mixed(hash, time(entry.times().changed()));
        hash = mixed(hash, time(entry.times().created()));
        return hash == 0 ? 1 : hash;
    }

    private static long mixed(long hash, long value) {
        long mixed = (hash ^ value) * 0x9e3779b97f4a7c15L;
        return mixed ^ mixed >>> 32;
    }

    private static long time(Optional<EventTime> time) {
        return time.map(t -> t.seconds() * 1_000_000_007L + t.nanos()).orElse(-1L);
    }
}
