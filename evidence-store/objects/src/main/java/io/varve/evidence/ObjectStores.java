package io.varve.evidence;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ServiceLoader;

/// Opens the object store that settings name.
public final class ObjectStores {
    /// A directory, setting `path`: needs nothing else.
    public static final String DIRECTORY = "directory";

    private ObjectStores() {}

    public static ObjectStore open(StoreSettings settings) throws IOException {
        if (settings.kind().equals(DIRECTORY)) {
            return new DirectoryStore(Path.of(settings.required("path")));
        }
        for (StoreKind kind : ServiceLoader.load(StoreKind.class, StoreKind.class.getClassLoader())) {
            if (kind.name().equals(settings.kind())) {
                return kind.open(settings);
            }
        }
        throw new IOException("there is no object store of kind " + settings.kind());
    }
}
