package io.varve.disk.filesystem.ntfs;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.LittleEndian;
import io.varve.disk.Problems;
import java.io.IOException;
import java.util.OptionalLong;

/// The pass over `$MFT` from its first to its last record, in large reads.
final class Scan {
    private static final int CHUNK = 1 << 20;

    /// Enough for 268 million records.
    private static final int LARGEST_BITMAP = 32 << 20;

    private final MasterFileTable table;
    private final Problems problems;
    private final Catalogue catalogue;
    private final int recordSize;
    private final Facts facts = new Facts();
    private int shortName;
    private int shortParent;
    private boolean named;
    private boolean again;

    private Scan(MasterFileTable table, Problems problems, long budget) {
        this.table = table;
        this.problems = problems;
        this.catalogue = new Catalogue(budget);
        this.recordSize = table.boot().recordSize();
    }

    /// @param budget most bytes of memory to fill
    static Catalogue of(MasterFileTable table, Problems problems, long budget) throws IOException {
        var scan = new Scan(table, problems, budget);
        scan.pass();
        scan.catalogue.sortContinuations();
        scan.continued();
        scan.unwritten();
        return scan.catalogue;
    }

    private void pass() throws IOException {
        Bytes bytes = table.bytes();
        byte[] chunk = new byte[Math.max(CHUNK, recordSize)];
        long records = table.records();
        for (long next = 0; next < records; ) {
            long zeros = bytes.zeros(next * recordSize) / recordSize;
            if (zeros > 0) {
                next += zeros;
                continue;
            }
            int count = (int) Math.min(chunk.length / recordSize, records - next);
            boolean room = read(bytes, next, count, chunk);
            if (!room) {
                problems.lost(
                        table.place(next),
                        "limit: records of $MFT from about %d on were not read, %d bytes of memory are filled"
                                .formatted(next, catalogue.pool.size()));
                return;
            }
            next += count;
        }
    }

    /// Reads records at once; when that fails, each by itself.
    private boolean read(Bytes bytes, long first, int count, byte[] chunk) throws IOException {
        if (readable(bytes, first, count, chunk).isEmpty()) {
            return take(first, count, chunk);
        }
        long bad = -1;
        String reason = "";
        for (int i = 0; i < count; i++) {
            String wrong = readable(bytes, first + i, 1, chunk);
            if (wrong.isEmpty()) {
                if (!take(first + i, 1, chunk)) {
                    return false;
                }
                continue;
            }
            reason = bad < 0 ? wrong : reason;
            bad = bad < 0 ? first + i : bad;
            if (!catalogue.hasRoom(first + i)) {
                return false;
            }
            catalogue.addBroken((int) (first + i));
        }
        if (bad >= 0) {
            problems.lost(table.place(bad), "records of $MFT, %d the first: %s".formatted(bad, reason));
        }
        return true;
    }

    private String readable(Bytes bytes, long first, int count, byte[] chunk) {
        try {
            bytes.read(first * recordSize, chunk, 0, count * recordSize);
            return "";
        } catch (IOException | CorruptException e) {
            return e.toString();
        }
    }

    private boolean take(long first, int count, byte[] chunk) throws IOException {
        if (!catalogue.hasRoom(first + count - 1)) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            int start = i * recordSize;
            if (LittleEndian.i32(chunk, start) == 0) {
                continue;
            }
            long number = first + i;
            String wrong = table.mend(chunk, start);
            if (!wrong.isEmpty()) {
                byte[] copy = new byte[recordSize];
                if (!table.mirrored(number, copy, wrong)) {
                    problems.lost(table.place(number), "record %d of $MFT: %s".formatted(number, wrong));
                    catalogue.addBroken((int) number);
                    continue;
                }
                System.arraycopy(copy, 0, chunk, start, recordSize);
            }
            record((int) number, chunk, start);
        }
        return true;
    }

    private void record(int number, byte[] bytes, int start) {
        int flags = Record.flags(bytes, start);
        long base = Record.base(bytes, start);
        int state = Catalogue.PRESENT
                | ((flags & Record.IN_USE) != 0 ? Catalogue.IN_USE : 0)
                | ((flags & Record.DIRECTORY) != 0 ? Catalogue.DIRECTORY : 0);
        if (base != 0) {
            catalogue.add(number, state, Record.sequence(bytes, start));
            if ((base & Record.NUMBER) < Integer.MAX_VALUE) {
                catalogue.addContinuation((int) (base & Record.NUMBER), number, Record.sequence(base));
            }
            return;
        }
        catalogue.add(number, state | Catalogue.BASE, Record.sequence(bytes, start));
        clear();
        attributes(number, number, bytes, start);
        if (facts.listed) {
            catalogue.mark(number, Catalogue.LISTED);
            return;
        }
        keep(number);
    }

    private void clear() {
        facts.clear();
        shortName = Catalogue.NONE;
        named = false;
    }

    /// Takes the attributes of a record. The attribute list is in front of the names: with one, they wait for
    /// [#continued].
    private void attributes(int owner, int number, byte[] bytes, int start) {
        int end = start + recordSize;
        int at = Record.first(bytes, start, end);
        while (at <= end - 4 && LittleEndian.i32(bytes, at) != Attribute.END) {
            if (!Attribute.fits(bytes, at, end)) {
                if (!again || owner != number) {
                    problems.lost(
                            table.place(number),
                            "record %d of $MFT: attribute at byte %d cannot be read".formatted(number, at - start));
                }
                return;
            }
            if (LittleEndian.i32(bytes, at) != Attribute.FILE_NAME) {
                facts.take(bytes, at);
            } else if (Attribute.isResident(bytes, at) && (again || !facts.listed)) {
                name(owner, bytes, Attribute.value(bytes, at), Attribute.valueLength(bytes, at));
            }
            at += Attribute.length(bytes, at);
        }
    }

    private void name(int owner, byte[] bytes, int at, int length) {
        if (!Label.fits(bytes, at, length)) {
            problems.lost(table.place(owner), "record %d of $MFT: a name that cannot be read".formatted(owner));
            return;
        }
        if (owner == Catalogue.ROOT) {
            return;
        }
        long parent = Label.parent(bytes, at) & Record.NUMBER;
        int place = parent < Integer.MAX_VALUE ? (int) parent : Catalogue.NONE;
        int label = Label.keep(bytes, at, catalogue.pool);
        if (Label.namespace(bytes, at) == Label.DOS) {
            shortName = label;
            shortParent = place;
            return;
        }
        named = true;
        catalogue.addName(owner, place, label);
    }

    private void keep(int number) {
        if (!named && shortName != Catalogue.NONE) {
            catalogue.addName(number, shortParent, shortName);
            named = true;
        }
        int state = (facts.indexed ? Catalogue.INDEXED : 0) | (facts.empty && !named ? Catalogue.EMPTY : 0);
        catalogue.mark(number, state);
        catalogue.facts(number, facts.keep(catalogue.pool));
        if (facts.more) {
            problems.lost(
                    table.place(number),
                    "limit: record %d of $MFT has more than %d named streams".formatted(number, Facts.STREAMS));
        }
    }

    /// Files whose attributes lie in several records: read again, now that it is known in which.
    private void continued() throws IOException {
        again = true;
        for (int base = 0; base < catalogue.records(); base++) {
            if (!catalogue.is(base, Catalogue.BASE | Catalogue.LISTED)) {
                continue;
            }
            clear();
            int[] others = catalogue.continuations(base);
            if (others.length == Catalogue.CONTINUATIONS || !catalogue.hasRoom(base)) {
                problems.lost(
                        table.place(base),
                        "limit: record %d of $MFT continues in %d others or more".formatted(base, others.length));
            }
            readAgain(base, base);
            for (int other : others) {
                readAgain(base, other);
            }
            keep(base);
        }
    }

    private void readAgain(int base, int record) throws IOException {
        try {
            attributes(base, record, table.record(record), 0);
        } catch (CorruptException e) {
            problems.lost(OptionalLong.empty(), String.valueOf(e.getMessage()));
        }
    }

    /// Records that hold nothing though the bitmap of `$MFT` says that they are in use: wiped, or never copied.
    private void unwritten() throws IOException {
        try {
            Attributes attributes = Attributes.of(table, catalogue, 0);
            byte[] bitmap =
                    attributes.value(Attribute.BITMAP, "", LARGEST_BITMAP).orElse(new byte[0]);
            long end = Math.min(table.records(), bitmap.length * 8L);
            long first = -1;
            long count = 0;
            for (long number = 0; number < end && catalogue.hasRoom(number); number++) {
                boolean used = (bitmap[(int) (number >> 3)] & 1 << (number & 7)) != 0;
                boolean seen =
                        catalogue.is((int) number, Catalogue.PRESENT) || catalogue.is((int) number, Catalogue.BROKEN);
                if (used && !seen) {
                    first = count++ == 0 ? number : first;
                    catalogue.addBroken((int) number);
                }
            }
            if (count > 0) {
                problems.lost(
                        table.place(first),
                        "%d records of $MFT, %d the first, are in use but hold nothing".formatted(count, first));
            }
        } catch (CorruptException e) {
            problems.lost(OptionalLong.empty(), "bitmap of $MFT: " + e.getMessage());
        }
    }
}
