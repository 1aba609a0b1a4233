package io.varve.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Stream;

/// Evidence where it is stored. One that is a reference to other evidence has the bytes of that.
record StoredFiles(ObjectStore store, EvidenceKey evidence) implements PackageFiles {
    @Override
    public byte[] bytes(String name, long limit) throws IOException {
        try (InputStream in = store.read(evidence.object(name), 0, limit)) {
            return in.readAllBytes();
        }
    }

    @Override
    public boolean hasData(Manifest manifest) throws IOException {
        return store.info(place(manifest)).isPresent();
    }

    @Override
    public InputStream data(Manifest manifest) throws IOException {
        return store.read(place(manifest), 0, Long.MAX_VALUE);
    }

    private String place(Manifest manifest) {
        return manifest.sameBytesAs().orElse(evidence).object(Seal.DATA);
    }

    @Override
    public List<String> list(String prefix) throws IOException {
        int strip = evidence.object("").length();
        try (Stream<String> names = store.list(evidence.object(prefix))) {
            return names.map(name -> name.substring(strip)).toList();
        }
    }

    @Override
    public boolean exported() {
        return false;
    }
}
