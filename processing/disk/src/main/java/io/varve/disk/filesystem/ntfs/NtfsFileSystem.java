package io.varve.disk.filesystem.ntfs;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.Names;
import io.varve.disk.Problems;
import io.varve.disk.filesystem.FileSystem;
import io.varve.disk.filesystem.Node;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One NTFS volume. The first call that needs names reads `$MFT` once, in order; what a listing shows comes from there.
final class NtfsFileSystem implements FileSystem {
    /// The label of a volume has at most 32 characters.
    private static final int LONGEST_LABEL = 256;

    private static final int VOLUME = 3;

    private final MasterFileTable table;
    private final Losses losses;
    private final Optional<String> label;
    private volatile @Nullable Listing listing;

    NtfsFileSystem(Bytes volume, BootSector boot, Losses losses) throws IOException {
        this.losses = losses;
        this.table = new MasterFileTable(volume, boot, losses);
        this.label = readLabel();
    }

    private Optional<String> readLabel() throws IOException {
        try {
            return Attributes.of(table, table.record(VOLUME))
                    .value(Attribute.VOLUME_NAME, "", LONGEST_LABEL)
                    .map(value -> Names.utf16(new String(value, StandardCharsets.UTF_16LE)))
                    .filter(text -> !text.isEmpty());
        } catch (CorruptException e) {
            losses.lost(table.place(VOLUME), "the label: " + e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public String type() {
        return "ntfs";
    }

    @Override
    public Optional<String> label() {
        return label;
    }

    @Override
    public Node root() throws IOException {
        return new NtfsNode(listing(), Catalogue.ROOT, Catalogue.NONE);
    }

    @Override
    public void list(Node folder, Consumer<Node> names, Problems problems) throws IOException {
        Listing known = listing();
        losses.tell(problems);
        if (folder instanceof NtfsNode node && node.record() != Catalogue.NONE) {
            known.list(node.record(), names, problems);
        }
    }

    @Override
    public void orphans(Consumer<Node> names, Problems problems) throws IOException {
        Listing known = listing();
        losses.tell(problems);
        known.orphans(names);
    }

    private Listing listing() throws IOException {
        Listing known = listing;
        if (known != null) {
            return known;
        }
        synchronized (losses) {
            if (listing == null) {
                long budget = Runtime.getRuntime().maxMemory() / 2;
                Catalogue catalogue = Scan.of(table, losses, budget);
                listing = new Listing(table, catalogue, new Tree(catalogue, losses));
            }
            return Objects.requireNonNull(listing);
        }
    }
}
