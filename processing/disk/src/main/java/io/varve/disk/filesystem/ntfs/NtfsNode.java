package io.varve.disk.filesystem.ntfs;

import io.varve.binary.Bytes;
import io.varve.disk.Entry.Times;
import io.varve.disk.Entry.Type;
import io.varve.disk.filesystem.Node;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A name of a file whose record is known. Everything but contents comes from the catalogue.
final class NtfsNode implements Node {
    private static final int LONGEST_REPARSE = 64 << 10;
    private static final int LONGEST_EA = 1 << 20;

    private final Listing listing;
    private final Catalogue catalogue;
    private final int record;
    private final int nameIndex;
    private final @Nullable String removedName;
    private final @Nullable Times removedTimes;

    /// @param nameIndex index of the name in the catalogue, or [Catalogue#NONE]
    NtfsNode(Listing listing, int record, int nameIndex) {
        this(listing, record, nameIndex, null, null);
    }

    /// A name that was removed from its folder while the file kept its record.
    NtfsNode(Listing listing, int record, int nameIndex, @Nullable String removedName, @Nullable Times removedTimes) {
        this.listing = listing;
        this.catalogue = listing.catalogue();
        this.record = record;
        this.nameIndex = nameIndex;
        this.removedName = removedName;
        this.removedTimes = removedTimes;
    }

    /// The record of a folder to be listed; [Catalogue#NONE] for the former name of one, which is listed elsewhere.
    int record() {
        return removedName == null ? record : Catalogue.NONE;
    }

    private int facts() {
        return catalogue.is(record, Catalogue.BASE) ? catalogue.facts(record) : Catalogue.NONE;
    }

    @Override
    public String name() {
        if (removedName != null) {
            return removedName;
        }
        if (nameIndex == Catalogue.NONE) {
            return record == Catalogue.ROOT ? "" : "OrphanFile-" + record;
        }
        return Label.name(catalogue.pool, catalogue.label(nameIndex));
    }

    @Override
    public boolean allocated() {
        return removedName == null && (catalogue.isUsed(record) || record == Catalogue.ROOT);
    }

    @Override
    public long inode() {
        return record;
    }

    @Override
    public Type type() {
        boolean folder = record == Catalogue.ROOT || catalogue.is(record, Catalogue.DIRECTORY);
        int tag = facts() == Catalogue.NONE ? 0 : Facts.tag(catalogue.pool, facts());
        // what lies in a folder is shown even if the folder is made a link
        return folder && (tag == 0 || listing.hasChildren(record)) ? Type.DIRECTORY : Reparse.type(tag, folder);
    }

    @Override
    public long size() {
        return facts() == Catalogue.NONE ? 0 : Facts.size(catalogue.pool, facts());
    }

    @Override
    public Times times() {
        return facts() == Catalogue.NONE ? Times.NONE : Facts.times(catalogue.pool, facts());
    }

    @Override
    public Optional<Times> nameTimes() {
        if (removedTimes != null) {
            return Optional.of(removedTimes);
        }
        return nameIndex == Catalogue.NONE
                ? Optional.empty()
                : Optional.of(Label.times(catalogue.pool, catalogue.label(nameIndex)));
    }

    @Override
    public int links() {
        int links = 0;
        for (int name = catalogue.firstName(record); name != Catalogue.NONE; name = catalogue.nextName(name)) {
            links++;
        }
        return Math.max(1, links);
    }

    @Override
    public Optional<String> target() throws IOException {
        int tag = facts() == Catalogue.NONE ? 0 : Facts.tag(catalogue.pool, facts());
        if (tag == 0) {
            return Optional.empty();
        }
        return read().value(Attribute.REPARSE_POINT, "", LONGEST_REPARSE).flatMap(Reparse::target);
    }

    @Override
    public Map<String, byte[]> attributes() throws IOException {
        if (facts() == Catalogue.NONE) {
            return Map.of();
        }
        return read().value(Attribute.EA, "", LONGEST_EA)
                .map(ExtendedAttributes::read)
                .orElse(Map.of());
    }

    private Attributes read() throws IOException {
        return Attributes.of(listing.table(), catalogue, record);
    }

    @Override
    public List<Stream> streams() {
        if (facts() == Catalogue.NONE) {
            return List.of();
        }
        return Facts.streams(catalogue.pool, facts()).stream()
                .map(named -> (Stream) new NamedStream(this, named))
                .toList();
    }

    @Override
    public Bytes open() throws IOException {
        return Content.open(read(), name(), type());
    }

    private record NamedStream(NtfsNode node, Facts.Named named) implements Stream {
        @Override
        public String name() {
            return Label.segment(named.name());
        }

        @Override
        public long size() {
            return named.size();
        }

        @Override
        public Bytes open() throws IOException {
            return Content.stream(node.read(), node.record, node.name(), named);
        }
    }
}
