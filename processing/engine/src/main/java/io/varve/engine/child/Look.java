package io.varve.engine.child;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.disk.Entry;
import io.varve.disk.Evidence;
import io.varve.engine.EntryJson;
import io.varve.engine.FileSearch;
import io.varve.engine.JsonText;
import io.varve.event.wire.Frame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/// What a person looks at in evidence that lies sealed: the names in one folder, or a part of one file.
///
/// `{"kind":"list","volume"?,"path"}` answers `NAMES`, `{"kind":"read","volume"?,"path","offset","length"}` answers
/// `DATA`; a length below 0 means to the end of the file.
final class Look {
    private static final int PIECE = 1 << 20;
    private static final int BATCH = 256 << 10;

    private final Pipe pipe;

    Look(Pipe pipe) {
        this.pipe = pipe;
    }

    /// @return exit code as the command line defines it
    int at(Evidence evidence, JsonNode look) throws IOException {
        Optional<String> volume =
                look.hasNonNull("volume") ? Optional.of(look.path("volume").asText()) : Optional.empty();
        String path = look.path("path").asText("/");
        return switch (look.path("kind").asText()) {
            case "list" -> list(evidence, volume, path);
            case "read" ->
                read(
                        evidence,
                        volume,
                        path,
                        look.path("offset").asLong(),
                        look.path("length").asLong(-1));
            default -> throw new IOException("a look of no kind");
        };
    }

    private int list(Evidence evidence, Optional<String> volume, String path) throws IOException {
        var lines = new JsonText(2 * BATCH);
        try {
            evidence.list(volume, path, entry -> add(entry, lines));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            flush(lines);
        }
        return 0;
    }

    private void add(Entry entry, JsonText lines) {
        EntryJson.write(entry, entry.size(), Map.of(), lines);
        if (lines.length() >= BATCH) {
            try {
                flush(lines);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void flush(JsonText lines) throws IOException {
        if (lines.length() > 0) {
            pipe.send(new Frame(Frame.Type.NAMES, lines.toBytes()));
        }
    }

    private int read(Evidence evidence, Optional<String> volume, String path, long offset, long length)
            throws IOException {
        FileSearch.Result result = FileSearch.of(evidence, volume, path, content -> {
            long end = length < 0 ? content.size() : Math.min(content.size(), offset + length);
            for (long at = Math.max(offset, 0); at < end; ) {
                byte[] piece = new byte[(int) Math.min(PIECE, end - at)];
                content.read(at, piece, 0, piece.length);
                pipe.send(new Frame(Frame.Type.DATA, piece));
                at += piece.length;
            }
        });
        if (!result.problems().isEmpty()) {
            throw new IOException(result.problems().getFirst());
        }
        if (!result.found()) {
            throw new IOException("no file " + path);
        }
        return 0;
    }
}
