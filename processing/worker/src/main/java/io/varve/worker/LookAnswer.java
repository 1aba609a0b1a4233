package io.varve.worker;

import io.varve.evidence.Digest;
import io.varve.evidence.ObjectStore.Stored;
import io.varve.evidence.ObjectStore.Upload;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// The answer to a look on its way into the store, in parts: a file may be larger than memory.
final class LookAnswer implements EngineRun.Listener, AutoCloseable {
    private static final int PART = 8 << 20;

    private final Upload upload;
    private final ByteArrayOutputStream part = new ByteArrayOutputStream();
    private Optional<String> reason = Optional.empty();
    private int number;
    private long offset;
    private boolean complete;

    LookAnswer(Upload upload) {
        this.upload = upload;
    }

    @Override
    public void piece(byte[] content) throws IOException {
        part.writeBytes(content);
        if (part.size() >= PART) {
            flush();
        }
    }

    private void flush() throws IOException {
        byte[] content = part.toByteArray();
        part.reset();
        upload.part(++number, offset, Digest.of(content), new ByteArrayInputStream(content), content.length);
        offset += content.length;
    }

    @Override
    public void refused(String why) {
        reason = Optional.of(why);
    }

    /// Why there is no answer.
    Optional<String> reason() {
        return reason;
    }

    Stored complete() throws IOException {
        if (part.size() > 0 || number == 0) {
            flush();
        }
        Stored stored = upload.complete();
        complete = true;
        return stored;
    }

    @Override
    public void events(List<String> lines) {}

    @Override
    public void coverage(List<String> lines) {}

    @Override
    public void progress(long done, long total, String text) {}

    @Override
    public boolean tick() {
        return true;
    }

    @Override
    public void close() throws IOException {
        if (!complete) {
            upload.abort();
        }
    }
}
