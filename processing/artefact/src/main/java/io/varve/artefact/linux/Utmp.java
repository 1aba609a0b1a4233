package io.varve.artefact.linux;

import com.google.auto.service.AutoService;
import io.varve.artefact.ArtefactParser;
import io.varve.artefact.EventSink;
import io.varve.artefact.EvidenceContext;
import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.EvidenceFile;
import io.varve.event.EventData;
import io.varve.event.RecordLocator;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.regex.Pattern;

/// Login records: `utmp` (who is logged on), `wtmp` (logons, logoffs, boots), `btmp` (failed logons), also rotated.
///
/// All layouts of [UtmpLayout]. Empty records are read and hold no event. Format: utmp(5), wtmp(5).
@AutoService(ArtefactParser.class)
public final class Utmp implements ArtefactParser {
    private static final Pattern NAME = Pattern.compile("[ubw]tmpx?([._-].*)?");
    private static final int HEAD = 4_096;
    private static final int RECORDS_AT_ONCE = 1_024;

    @Override
    public String name() {
        return "utmp";
    }

    @Override
    public String dataType() {
        return "linux:utmp";
    }

    @Override
    public boolean claims(EvidenceFile file, MemorySegment head) {
        return NAME.matcher(file.name()).matches()
                && UtmpLayout.of(head, file.size()).isPresent();
    }

    @Override
    public void parse(EvidenceFile file, EvidenceContext context, EventSink sink) throws IOException {
        try (Bytes bytes = file.open()) {
            MemorySegment head = bytes.at(0, Math.min(HEAD, bytes.size()), "login records");
            UtmpLayout layout = UtmpLayout.of(head, bytes.size())
                    .orElseThrow(() -> new CorruptException("login records in no known layout"));
            boolean failed = file.name().startsWith("b");
            long whole = bytes.size() / layout.size * layout.size;
            long block = (long) RECORDS_AT_ONCE * layout.size;
            for (long offset = 0; offset < whole; offset += block) {
                MemorySegment records = bytes.at(offset, Math.min(block, whole - offset), "login records");
                for (long at = 0; at < records.byteSize(); at += layout.size) {
                    record(layout, records.asSlice(at, layout.size), offset + at, failed, sink);
                }
            }
            if (whole < bytes.size()) {
                sink.rejected(whole, "record cut after %d of %d bytes".formatted(bytes.size() - whole, layout.size));
            }
        }
    }

    private static void record(UtmpLayout layout, MemorySegment raw, long offset, boolean failed, EventSink sink) {
        RecordLocator locator = RecordLocator.bytes(offset, raw);
        if (UtmpLayout.isEmpty(raw)) {
            sink.record(locator);
            return;
        }
        try {
            UtmpLayout.Entry entry = layout.read(raw);
            if (entry.type() == 0 && entry.time().seconds() == 0) {
                sink.record(locator);
                return;
            }
            sink.record(locator, failed ? LoginRecord.failed(entry) : data(entry));
        } catch (CorruptException e) {
            sink.rejected(offset, String.valueOf(e.getMessage()));
        }
    }

    private static EventData data(UtmpLayout.Entry entry) {
        return switch (entry.type()) {
            case 1 -> LoginRecord.runLevel(entry);
            case 2 -> LoginRecord.boot(entry);
            case 3, 4 -> LoginRecord.clockChange(entry);
            case 7 -> LoginRecord.logon(entry);
            case 8 -> LoginRecord.logoff(entry);
            default -> LoginRecord.other(entry);
        };
    }
}
