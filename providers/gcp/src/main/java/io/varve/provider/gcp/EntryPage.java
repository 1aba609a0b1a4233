package io.varve.provider.gcp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.varve.provider.ProviderException;
import io.varve.provider.collector.record.RecordSource.Lines;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// An answer of Cloud Logging's `entries:list`, kept in a file: its entries are handed on to the letter, but
/// for the white space between their parts.
///
/// @param entries where they lie in the file
/// @param next token of the next page; empty at the end
record EntryPage(Path file, List<Slice> entries, String next) {
    private static final JsonFactory JSON = new JsonFactory();

    /// An entry of an audit log has 512 KiB at most, by Google's count of its own form of it.
    private static final int LARGEST_ENTRY = 16 << 20;

    record Slice(long from, int length) {}

    /// @throws IOException the file does not hold a whole page
    static EntryPage of(Path file) throws IOException {
        var entries = new ArrayList<Slice>();
        String next = "";
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
                JsonParser json = JSON.createParser(in)) {
            expect(json.nextToken() == JsonToken.START_OBJECT);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                JsonToken value = json.nextToken();
                if (field.equals("entries")) {
                    expect(value == JsonToken.START_ARRAY);
                    entries(json, entries);
                } else if (field.equals("nextPageToken")) {
                    next = json.getValueAsString("");
                } else {
                    json.skipChildren();
                }
            }
            expect(json.currentToken() == JsonToken.END_OBJECT);
        }
        return new EntryPage(file, entries, next);
    }

    private static void entries(JsonParser json, List<Slice> entries) throws IOException {
        while (json.nextToken() == JsonToken.START_OBJECT) {
            long from = json.currentTokenLocation().getByteOffset();
            json.skipChildren();
            long length = json.currentLocation().getByteOffset() - from;
            expect(from > 0 && length > 0 && length <= LARGEST_ENTRY);
            entries.add(new Slice(from, (int) length));
        }
        expect(json.currentToken() == JsonToken.END_ARRAY);
    }

    private static void expect(boolean isSo) throws IOException {
        if (!isSo) {
            throw new IOException("Cloud Logging answered with what is no page of log entries");
        }
    }

    /// @return false when no more is taken
    boolean give(Lines lines) throws ProviderException, IOException {
        try (FileChannel bytes = FileChannel.open(file)) {
            for (Slice entry : entries) {
                if (!lines.add(line(bytes, entry))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static String line(FileChannel bytes, Slice entry) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(entry.length());
        while (text.hasRemaining()) {
            expect(bytes.read(text, entry.from() + text.position()) > 0);
        }
        return line(new String(text.array(), StandardCharsets.UTF_8));
    }

    /// JSON without white space but that of its texts.
    static String line(String json) {
        var line = new StringBuilder(json.length());
        boolean isText = false;
        for (int i = 0; i < json.length(); i++) {
            char letter = json.charAt(i);
            if (isText && letter == '\\' && i + 1 < json.length()) {
                line.append(letter);
                letter = json.charAt(++i);
            } else if (letter == '"') {
                isText = !isText;
            } else if (!isText && letter <= ' ') {
                continue;
            }
            line.append(letter);
        }
        return line.toString();
    }
}
