package io.varve.disk.filesystem.ntfs;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.Problems;
import io.varve.disk.filesystem.Node;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// The names of a volume, from the catalogue; deleted ones also from the slack of index blocks.
final class Listing {
    /// Records that NTFS keeps for itself; those without a name are no files.
    private static final int RESERVED_FROM = 12;

    private static final int RESERVED_TO = 15;

    /// Most bytes of index blocks searched for deleted names in one folder.
    private static final long LARGEST_INDEX = 1L << 30;

    private final MasterFileTable table;
    private final Catalogue catalogue;
    private final Tree tree;
    private final AtomicLong indexBudget;

    Listing(MasterFileTable table, Catalogue catalogue, Tree tree) {
        this.table = table;
        this.catalogue = catalogue;
        this.tree = tree;
        // folders that claim the same clusters over and over end somewhere; an interactive user never gets there
        this.indexBudget = new AtomicLong(Math.min(table.volume().size(), 1L << 50) * 16 + LARGEST_INDEX);
    }

    MasterFileTable table() {
        return table;
    }

    Catalogue catalogue() {
        return catalogue;
    }

    boolean hasChildren(int folder) {
        return tree.count(folder) > 0;
    }

    void list(int folder, Consumer<Node> names, Problems problems) throws IOException {
        int count = tree.count(folder);
        for (int i = 0; i < count; i++) {
            int name = tree.child(folder, i);
            names.accept(new NtfsNode(this, catalogue.owner(name), name));
        }
        boolean indexed = catalogue.is(folder, Catalogue.INDEXED) || catalogue.hasBroken();
        if (indexed && catalogue.is(folder, Catalogue.BASE | Catalogue.DIRECTORY)) {
            index(folder, names, problems);
        }
    }

    /// Names that are only in the index: deleted ones, and those whose records cannot be read.
    private void index(int folder, Consumer<Node> names, Problems problems) throws IOException {
        try {
            Attributes attributes = Attributes.of(table, catalogue, folder);
            Optional<Attribute> root = attributes.find(Attribute.INDEX_ROOT, Index.NAME);
            Optional<Attribute> blocks = attributes.find(Attribute.INDEX_ALLOCATION, Index.NAME);
            if (root.isEmpty() || !(root.get() instanceof Attribute.Resident resident)) {
                return;
            }
            var index = new Index(this, folder, names);
            index.root(resident.value());
            if (blocks.isEmpty()) {
                return;
            }
            Bytes bytes = attributes.open(blocks.get(), "index");
            long size = Math.min(bytes.size(), LARGEST_INDEX);
            if (indexBudget.addAndGet(-size) < 0) {
                problems.lost(
                        table.place(folder),
                        "limit: index of record %d of $MFT was not searched for deleted names".formatted(folder));
                return;
            }
            index.blocks(resident.value(), bytes, size);
        } catch (CorruptException e) {
            problems.lost(
                    table.place(folder),
                    "index of record %d of $MFT, searched for deleted names: %s".formatted(folder, e.getMessage()));
        }
    }

    void orphans(Consumer<Node> names) {
        for (int record = 0; record < catalogue.records(); record++) {
            if (!catalogue.is(record, Catalogue.BASE) || record == Catalogue.ROOT) {
                continue;
            }
            int first = catalogue.firstName(record);
            if (first == Catalogue.NONE) {
                boolean reserved = record >= RESERVED_FROM && record <= RESERVED_TO;
                if (!reserved && !catalogue.is(record, Catalogue.EMPTY)) {
                    names.accept(new NtfsNode(this, record, Catalogue.NONE));
                }
            } else if (catalogue.is(record, Catalogue.DIRECTORY)) {
                orphanFolder(record, first, names);
            } else {
                for (int name = first; name != Catalogue.NONE; name = catalogue.nextName(name)) {
                    if (catalogue.parent(name) == Catalogue.NONE) {
                        names.accept(new NtfsNode(this, record, name));
                    }
                }
            }
        }
    }

    /// A folder has one place: one of its names, and that only when none is in a folder.
    private void orphanFolder(int record, int first, Consumer<Node> names) {
        for (int name = first; name != Catalogue.NONE; name = catalogue.nextName(name)) {
            if (catalogue.parent(name) != Catalogue.NONE) {
                return;
            }
        }
        names.accept(new NtfsNode(this, record, first));
    }
}
