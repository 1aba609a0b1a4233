package io.varve.disk;

import io.varve.binary.Bytes;
import java.io.IOException;
import java.util.OptionalLong;

/// Hands each content to a test.
record Contents(Reader reader) implements EvidenceVisitor {
    interface Reader {
        void read(String path, Bytes content) throws IOException;
    }

    @Override
    public void file(Entry entry, EvidenceFile file) throws IOException {
        try (Bytes content = file.open()) {
            reader.read(entry.path(), content);
        }
    }

    @Override
    public void unreadable(Entry entry, String reason) {
        throw new AssertionError(entry.path() + ": " + reason);
    }

    @Override
    public void damaged(String path, OptionalLong offset, String reason) {
        throw new AssertionError(path + ": " + reason);
    }
}
