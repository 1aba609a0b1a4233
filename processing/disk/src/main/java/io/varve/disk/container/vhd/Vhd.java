package io.varve.disk.container.vhd;

import com.google.auto.service.AutoService;
import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.LayerException;
import io.varve.disk.container.Chain;
import io.varve.disk.container.Container;
import io.varve.disk.container.ContainerFormat;
import io.varve.disk.container.HeldFiles;
import io.varve.disk.container.Image;
import io.varve.disk.container.Layout;
import io.varve.disk.container.MappedBytes;
import io.varve.disk.container.Neighbours;
import io.varve.disk.container.Run;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// VHD: disks of Virtual PC, Hyper-V and Azure, and of Windows' own backups.
///
/// Fixed, dynamic and differencing. The footer at the end says which; where it is lost, the copy at the start does. A
/// differencing disk finds its parent by the locators it holds or the name in its header, and the parent must have the
/// unique id the disk was made on. The size is the one the footer states, not its cylinders times heads times sectors,
/// which may be a little less. Checksums that do not match are noted.
///
/// Source: "Virtual Hard Disk Image Format Specification 1.0" (Microsoft 2006).
@AutoService(ContainerFormat.class)
public final class Vhd implements ContainerFormat {
    static final String LAYER = "VHD";

    @Override
    public String name() {
        return LAYER;
    }

    @Override
    public boolean claims(String fileName, Bytes file) throws IOException {
        return Footer.isOne(file);
    }

    @Override
    public Container open(String fileName, Bytes file, Neighbours neighbours) throws IOException {
        List<String> notes = new ArrayList<>();
        Footer footer = Footer.of(file, notes);
        if (footer.isSaved()) {
            notes.add("the machine was suspended: its memory is in a file beside");
        }
        switch (footer.type()) {
            case Footer.FIXED -> {
                Layout layout = offset -> new Run.Stored(file, offset, footer.size() - offset);
                return image("VHD fixed", footer, layout, MappedBytes.NOTHING, notes, List.of(file));
            }
            case Footer.DYNAMIC -> {
                Layout layout = new BlockTable(file, DynamicHeader.of(file, footer, notes), BlockTable.Kind.DYNAMIC);
                return image("VHD dynamic", footer, layout, MappedBytes.NOTHING, notes, List.of(file));
            }
            case Footer.DIFFERENCING -> {
                DynamicHeader header = DynamicHeader.of(file, footer, notes);
                Layout layout = new BlockTable(file, header, BlockTable.Kind.DIFFERENCING);
                try (HeldFiles held = new HeldFiles()) {
                    Bytes below = parent(file, header, Chain.of(fileName, neighbours), held);
                    notes.add("parent: " + header.parentId());
                    return image("VHD differencing", footer, layout, below, notes, held.take(file));
                }
            }
            default -> throw new CorruptException("VHD disk type is %d, allowed are 2 to 4".formatted(footer.type()));
        }
    }

    private static Image image(
            String format, Footer footer, Layout layout, Bytes below, List<String> notes, List<Bytes> files) {
        MappedBytes disk = new MappedBytes(footer.size(), layout, below);
        return new Image(format, footer.id(), disk, List.copyOf(notes), List.of(), files);
    }

    private Image parent(Bytes file, DynamicHeader header, Chain chain, HeldFiles held) throws IOException {
        Chain.Found found = chain.file(LAYER, "parent", header.parentPaths(file));
        held.hold(found.file());
        if (!claims(found.name(), found.file())) {
            throw new LayerException(
                    LAYER,
                    OptionalLong.empty(),
                    "the parent %s is not a VHD".formatted(found.name()),
                    "put the disk this one was made of beside it");
        }
        Image parent = (Image) open(found.name(), found.file(), chain.below(LAYER, found.name()));
        held.hold(parent);
        if (!parent.identity().equals(header.parentId())) {
            throw new LayerException(
                    LAYER,
                    OptionalLong.empty(),
                    "the parent %s has the unique id %s, this disk was made on %s"
                            .formatted(found.name(), parent.identity(), header.parentId()),
                    "find the disk with that id");
        }
        return parent;
    }
}
