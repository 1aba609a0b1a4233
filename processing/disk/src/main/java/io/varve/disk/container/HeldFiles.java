package io.varve.disk.container;

import io.varve.binary.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Files opened while an image is opened; closed unless the image takes them.
public final class HeldFiles implements AutoCloseable {
    private final List<Bytes> files = new ArrayList<>();

    public Bytes hold(Bytes file) {
        files.add(file);
        return file;
    }

    /// For the image that was opened: all files held, and the image's own.
    public List<Bytes> take(Bytes own) {
        List<Bytes> taken = new ArrayList<>(files);
        taken.add(own);
        files.clear();
        return List.copyOf(taken);
    }

    @Override
    public void close() throws IOException {
        closeAll(files);
    }

    static void closeAll(List<Bytes> files) throws IOException {
        IOException failed = null;
        for (Bytes file : files) {
            try {
                file.close();
            } catch (IOException e) {
                failed = e;
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
