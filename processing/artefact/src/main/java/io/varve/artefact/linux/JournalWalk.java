package io.varve.artefact.linux;

import io.varve.artefact.EventSink;
import io.varve.artefact.EvidenceContext;
import io.varve.binary.CorruptException;
import io.varve.event.RecordLocator;
import java.io.IOException;
import java.util.Arrays;

/// Finds every entry of one journal file.
///
/// Objects follow each other without gaps, so a walk from front to back meets each one once, also those that no entry
/// array lists yet; it cannot cycle. Where the chain is broken the walk goes on at the next thing that looks like an
/// object. Afterwards the entry arrays and the header say which entries were missed: those are read where the array
/// points, or counted as rejected.
final class JournalWalk {
    /// Entries cross-checked against the arrays; 128 MiB of memory.
    private static final int CHECKED = 16 << 20;
    /// Missing entries counted one by one.
    private static final long MISSING = 1_000_000;

    private final JournalFile journal;
    private final EvidenceContext context;
    private final EventSink sink;
    private long[] seen = new long[1_024];
    private int seenCount;
    private long found;
    private long lastSeqnum;

    JournalWalk(JournalFile journal, EvidenceContext context, EventSink sink) {
        this.journal = journal;
        this.context = context;
        this.sink = sink;
    }

    void run() throws IOException {
        for (String damage : journal.headerDamage) {
            sink.warning(0, damage);
        }
        if (journal.arenaEnd > journal.end()) {
            sink.warning(journal.end(), "the file ends here, its header says %d bytes".formatted(journal.arenaEnd));
        }
        walk();
        listed();
        counted();
    }

    private void walk() throws IOException {
        long position = journal.headerSize;
        while (position <= journal.end() - JournalFile.OBJECT_HEADER) {
            int type = journal.type(position);
            if (type == 0) {
                if (position > journal.tailObject && journal.isUnused(position)) {
                    return;
                }
                position = afterBreak(position);
                continue;
            }
            if (type == JournalFile.ENTRY) {
                remember(position);
                entry(position);
            }
            position = journal.next(position);
        }
    }

    private long afterBreak(long broken) throws IOException {
        for (long position = broken + 8; position <= journal.end() - JournalFile.OBJECT_HEADER; position += 8) {
            if (journal.type(position) != 0 && isFollowed(position)) {
                sink.warning(broken, "no object here; reading went on at %d".formatted(position));
                return position;
            }
        }
        sink.warning(broken, "no object here or after");
        return journal.end();
    }

    private boolean isFollowed(long position) throws IOException {
        long next = journal.next(position);
        return journal.type(next) != 0 || journal.isUnused(next);
    }

    private void remember(long offset) {
        if (seenCount == CHECKED) {
            return;
        }
        if (seenCount == seen.length) {
            seen = Arrays.copyOf(seen, seenCount * 2);
        }
        seen[seenCount++] = offset;
    }

    private void entry(long offset) throws IOException {
        found++;
        try {
            JournalFile.Entry entry = journal.entry(offset);
            sink.record(locator(offset, entry.seqnum()), JournalEntry.of(entry, context));
            for (String damage : entry.damage()) {
                sink.warning(offset, damage);
            }
        } catch (CorruptException e) {
            sink.rejected(offset, String.valueOf(e.getMessage()));
        }
    }

    private void unreadable(long offset, String reason) {
        found++;
        sink.rejected(journal.end(), "entry at %s: %s".formatted(Long.toUnsignedString(offset), reason));
    }

    /// Sequence numbers rise within a file; where damage repeats one, the offset keeps the names apart.
    private RecordLocator locator(long offset, long seqnum) {
        String key = journal.seqnumId + "-" + Long.toUnsignedString(seqnum);
        boolean rises = Long.compareUnsigned(seqnum, lastSeqnum) > 0;
        lastSeqnum = rises ? seqnum : lastSeqnum;
        return RecordLocator.of(offset, rises ? key : key + "@" + offset);
    }

    /// Entries that the entry arrays list and the walk did not meet.
    private void listed() throws IOException {
        long last = 0;
        long array = journal.firstArray;
        while (array != 0 && seenCount < CHECKED) {
            if (journal.type(array) != JournalFile.ENTRY_ARRAY) {
                sink.warning(
                        Math.min(array, journal.end()),
                        "no entry array at %d; entries listed in it and after are unknown".formatted(array));
                return;
            }
            int items = journal.arrayItems(array);
            for (int i = 0; i < items; i++) {
                long offset = journal.arrayItem(array, i);
                if (offset != 0 && Arrays.binarySearch(seen, 0, seenCount, offset) < 0) {
                    last = missed(offset, last);
                }
            }
            long next = journal.nextArray(array);
            if (next != 0 && next <= array) {
                sink.warning(array, "entry array points back to %d".formatted(next));
                return;
            }
            array = next;
        }
    }

    /// Arrays list entries in rising order, so none is read twice.
    private long missed(long offset, long last) throws IOException {
        if (offset <= last) {
            unreadable(offset, "listed out of order");
            return last;
        }
        if (journal.type(offset) != JournalFile.ENTRY) {
            unreadable(offset, "listed, but no entry object is there");
            return offset;
        }
        entry(offset);
        return offset;
    }

    /// Entries that only the header's count knows of.
    private void counted() {
        long missing = journal.entryCount - found;
        if (missing > MISSING) {
            sink.warning(152, "the header counts %d entries, %d were found".formatted(journal.entryCount, found));
            return;
        }
        for (long i = 0; i < missing; i++) {
            sink.rejected(journal.end(), "counted in the header, not found in the file");
        }
    }
}
