package io.varve.provider.kubernetes;

import io.varve.evidence.Digest;
import io.varve.evidence.DigestMismatchException;
import io.varve.evidence.ObjectStore;
import io.varve.provider.collector.archive.AssembledArchive;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The collector's parts of one container, as members of the pod's archive: `varve/containers/NAME.tar.gz.000001` and
/// so
/// on, which put together are the archive that was made in the container.
///
/// Each is stored with the digest the collector stated for it in the container.
final class ContainerParts implements ObjectStore.Upload {
    private static final Pattern LABEL = Pattern.compile("container/(\\S+)/(\\d+) (\\d+) ([0-9a-f]{64})");

    private final AssembledArchive archive;
    private final String name;

    ContainerParts(AssembledArchive archive, String name) {
        this.archive = archive;
        this.name = name;
    }

    /// Where the container's parts are joined in the evidence.
    static String path(String name) {
        return "varve/containers/" + name + ".tar.gz";
    }

    @Override
    public List<ObjectStore.Part> parts() {
        var parts = new java.util.ArrayList<ObjectStore.Part>();
        long offset = 0;
        for (String label : archive.labels()) {
            Matcher one = LABEL.matcher(label);
            if (one.matches() && one.group(1).equals(name)) {
                long size = Long.parseLong(one.group(3));
                parts.add(new ObjectStore.Part(Integer.parseInt(one.group(2)), offset, size, new Digest(one.group(4))));
                offset += size;
            }
        }
        return List.copyOf(parts);
    }

    @Override
    public ObjectStore.Part part(int number, long offset, Digest expected, InputStream content, long length)
            throws IOException {
        byte[] bytes = content.readNBytes(Math.toIntExact(length));
        Digest found = Digest.of(bytes);
        if (!found.equals(expected)) {
            throw new DigestMismatchException("part " + number, expected, found);
        }
        try (AssembledArchive.Part part = archive.begin()) {
            part.member("%s.%06d".formatted(path(name), number), bytes);
            part.store("container/%s/%d %d %s".formatted(name, number, length, expected.hex()));
        }
        return new ObjectStore.Part(number, offset, length, expected);
    }

    @Override
    public ObjectStore.Stored complete() {
        throw new UnsupportedOperationException("the pod's archive is completed as a whole");
    }

    @Override
    public void abort() {
        throw new UnsupportedOperationException("the pod's archive is given up as a whole");
    }
}
