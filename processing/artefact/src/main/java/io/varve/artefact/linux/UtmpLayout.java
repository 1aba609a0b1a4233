package io.varve.artefact.linux;

import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import io.varve.event.EventTime;
import io.varve.event.Precision;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/// How one architecture and C library lay out a login record.
///
/// Sources: utmp(5), glibc `bits/utmp.h` (32-bit compatible and 64-bit times), Linux libc 5 `utmpbits.h`. The files say
/// nothing of their layout, so the one that makes most records plausible is taken.
enum UtmpLayout {
    /// x86, x86-64, 32-bit ARM, little-endian POWER.
    COMPATIBLE(384, false, false),
    /// AArch64, RISC-V, and musl on 64 bits.
    WIDE(400, false, true),
    COMPATIBLE_BIG_ENDIAN(384, true, false),
    /// s390x.
    WIDE_BIG_ENDIAN(400, true, true),
    /// Linux libc 5, before 1998.
    LIBC5(56, false, false);

    private static final long EARLIEST = 631_152_000L;
    private static final long LATEST = 4_102_444_800L;
    private static final int LAST_TYPE = 9;

    final int size;
    private final boolean big;
    private final boolean wide;

    UtmpLayout(int size, boolean big, boolean wide) {
        this.size = size;
        this.big = big;
        this.wide = wide;
    }

    /// One login record, as stored.
    record Entry(int type, int pid, String line, String id, String user, Origin origin, EventTime time) {}

    /// The layout that fits the first bytes of a file best; none when less than half of the records make sense.
    static Optional<UtmpLayout> of(MemorySegment head, long fileSize) {
        Optional<UtmpLayout> best = Optional.empty();
        double bestScore = 0.5;
        for (UtmpLayout layout : values()) {
            double score = layout.score(head) + (fileSize % layout.size == 0 ? 0.01 : 0);
            if (score > bestScore) {
                best = Optional.of(layout);
                bestScore = score;
            }
        }
        return best;
    }

    private double score(MemorySegment head) {
        long records = head.byteSize() / size;
        int plausible = 0;
        for (long i = 0; i < records; i++) {
            plausible += isPlausible(head.asSlice(i * size, size)) ? 1 : 0;
        }
        return records == 0 ? 0 : (double) plausible / records;
    }

    private boolean isPlausible(MemorySegment raw) {
        if (isEmpty(raw)) {
            return true;
        }
        try {
            Entry entry = read(raw);
            long seconds = entry.time.seconds();
            return seconds == 0 && entry.type == 0 || seconds > EARLIEST && seconds < LATEST;
        } catch (CorruptException e) {
            return false;
        }
    }

    static boolean isEmpty(MemorySegment raw) {
        for (long i = 0; i < raw.byteSize(); i++) {
            if (raw.get(ValueLayout.JAVA_BYTE, i) != 0) {
                return false;
            }
        }
        return true;
    }

    Entry read(MemorySegment raw) {
        Cursor cursor = big ? Cursor.bigEndian(raw) : Cursor.littleEndian(raw);
        int type = cursor.u16("ut_type");
        if (type > LAST_TYPE) {
            throw new CorruptException("login record of the unknown type " + type);
        }
        cursor.skip(2, "padding");
        int pid = cursor.i32("ut_pid");
        return this == LIBC5 ? libc5(cursor, type, pid) : glibc(cursor, type, pid);
    }

    private Entry glibc(Cursor cursor, int type, int pid) {
        String line = text(cursor, 32, "ut_line");
        String id = text(cursor, 4, "ut_id");
        String user = text(cursor, 32, "ut_user");
        String host = text(cursor, 256, "ut_host");
        cursor.skip(4, "ut_exit");
        cursor.skip(wide ? 8 : 4, "ut_session");
        long seconds = wide ? cursor.i64("tv_sec") : cursor.u32("tv_sec");
        long micros = wide ? cursor.i64("tv_usec") : cursor.u32("tv_usec");
        if (micros < 0 || micros > 999_999) {
            throw new CorruptException("login record with %d microseconds".formatted(micros));
        }
        byte[] address = cursor.bytes(16, "ut_addr_v6").toArray(ValueLayout.JAVA_BYTE);
        EventTime time = EventTime.utc(seconds, (int) micros * 1000, Precision.MICROSECOND);
        return new Entry(type, pid, line, id, user, Origin.of(host, address), time);
    }

    private static Entry libc5(Cursor cursor, int type, int pid) {
        String line = text(cursor, 12, "ut_line");
        String id = text(cursor, 2, "ut_id");
        cursor.skip(2, "padding");
        long seconds = cursor.u32("ut_time");
        String user = text(cursor, 8, "ut_user");
        String host = text(cursor, 16, "ut_host");
        byte[] address = cursor.bytes(4, "ut_addr").toArray(ValueLayout.JAVA_BYTE);
        EventTime time = EventTime.utc(seconds, 0, Precision.SECOND);
        return new Entry(type, pid, line, id, user, Origin.of(host, address), time);
    }

    /// A text field; control characters are no text, so they tell a wrong layout from a right one.
    private static String text(Cursor cursor, int length, String field) {
        String text = cursor.text(length, field);
        if (text.chars().anyMatch(c -> c < ' ')) {
            throw new CorruptException("login record with control characters in " + field);
        }
        return text;
    }
}
