package io.varve.engine;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import io.varve.event.Coverage;
import io.varve.event.EventJson;
import io.varve.event.TimelineEvent;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Events as lines to a file or standard output, coverage as one JSON document, progress to a terminal. All are written
/// as they come; nothing is kept.
final class FileOutput implements RunOutput, AutoCloseable {
    private static final JsonFactory JSON = new JsonFactory();

    private final JsonGenerator events;
    private final Optional<JsonGenerator> coverage;
    private final Terminal terminal = Terminal.ofStandardError();
    private boolean isEmpty = true;

    private FileOutput(JsonGenerator events, Optional<JsonGenerator> coverage) {
        this.events = events;
        this.coverage = coverage;
    }

    static FileOutput open(List<String> evidence, Optional<Path> events, Optional<Path> coverage) {
        JsonGenerator lines = generator(stream(events));
        // one object a line
        lines.setPrettyPrinter(new MinimalPrettyPrinter("\n"));
        Optional<JsonGenerator> document = coverage.map(FileOutput::stream).map(FileOutput::generator);
        try {
            if (document.isPresent()) {
                document.get().setPrettyPrinter(new MinimalPrettyPrinter(""));
                begin(document.get(), evidence);
            }
        } catch (IOException e) {
            throw new OutputException(e);
        }
        return new FileOutput(lines, document);
    }

    /// To a file, or to standard output, without a buffer.
    static OutputStream stream(Optional<Path> file) {
        return file.map(FileOutput::stream).orElseGet(() -> new FileOutputStream(FileDescriptor.out));
    }

    private static OutputStream stream(Path file) {
        try {
            return Files.newOutputStream(file);
        } catch (IOException e) {
            throw new UsageException("%s cannot be written: %s".formatted(file, e.getMessage()));
        }
    }

    private static JsonGenerator generator(OutputStream out) {
        try {
            return JSON.createGenerator(out, JsonEncoding.UTF8);
        } catch (IOException e) {
            throw new OutputException(e);
        }
    }

    private static void begin(JsonGenerator json, List<String> evidence) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("evidence");
        for (String name : evidence) {
            json.writeString(name);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("files");
    }

    @Override
    public void event(TimelineEvent event) {
        try {
            EventJson.write(event, events);
            isEmpty = false;
        } catch (IOException e) {
            throw new OutputException(e);
        }
    }

    @Override
    public void coverage(Coverage row) {
        try {
            if (coverage.isPresent()) {
                coverage.get().writeRaw('\n');
                CoverageJson.write(row, coverage.get());
            }
        } catch (IOException e) {
            throw new OutputException(e);
        }
    }

    @Override
    public void progress(long done, long total, String text) {
        terminal.show(done, total, text);
    }

    /// Writes what can only be known at the end.
    void finish(Totals totals) {
        terminal.clear();
        try {
            if (coverage.isPresent()) {
                end(coverage.get(), totals);
            }
            if (!isEmpty) {
                events.writeRaw('\n');
            }
            events.flush();
        } catch (IOException e) {
            throw new OutputException(e);
        }
    }

    private static void end(JsonGenerator json, Totals totals) throws IOException {
        json.writeEndArray();
        json.writeObjectFieldStart("totals");
        json.writeNumberField("files", totals.files());
        for (Coverage.Status status : Coverage.Status.values()) {
            json.writeNumberField("files_" + status.name().toLowerCase(Locale.ROOT), totals.files(status));
        }
        json.writeNumberField("found", totals.found());
        json.writeNumberField("parsed", totals.parsed());
        json.writeNumberField("rejected", totals.rejected());
        json.writeNumberField("events", totals.events());
        json.writeEndObject();
        json.writeEndObject();
        json.writeRaw('\n');
        json.flush();
    }

    @Override
    public void close() {
        try {
            events.close();
            if (coverage.isPresent()) {
                coverage.get().close();
            }
        } catch (IOException e) {
            throw new OutputException(e);
        }
    }
}
