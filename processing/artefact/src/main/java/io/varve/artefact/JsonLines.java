package io.varve.artefact;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.EvidenceFile;
import java.io.IOException;
import java.util.Optional;

/// The objects of a `.jsonl` member, one a line; a broken line costs that line.
public final class JsonLines {
    private JsonLines() {}

    /// What is done with one line.
    public interface Reader {
        /// @throws CorruptException when the line does not hold what it must
        void line(JsonLine line, TextLines.Line raw);
    }

    public static void read(EvidenceFile file, EventSink sink, Reader reader) throws IOException {
        try (Bytes bytes = file.open()) {
            TextLines lines = TextLines.of(bytes, sink);
            for (Optional<TextLines.Line> raw = lines.next(); raw.isPresent(); raw = lines.next()) {
                if (raw.get().isBlank()) {
                    continue;
                }
                try {
                    JsonLine line = JsonLine.of(raw.get().raw());
                    sayIfCut(line, raw.get().offset(), sink);
                    reader.line(line, raw.get());
                } catch (CorruptException e) {
                    sink.rejected(raw.get().offset(), String.valueOf(e.getMessage()));
                }
            }
        }
    }

    static void sayIfCut(JsonLine line, long offset, EventSink sink) {
        if (line.isCut()) {
            sink.warning(offset, "a record with too many values, or nested too deep: what is beyond was left out");
        }
    }
}
