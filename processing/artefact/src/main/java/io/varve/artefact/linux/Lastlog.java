package io.varve.artefact.linux;

import com.google.auto.service.AutoService;
import io.varve.artefact.ArtefactParser;
import io.varve.artefact.EventSink;
import io.varve.artefact.EvidenceContext;
import io.varve.binary.Bytes;
import io.varve.binary.Cursor;
import io.varve.disk.EvidenceFile;
import io.varve.event.DataType;
import io.varve.event.EventData;
import io.varve.event.EventTime;
import io.varve.event.Field;
import io.varve.event.Precision;
import io.varve.event.RecordLocator;
import io.varve.event.Time;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.regex.Pattern;

/// `lastlog`: the last logon of every user, one slot per uid, in a file that is mostly holes.
///
/// Slots of 292 bytes (32-bit time) or 296 (64-bit time, e.g. AArch64). All slots of the first 64 MiB are read; past
/// that, where a high uid makes the file enormous, those of the host's known users.
///
/// Format: lastlog(8), glibc `bits/utmp.h`.
@AutoService(ArtefactParser.class)
public final class Lastlog implements ArtefactParser {
    private static final Pattern NAME = Pattern.compile("lastlog([._-].*)?");
    private static final int NARROW = 292;
    private static final int WIDE = 296;
    private static final long READ_WHOLE = 64L << 20;
    private static final int SLOTS_AT_ONCE = 1_024;
    private static final long LATEST = 4_102_444_800L;
    private static final MemorySegment ZEROS = MemorySegment.ofArray(new byte[WIDE]);

    /// The last logon of one user.
    @DataType("linux:lastlog:logon")
    record LastLogon(
            @Time("Last Login Time") EventTime time,
            @Field("user.id") String userId,
            @Field("user.name") String user,
            @Field("terminal") String terminal,
            @Field("source.address") Optional<String> address,
            @Field("source.ip") Optional<String> ip)
            implements EventData {
        @Override
        public String message() {
            return "Last logon of %s (uid %s) at %s%s"
                    .formatted(user, userId, terminal, new Origin(address, ip).phrase());
        }
    }

    @Override
    public String name() {
        return "lastlog";
    }

    @Override
    public String dataType() {
        return "linux:lastlog";
    }

    @Override
    public boolean claims(EvidenceFile file, MemorySegment head) {
        return NAME.matcher(file.name()).matches()
                && file.size() >= NARROW
                && (isPlausible(head, NARROW) || isPlausible(head, WIDE));
    }

    @Override
    public void parse(EvidenceFile file, EvidenceContext context, EventSink sink) throws IOException {
        try (Bytes bytes = file.open()) {
            int size = slotSize(bytes);
            long slots = bytes.size() / size;
            long whole = Math.min(slots, READ_WHOLE / size);
            for (long first = 0; first < whole; first += SLOTS_AT_ONCE) {
                long count = Math.min(SLOTS_AT_ONCE, whole - first);
                MemorySegment block = bytes.at(first * size, count * size, "lastlog");
                for (long i = 0; i < count; i++) {
                    slot(block.asSlice(i * size, size), first + i, context, sink);
                }
            }
            if (whole < slots) {
                knownUsers(bytes, size, whole, slots, context, sink);
            }
            if (bytes.size() % size != 0) {
                sink.rejected(slots * size, "slot cut after %d of %d bytes".formatted(bytes.size() % size, size));
            }
        }
    }

    private static int slotSize(Bytes bytes) throws IOException {
        MemorySegment head = bytes.at(0, Math.min(1 << 20, bytes.size()), "lastlog");
        boolean narrow = isPlausible(head, NARROW);
        boolean wide = isPlausible(head, WIDE);
        if (narrow && wide) {
            return bytes.size() % NARROW == 0 || bytes.size() % WIDE != 0 ? NARROW : WIDE;
        }
        return wide ? WIDE : NARROW;
    }

    private static boolean isPlausible(MemorySegment head, int size) {
        for (long at = 0; at + size <= head.byteSize(); at += size) {
            MemorySegment slot = head.asSlice(at, size);
            if (!isZero(slot) && !isPlausible(seconds(Cursor.littleEndian(slot), size), slot)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlausible(long seconds, MemorySegment slot) {
        String line = Cursor.littleEndian(slot).at(slot.byteSize() - 288).text(32, "ll_line");
        return seconds > 0 && seconds < LATEST && line.chars().noneMatch(c -> c < ' ');
    }

    private static long seconds(Cursor cursor, int size) {
        return size == WIDE ? cursor.i64("ll_time") : cursor.u32("ll_time");
    }

    private static void knownUsers(
            Bytes bytes, int size, long first, long slots, EvidenceContext context, EventSink sink) throws IOException {
        for (String id : context.users().keySet()) {
            if (!id.matches("\\d{1,10}")) {
                continue;
            }
            long uid = Long.parseLong(id);
            if (uid >= first && uid < slots) {
                slot(bytes.at(uid * size, size, "lastlog"), uid, context, sink);
            }
        }
        sink.warning(
                first * size,
                "sparse file: of the uids %d to %d only those in the user table were read".formatted(first, slots - 1));
    }

    private static void slot(MemorySegment raw, long uid, EvidenceContext context, EventSink sink) {
        long offset = uid * raw.byteSize();
        if (isZero(raw)) {
            sink.record(RecordLocator.of(offset, "empty"));
            return;
        }
        Cursor cursor = Cursor.littleEndian(raw);
        long seconds = seconds(cursor, (int) raw.byteSize());
        String terminal = cursor.text(32, "ll_line");
        Origin origin = Origin.of(cursor.text(256, "ll_host"));
        String id = Long.toString(uid);
        sink.record(
                RecordLocator.of(offset, "uid-%s-%d".formatted(id, seconds)),
                new LastLogon(
                        EventTime.utc(seconds, 0, Precision.SECOND),
                        id,
                        context.user(id),
                        terminal,
                        origin.address(),
                        origin.ip()));
    }

    private static boolean isZero(MemorySegment slot) {
        return slot.mismatch(ZEROS.asSlice(0, slot.byteSize())) < 0;
    }
}
