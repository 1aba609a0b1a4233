package io.varve.disk;

import io.varve.binary.Bytes;
import io.varve.event.EventTime;
import java.io.IOException;
import java.util.Optional;

/// A file whose content was opened once and is shared by everyone who looks at it, until it is closed.
final class HeldFile implements EvidenceFile, AutoCloseable {
    private final EvidenceFile file;
    private final Bytes content;

    HeldFile(EvidenceFile file) throws IOException {
        this.file = file;
        this.content = file.open();
    }

    Bytes content() {
        return content;
    }

    @Override
    public Optional<String> volume() {
        return file.volume();
    }

    @Override
    public String path() {
        return file.path();
    }

    @Override
    public long size() {
        return content.size();
    }

    @Override
    public Optional<EventTime> modified() {
        return file.modified();
    }

    @Override
    public Bytes open() {
        return Slice.all(content);
    }

    @Override
    public Optional<EvidenceFile> sibling(String name) {
        return file.sibling(name);
    }

    @Override
    public void close() throws IOException {
        content.close();
    }
}
