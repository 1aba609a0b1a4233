package io.varve.artefact;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Limits;
import io.varve.disk.EvidenceFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// The objects of a JSON file that is one list of them, `[{…},{…}]` or `{"Records":[{…},{…}]}`; a broken
/// object costs that object.
///
/// Read as a stream: one object is in memory at a time, and none longer than [Limits#LINE]. Where an object
/// has no proper end, reading goes on at the next place that begins as the last object did, with the same
/// first name.
public final class JsonRecords {
    /// Most bytes read twice because an object before them had no proper end.
    private static final long MOST_READ_AGAIN = 64 << 20;

    private static final int CHUNK = 1 << 16;
    private static final int LONGEST_MARKER = 256;
    private static final int LONGEST_WORD = 64;
    private static final String WORD = "0123456789+-.eEnultrfas";
    private static final String NOT_AN_OBJECT = "not an object of the list";
    private static final int END = -1;

    private final Bytes bytes;
    private final EventSink sink;
    private final JsonLines.Reader reader;
    private final byte[] chunk = new byte[CHUNK];
    private long chunkStart;
    private int filled;
    private long position;
    private long readAgain;
    private byte[] marker = new byte[0];

    private JsonRecords(Bytes bytes, EventSink sink, JsonLines.Reader reader) {
        this.bytes = bytes;
        this.sink = sink;
        this.reader = reader;
    }

    /// @throws CorruptException when there is no list, or too little of it to go on
    public static void read(EvidenceFile file, EventSink sink, JsonLines.Reader reader) throws IOException {
        try (Bytes bytes = file.open()) {
            new JsonRecords(bytes, sink, reader).list();
        }
    }

    private void list() throws IOException {
        open();
        for (int next = token(); next != ']'; next = token()) {
            if (next == END) {
                sink.warning(bytes.size(), "the list has no end");
                return;
            }
            if (next == '{') {
                object(position - 1);
            } else if (next != ',') {
                other(position - 1);
            }
        }
    }

    /// To the first byte inside the list.
    private void open() throws IOException {
        int first = token();
        if (first == 0xef && next() == 0xbb && next() == 0xbf) {
            first = token();
        }
        if (first == '{' && token() == '"') {
            skipText();
            first = token() == ':' ? token() : END;
        }
        if (first != '[') {
            throw new CorruptException("no list of JSON objects");
        }
    }

    private void object(long start) throws IOException {
        position = start;
        byte[] raw = scan();
        if (raw.length == 0) {
            restart(start, "an object without an end in this file or in %d bytes".formatted(Limits.LINE));
            return;
        }
        JsonLine line;
        try {
            line = JsonLine.of(raw);
        } catch (CorruptException e) {
            restart(start, String.valueOf(e.getMessage()));
            return;
        }
        marker = marker(raw);
        JsonLines.sayIfCut(line, start, sink);
        try {
            reader.line(line, new TextLines.Line(start, raw));
        } catch (CorruptException e) {
            sink.rejected(start, String.valueOf(e.getMessage()));
        }
    }

    /// Steps over a number or a word such as `null`; what else is not an object is damage.
    private void other(long start) throws IOException {
        for (int b = next(); b != END && position - start < LONGEST_WORD && WORD.indexOf(b) >= 0; b = next()) {}
        int after = --position < bytes.size() ? token() : END;
        if (after == ',' || after == ']') {
            position--;
            sink.rejected(start, NOT_AN_OBJECT);
            return;
        }
        restart(start, NOT_AN_OBJECT);
    }

    /// The bytes of the object that begins here; none when it does not end.
    private byte[] scan() throws IOException {
        var raw = new ByteArrayOutputStream(1024);
        int depth = 0;
        boolean text = false;
        for (int b = next(); b != END && raw.size() < Limits.LINE; b = next()) {
            raw.write(b);
            if (text && b == '\\') {
                raw.write(Math.max(0, next()));
            } else if (b == '"') {
                text = !text;
            } else if (!text && (b == '{' || b == '[')) {
                depth++;
            } else if (!text && (b == '}' || b == ']') && --depth == 0) {
                return raw.toByteArray();
            }
        }
        return new byte[0];
    }

    /// `{"eventVersion"`: what an object begins with, up to the end of its first name.
    private static byte[] marker(byte[] raw) {
        String begin = new String(raw, 0, Math.min(raw.length, LONGEST_MARKER), StandardCharsets.ISO_8859_1);
        int end = begin.indexOf('"', begin.indexOf('"') + 1);
        return end < 0 ? new byte[0] : begin.substring(0, end + 1).getBytes(StandardCharsets.ISO_8859_1);
    }

    /// Gives up what begins at an offset and looks for the next object.
    private void restart(long start, String reason) throws IOException {
        sink.rejected(start, reason);
        readAgain += Math.max(0, position - start);
        if (marker.length == 0) {
            position = start;
            byte[] begin = peek();
            marker = begin[0] == '{' ? marker(begin) : new byte[] {'{'};
        }
        position = start + 1;
        if (marker.length == 0 || readAgain > MOST_READ_AGAIN) {
            throw new CorruptException("nothing after offset %d can be read: %s".formatted(start, reason));
        }
        int matched = 0;
        for (int b = next(); b != END; b = next()) {
            if (b != (marker[matched] & 0xff)) {
                // the first byte of a marker, a brace, is in it only once
                matched = b == (marker[0] & 0xff) ? 1 : 0;
            } else if (++matched == marker.length) {
                position -= marker.length;
                return;
            }
        }
    }

    private byte[] peek() throws IOException {
        var raw = new ByteArrayOutputStream(LONGEST_MARKER);
        for (int b = next(); b != END && raw.size() < LONGEST_MARKER; b = next()) {
            raw.write(b);
        }
        return raw.toByteArray();
    }

    private void skipText() throws IOException {
        for (int b = next(); b != END && b != '"'; b = next()) {
            if (b == '\\') {
                next();
            }
        }
    }

    /// The next byte that is not white space.
    private int token() throws IOException {
        int b = next();
        while (b == ' ' || b == '\t' || b == '\r' || b == '\n') {
            b = next();
        }
        return b;
    }

    private int next() throws IOException {
        if (position >= bytes.size()) {
            return END;
        }
        if (position < chunkStart || position >= chunkStart + filled) {
            filled = (int) Math.min(CHUNK, bytes.size() - position);
            bytes.read(position, chunk, 0, filled);
            chunkStart = position;
        }
        return chunk[(int) (position++ - chunkStart)] & 0xff;
    }
}
