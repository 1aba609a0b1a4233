package io.varve.engine.child;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.varve.binary.CorruptException;
import io.varve.engine.CoverageJson;
import io.varve.engine.OutputException;
import io.varve.engine.RunOutput;
import io.varve.event.Coverage;
import io.varve.event.EventJson;
import io.varve.event.TimelineEvent;
import io.varve.event.wire.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Results as frames, gathered to [#BATCH] bytes or [#EVERY_MILLIS] milliseconds, whichever comes first.
final class PipeOutput implements RunOutput, AutoCloseable {
    static final int BATCH = 256 << 10;
    private static final int EVERY_MILLIS = 200;
    static final JsonFactory JSON = new JsonFactory();

    private final Pipe pipe;
    private final Lines events = new Lines(Frame.Type.EVENTS);
    private final Lines coverage = new Lines(Frame.Type.COVERAGE);
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("batches").factory());
    private long done;
    private long total;
    private String text = "";
    private boolean moved;
    private boolean closed;

    PipeOutput(Pipe pipe) {
        this.pipe = pipe;
        clock.scheduleAtFixedRate(this::tick, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public synchronized void event(TimelineEvent event) {
        events.add(EventJson.write(event));
    }

    @Override
    public synchronized void coverage(Coverage row) {
        var line = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(line)) {
            CoverageJson.write(row, json);
        } catch (IOException e) {
            throw new OutputException(e);
        }
        coverage.add(line.toString());
    }

    @Override
    public synchronized void progress(long nowDone, long nowTotal, String nowText) {
        if (nowTotal > 0) {
            done = nowDone;
            total = nowTotal;
        }
        text = nowText;
        moved = true;
    }

    private synchronized void tick() {
        if (closed) {
            return;
        }
        try {
            flush();
        } catch (OutputException e) {
            // the worker is gone: the next event or block says so where the run can end
            closed = true;
        }
    }

    private void flush() {
        events.flush();
        coverage.flush();
        if (moved) {
            moved = false;
            send(Frame.Type.PROGRESS, progressJson());
        }
    }

    private byte[] progressJson() {
        var line = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeNumberField("done", done);
            json.writeNumberField("total", total);
            json.writeStringField("text", text);
            json.writeEndObject();
        } catch (IOException e) {
            throw new OutputException(e);
        }
        return line.toByteArray();
    }

    private void send(Frame.Type type, byte[] payload) {
        try {
            pipe.send(new Frame(type, payload));
        } catch (IOException e) {
            throw new OutputException(e);
        }
    }

    @Override
    public synchronized void close() {
        clock.shutdownNow();
        if (!closed) {
            closed = true;
            flush();
        }
    }

    /// Lines on their way into one frame.
    private final class Lines {
        private final Frame.Type type;
        private final ByteArrayOutputStream batch = new ByteArrayOutputStream(BATCH);

        Lines(Frame.Type type) {
            this.type = type;
        }

        void add(String line) {
            byte[] raw = line.getBytes(StandardCharsets.UTF_8);
            if (raw.length >= Frame.LARGEST) {
                throw new CorruptException("a record that makes an event of %d bytes".formatted(raw.length));
            }
            if (batch.size() + raw.length >= BATCH) {
                flush();
            }
            batch.writeBytes(raw);
            batch.write('\n');
        }

        void flush() {
            if (batch.size() > 0) {
                send(type, batch.toByteArray());
                batch.reset();
            }
        }
    }
}
