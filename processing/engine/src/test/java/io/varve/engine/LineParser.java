package io.varve.engine;

import io.varve.artefact.ArtefactParser;
import io.varve.artefact.EventSink;
import io.varve.artefact.EvidenceContext;
import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.EvidenceFile;
import io.varve.event.DataType;
import io.varve.event.EventData;
import io.varve.event.Field;
import io.varve.event.RecordLocator;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// A parser for tests: one record a line of `.lines` files; some lines tell it to misbehave.
final class LineParser implements ArtefactParser {
    @DataType("test:line:seen")
    record Line(@Field("line") String text) implements EventData {
        @Override
        public String message() {
            return text;
        }
    }

    @Override
    public String name() {
        return "lines";
    }

    @Override
    public String dataType() {
        return "test:line";
    }

    @Override
    public boolean claims(EvidenceFile file, MemorySegment head) {
        return file.name().endsWith(".lines");
    }

    @Override
    public void parse(EvidenceFile file, EvidenceContext context, EventSink sink) throws IOException {
        try (Bytes content = file.open()) {
            byte[] raw = new byte[(int) content.size()];
            content.read(0, raw, 0, raw.length);
            int number = 0;
            for (String line : new String(raw, StandardCharsets.UTF_8).lines().toList()) {
                line(line, number++, sink);
            }
        }
    }

    private void line(String line, int number, EventSink sink) throws IOException {
        switch (line) {
            case "reject" -> sink.rejected(number, "told to");
            case "warn" -> sink.warning(number, "told to");
            case "corrupt" -> throw new CorruptException("told to");
            case "io" -> throw new IOException("told to");
            case "bug" -> throw new IllegalStateException("told to");
            case "overflow" -> overflow(0);
            case "memory" -> throw new OutOfMemoryError("told to");
            default -> sink.record(RecordLocator.of(number, "line " + number), new Line(line));
        }
    }

    private static int overflow(int depth) {
        return depth < 0 ? depth : overflow(depth + 1) + 1;
    }
}
