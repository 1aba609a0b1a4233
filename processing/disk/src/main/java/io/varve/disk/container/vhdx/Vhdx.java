package io.varve.disk.container.vhdx;

import com.google.auto.service.AutoService;
import io.varve.binary.Bytes;
import io.varve.binary.Cursor;
import io.varve.disk.LayerException;
import io.varve.disk.container.Chain;
import io.varve.disk.container.Container;
import io.varve.disk.container.ContainerFormat;
import io.varve.disk.container.HeldFiles;
import io.varve.disk.container.Image;
import io.varve.disk.container.MappedBytes;
import io.varve.disk.container.Neighbours;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// VHDX: disks of Hyper-V and Windows since 2012; `.avhdx` are its checkpoints.
///
/// Fixed, dynamic and differencing, both copies of header and region table, checksums verified. A log that was not
/// written back when the machine stopped is replayed in memory; the file is not touched. A differencing disk finds its
/// parent by the paths it holds, and the parent's data must not have been written since.
///
/// Source: \[MS-VHDX\] "Virtual Hard Disk v2 (VHDX) File Format",
/// <https://learn.microsoft.com/openspecs/windows_protocols/ms-vhdx/>.
@AutoService(ContainerFormat.class)
public final class Vhdx implements ContainerFormat {
    static final String LAYER = "VHDX";

    private static final long SIGNATURE = 0x656c_6966_7864_6876L;
    private static final long HEADER_SECTION = 1 << 20;

    @Override
    public String name() {
        return LAYER;
    }

    @Override
    public boolean claims(String fileName, Bytes file) throws IOException {
        return file.size() >= HEADER_SECTION / 4
                && Cursor.littleEndian(file.at(0, 8, "VHDX signature")).i64("VHDX signature") == SIGNATURE;
    }

    @Override
    public Container open(String fileName, Bytes file, Neighbours neighbours) throws IOException {
        List<String> notes = new ArrayList<>();
        Header header = Header.of(file, notes);
        Bytes replayed = header.isDirty() ? Log.replayed(file, header, notes) : file;
        Regions regions = Regions.of(replayed, notes);
        Metadata metadata = Metadata.of(replayed, regions);
        BlockTable table = BlockTable.of(replayed, regions, metadata);
        try (HeldFiles held = new HeldFiles()) {
            Bytes below = MappedBytes.NOTHING;
            if (metadata.hasParent()) {
                below = parent(replayed, metadata, Chain.of(fileName, neighbours), held, notes);
            }
            String kind = metadata.hasParent() ? "differencing" : metadata.isFixed() ? "fixed" : "dynamic";
            return new Image(
                    "VHDX " + kind,
                    header.dataId().toString(),
                    new MappedBytes(metadata.size(), table, below),
                    List.copyOf(notes),
                    List.of(),
                    held.take(file));
        }
    }

    private Image parent(Bytes file, Metadata metadata, Chain chain, HeldFiles held, List<String> notes)
            throws IOException {
        ParentLocator locator = ParentLocator.of(file, metadata);
        notes.add("parent: " + String.join(" or ", locator.paths()));
        Chain.Found found = chain.file(LAYER, "parent", locator.paths());
        held.hold(found.file());
        if (!claims(found.name(), found.file())) {
            throw new LayerException(
                    LAYER,
                    OptionalLong.empty(),
                    "the parent %s is not a VHDX".formatted(found.name()),
                    "put the disk this one was made of beside it");
        }
        Image parent = (Image) open(found.name(), found.file(), chain.below(LAYER, found.name()));
        held.hold(parent);
        if (!locator.ids().contains(parent.identity())) {
            throw new LayerException(
                    LAYER,
                    OptionalLong.empty(),
                    "the parent %s has data id %s, this disk was made on %s"
                            .formatted(found.name(), parent.identity(), String.join(" or ", locator.ids())),
                    "find the parent as it was then; the present one was written since");
        }
        return parent;
    }
}
