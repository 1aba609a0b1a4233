package io.varve.artefact.linux;

import com.google.auto.service.AutoService;
import io.varve.artefact.ArtefactParser;
import io.varve.artefact.EventSink;
import io.varve.artefact.EvidenceContext;
import io.varve.binary.Bytes;
import io.varve.disk.EvidenceFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// Binary journals of systemd-journald (`*.journal`, `*.journal~`): what services and the kernel logged.
///
/// Regular, keyed-hash and compact files; values plain or compressed with XZ, LZ4 or Zstandard. Files still open, cut
/// short or damaged are read as far as entries can be found. Format: https://systemd.io/JOURNAL_FILE_FORMAT
@AutoService(ArtefactParser.class)
public final class Journal implements ArtefactParser {
    private static final MemorySegment SIGNATURE =
            MemorySegment.ofArray("LPKSHHRH".getBytes(StandardCharsets.US_ASCII));

    @Override
    public String name() {
        return "journal";
    }

    @Override
    public String dataType() {
        return "linux:journal";
    }

    @Override
    public boolean claims(EvidenceFile file, MemorySegment head) {
        return head.byteSize() >= SIGNATURE.byteSize()
                && head.asSlice(0, SIGNATURE.byteSize()).mismatch(SIGNATURE) < 0;
    }

    @Override
    public void parse(EvidenceFile file, EvidenceContext context, EventSink sink) throws IOException {
        try (Bytes bytes = file.open()) {
            new JournalWalk(new JournalFile(bytes), context, sink).run();
        }
    }
}
