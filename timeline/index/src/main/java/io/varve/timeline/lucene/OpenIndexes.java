package io.varve.timeline.lucene;

import io.varve.timeline.IndexName;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/// Readers of the indexes asked about lately, brought up to their last commit at every use.
final class OpenIndexes implements Closeable {
    private final Path root;
    private final int most;
    private final LinkedHashMap<IndexName, DirectoryReader> readers = new LinkedHashMap<>(16, 0.75f, true);

    OpenIndexes(Path root, int most) {
        this.root = root;
        this.most = most;
    }

    Path folder(IndexName index) {
        return root.resolve(index.organisation()).resolve(index.evidence()).resolve(index.run());
    }

    /// The last commit of the index, held until the caller calls `decRef`; empty when there is no index.
    synchronized Optional<DirectoryReader> hold(IndexName index) throws IOException {
        try {
            DirectoryReader reader = current(index);
            reader.incRef();
            return Optional.of(reader);
        } catch (NoSuchFileException | FileNotFoundException e) {
            forget(index);
            if (Files.exists(folder(index))) {
                return reopen(index, e);
            }
            return Optional.empty();
        }
    }

    /// A folder without a commit is an index nobody has committed to yet; anything else that is missing is damage.
    private Optional<DirectoryReader> reopen(IndexName index, IOException cause) throws IOException {
        try (Directory directory = FSDirectory.open(folder(index))) {
            if (!DirectoryReader.indexExists(directory)) {
                return Optional.empty();
            }
        }
        try {
            DirectoryReader reader = current(index);
            reader.incRef();
            return Optional.of(reader);
        } catch (IOException e) {
            e.addSuppressed(cause);
            throw e;
        }
    }

    private DirectoryReader current(IndexName index) throws IOException {
        DirectoryReader reader = readers.get(index);
        if (reader == null) {
            Path folder = folder(index);
            if (!Files.isDirectory(folder)) {
                throw new NoSuchFileException(folder.toString());
            }
            reader = open(folder);
            readers.put(index, reader);
            closeOldest();
            return reader;
        }
        DirectoryReader newer = DirectoryReader.openIfChanged(reader);
        if (newer == null) {
            return reader;
        }
        readers.put(index, newer);
        reader.decRef();
        return newer;
    }

    /// The directory object holds nothing open by itself: every file belongs to the reader.
    private static DirectoryReader open(Path folder) throws IOException {
        return DirectoryReader.open(FSDirectory.open(folder));
    }

    private void closeOldest() throws IOException {
        Iterator<Map.Entry<IndexName, DirectoryReader>> oldest =
                readers.entrySet().iterator();
        while (readers.size() > most) {
            DirectoryReader reader = oldest.next().getValue();
            oldest.remove();
            reader.decRef();
        }
    }

    synchronized void forget(IndexName index) throws IOException {
        DirectoryReader reader = readers.remove(index);
        if (reader != null) {
            reader.decRef();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        for (DirectoryReader reader : readers.values()) {
            reader.decRef();
        }
        readers.clear();
    }
}
