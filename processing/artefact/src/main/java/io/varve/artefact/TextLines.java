package io.varve.artefact;

import io.varve.binary.Bytes;
import io.varve.binary.Limits;
import io.varve.disk.EvidenceFile;
import io.varve.event.RecordLocator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The lines of a text file, each with its place; `\n` and `\r\n` both end a line.
///
/// A line is read to [Limits#LINE] bytes; the rest of a longer one is skipped with a warning. Bytes that are not UTF-8
/// appear as `\xHH`, so nothing is lost; a byte order mark at the start is not part of the first line.
public final class TextLines {
    private static final int CHUNK = 1 << 16;
    private static final int LOOKED_AT = 256;
    private static final byte ESCAPE = 0x1b;

    private final Bytes bytes;
    private final EventSink sink;
    private final byte[] chunk = new byte[CHUNK];
    private long position;
    private int used;
    private int filled;

    private TextLines(Bytes bytes, EventSink sink) {
        this.bytes = bytes;
        this.sink = sink;
    }

    /// One line without its end.
    ///
    /// @param offset of its first byte in the file
    /// @param raw the bytes as stored
    public record Line(long offset, byte[] raw) {
        public String text() {
            return Utf8.tolerant(raw);
        }

        public boolean isBlank() {
            for (byte b : raw) {
                if (b != ' ' && b != '\t' && b != 0) {
                    return false;
                }
            }
            return true;
        }

        public RecordLocator locator() {
            return RecordLocator.bytes(offset, raw);
        }
    }

    /// @param sink told of lines too long to be read whole
    public static TextLines of(Bytes bytes, EventSink sink) {
        return new TextLines(bytes, sink);
    }

    /// What to do with each line.
    public interface Reader {
        void read(Line line) throws IOException;
    }

    /// Reads all lines of a file.
    public static void each(EvidenceFile file, EventSink sink, Reader reader) throws IOException {
        try (Bytes bytes = file.open()) {
            TextLines lines = of(bytes, sink);
            for (Optional<Line> line = lines.next(); line.isPresent(); line = lines.next()) {
                reader.read(line.get());
            }
        }
    }

    /// The whole lines in the first bytes of a file, for [ArtefactParser#claims]; none when it does not begin like
    /// text.
    public static List<String> head(MemorySegment head) {
        if (!isText(head)) {
            return List.of();
        }
        String text = Utf8.tolerant(head.toArray(ValueLayout.JAVA_BYTE));
        List<String> lines = text.lines().toList();
        boolean cut = head.byteSize() >= 4096 && lines.size() > 1;
        return cut ? lines.subList(0, lines.size() - 1) : lines;
    }

    /// Whether there are no control characters near the start, zeros before it aside: a crash can leave those in a log.
    private static boolean isText(MemorySegment head) {
        long start = 0;
        while (start < head.byteSize() && head.get(ValueLayout.JAVA_BYTE, start) == 0) {
            start++;
        }
        for (long i = start; i < Math.min(start + LOOKED_AT, head.byteSize()); i++) {
            byte b = head.get(ValueLayout.JAVA_BYTE, i);
            if (b >= 0 && b < ' ' && b != '\t' && b != '\n' && b != '\r' && b != ESCAPE) {
                return false;
            }
        }
        return true;
    }

    /// The next line; empty at the end of the file.
    public Optional<Line> next() throws IOException {
        long start = position();
        var line = new ByteArrayOutputStream(160);
        long length = 0;
        while (fill()) {
            int end = used;
            while (end < filled && chunk[end] != '\n') {
                end++;
            }
            line.write(chunk, used, Math.min(end - used, Limits.LINE - line.size()));
            length += end - used;
            used = end;
            if (end < filled) {
                used++;
                return Optional.of(line(start, line.toByteArray(), length));
            }
        }
        return length == 0 ? Optional.empty() : Optional.of(line(start, line.toByteArray(), length));
    }

    private Line line(long start, byte[] raw, long length) {
        if (length > raw.length) {
            sink.warning(start, "line of %d bytes cut to %d".formatted(length, raw.length));
        }
        int from =
                start == 0 && raw.length > 2 && raw[0] == (byte) 0xef && raw[1] == (byte) 0xbb && raw[2] == (byte) 0xbf
                        ? 3
                        : 0;
        int to = raw.length > from && raw[raw.length - 1] == '\r' ? raw.length - 1 : raw.length;
        return new Line(start + from, from == 0 && to == raw.length ? raw : Arrays.copyOfRange(raw, from, to));
    }

    private long position() {
        return position - filled + used;
    }

    private boolean fill() throws IOException {
        if (used < filled) {
            return true;
        }
        int count = (int) Math.min(CHUNK, bytes.size() - position);
        if (count <= 0) {
            return false;
        }
        bytes.read(position, chunk, 0, count);
        position += count;
        used = 0;
        filled = count;
        return true;
    }
}
