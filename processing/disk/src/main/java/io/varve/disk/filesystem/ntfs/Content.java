package io.varve.disk.filesystem.ntfs;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.Entry.Type;
import io.varve.disk.LayerException;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/// The main content of a file and its streams, as an application on Windows would read them.
final class Content {
    private static final int LONGEST_REPARSE = 64 << 10;
    private static final int CLOUD = 0x9000_001a;
    private static final int CLOUD_MASK = 0xffff_0fff;
    private static final int BAD_CLUSTERS = 8;

    private Content() {}

    static Bytes open(Attributes attributes, String name, Type type) throws IOException {
        Optional<Attribute> data = attributes.find(Attribute.DATA, "");
        if (data.isEmpty()) {
            Optional<Attribute> index = attributes.find(Attribute.INDEX_ROOT, Index.NAME);
            return type == Type.DIRECTORY && index.isPresent()
                    ? attributes.open(index.get(), name)
                    : Bytes.of(new byte[0]);
        }
        Optional<byte[]> reparse = attributes.value(Attribute.REPARSE_POINT, "", LONGEST_REPARSE);
        if (reparse.isEmpty()) {
            return attributes.open(data.get(), name);
        }
        int tag = Reparse.tag(reparse.get());
        if (tag == Reparse.WOF) {
            return overlay(attributes, name, reparse.get(), data.get().size());
        }
        if (tag == Reparse.DEDUP) {
            throw new LayerException(
                    "NTFS",
                    OptionalLong.empty(),
                    "the content of %s lies in the deduplication store of the volume".formatted(name),
                    "read it on a Windows Server with Data Deduplication");
        }
        boolean elsewhere = (tag & CLOUD_MASK) == CLOUD
                && data.get() instanceof Attribute.Stored stored
                && stored.size() > 0
                && stored.runs().isAllHole();
        if (elsewhere) {
            throw new LayerException(
                    "NTFS",
                    OptionalLong.empty(),
                    "the content of %s is with its cloud provider, not on this disk".formatted(name),
                    "acquire it from the cloud account");
        }
        return attributes.open(data.get(), name);
    }

    /// A file that the Windows Overlay Filter expands.
    private static Bytes overlay(Attributes attributes, String name, byte[] reparse, long size) throws IOException {
        Optional<Attribute> packed = attributes.find(Attribute.DATA, Overlay.STREAM);
        if (packed.isEmpty()) {
            throw new LayerException(
                    "NTFS",
                    OptionalLong.empty(),
                    "the content of %s is in no stream %s".formatted(name, Overlay.STREAM),
                    "it may be in a WIM image that this volume was started from");
        }
        return Overlay.open(reparse, attributes.open(packed.get(), name), size);
    }

    static Bytes stream(Attributes attributes, int record, String name, Facts.Named named) throws IOException {
        Attribute found = attributes
                .find(named.type(), named.name())
                .orElseThrow(() -> new CorruptException("%s has no stream %s".formatted(name, named.name())));
        // $Bad is as long as the volume and maps the clusters that cannot be read: with none it has no content
        boolean noBadClusters = record == BAD_CLUSTERS
                && found instanceof Attribute.Stored stored
                && stored.initialized() == 0
                && stored.runs().isAllHole();
        return noBadClusters ? Bytes.of(new byte[0]) : attributes.open(found, name + ":" + named.name());
    }
}
