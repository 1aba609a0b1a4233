package io.varve.disk.container.vmdk;

import com.google.auto.service.AutoService;
import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.LayerException;
import io.varve.disk.container.Chain;
import io.varve.disk.container.Container;
import io.varve.disk.container.ContainerFormat;
import io.varve.disk.container.Disks;
import io.varve.disk.container.HeldFiles;
import io.varve.disk.container.Image;
import io.varve.disk.container.Layout;
import io.varve.disk.container.MappedBytes;
import io.varve.disk.container.Neighbours;
import io.varve.disk.container.Run;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// VMDK: disks of VMware, and of many who export to it.
///
/// A disk is a descriptor (a text file, or text inside a sparse extent) and one or more extents: flat, sparse (hosted
/// and
/// stream-optimised), ESX's COWD and seSparse, or zero. Snapshots are deltas on a parent, which must still have the
/// content id the delta was made on. A sparse extent with no descriptor is read as the disk it holds, with a note.
/// A stream-optimised extent that was cut, so that its directory is lost, is read by its grain markers. Raw device
/// mappings are refused: their content is on another disk.
///
/// Source: "VMware Virtual Disk Format 1.1" (technical note, VMware 2007); for COWD and the extent types
/// "VMware Virtual Disk (VMDK) format specification",
/// <https://github.com/libyal/libvmdk/blob/main/documentation/>; seSparse is not published, QEMU's reader of it is.
@AutoService(ContainerFormat.class)
public final class Vmdk implements ContainerFormat {
    static final String LAYER = "VMDK";

    @Override
    public String name() {
        return LAYER;
    }

    @Override
    public boolean claims(String fileName, Bytes file) throws IOException {
        if (file.size() < Disks.SECTOR) {
            return Descriptor.isOne(file);
        }
        return SparseExtent.isOne(file)
                || CowdExtent.isOne(file)
                || SeSparseExtent.isOne(file)
                || Descriptor.isOne(file);
    }

    @Override
    public Container open(String fileName, Bytes file, Neighbours neighbours) throws IOException {
        Chain chain = Chain.of(fileName, neighbours);
        if (Descriptor.isOne(file)) {
            Descriptor descriptor = Descriptor.of(file, 0, file.size());
            try (HeldFiles held = new HeldFiles()) {
                Extents extents = extents(descriptor, chain, held);
                Bytes below = parent(descriptor, chain, held);
                return image(descriptor, extents.size(), extents, below, new ArrayList<>(), held.take(file));
            }
        }
        Extent extent = extent(file);
        List<String> notes = new ArrayList<>(extent.notes());
        if (extent.descriptor().isEmpty()) {
            notes.add("an extent without a descriptor; it may be one part of a larger disk");
            MappedBytes disk = new MappedBytes(extent.size(), extent.layout(), MappedBytes.NOTHING);
            return new Image("VMDK extent", "", disk, List.copyOf(notes), List.of(), List.of(file));
        }
        Descriptor descriptor = extent.descriptor().get();
        try (HeldFiles held = new HeldFiles()) {
            Bytes below = parent(descriptor, chain, held);
            return image(descriptor, extent.size(), extent.layout(), below, notes, held.take(file));
        }
    }

    private static Image image(
            Descriptor descriptor, long size, Layout layout, Bytes below, List<String> notes, List<Bytes> files) {
        descriptor.parentHint().ifPresent(hint -> notes.add("parent: " + hint));
        return new Image(
                "VMDK " + descriptor.type(),
                descriptor.cid(),
                new MappedBytes(size, layout, below),
                List.copyOf(notes),
                List.of(),
                files);
    }

    /// An extent that says itself how large it is.
    private static Extent extent(Bytes file) throws IOException {
        if (SparseExtent.isOne(file)) {
            return SparseExtent.of(file);
        }
        if (CowdExtent.isOne(file)) {
            return CowdExtent.of(file);
        }
        if (SeSparseExtent.isOne(file)) {
            return SeSparseExtent.of(file);
        }
        throw new CorruptException("VMDK extent has no signature at offset 0");
    }

    private static Extents extents(Descriptor descriptor, Chain chain, HeldFiles held) throws IOException {
        List<Extents.Part> parts = new ArrayList<>();
        long start = 0;
        for (Descriptor.Line line : descriptor.extents()) {
            Layout layout = switch (line.kind()) {
                case "FLAT", "VMFS", "VMFSTHIN" -> flat(held.hold(file(line, chain)), line);
                case "SPARSE", "VMFSSPARSE", "SESPARSE" -> bounded(extent(held.hold(file(line, chain))));
                case "ZERO" -> _ -> new Run.Zeros(Disks.LARGEST);
                default ->
                    throw new LayerException(
                            LAYER,
                            OptionalLong.empty(),
                            "the extent %s is of kind %s".formatted(line.file(), line.kind()),
                            "acquire the device or disk it stands for");
            };
            parts.add(new Extents.Part(start, line.size(), layout));
            start = Disks.size(start + line.size(), "VMDK extents");
        }
        return new Extents(List.copyOf(parts));
    }

    private static Bytes file(Descriptor.Line line, Chain chain) throws IOException {
        return chain.file(LAYER, "extent", List.of(line.file())).file();
    }

    private static Layout flat(Bytes file, Descriptor.Line line) {
        return offset -> new Run.Stored(file, line.start() + offset, line.size() - offset);
    }

    private static Layout bounded(Extent extent) {
        return offset -> offset < extent.size ? extent.layout.at(offset) : new Run.Below(Disks.LARGEST);
    }

    private Bytes parent(Descriptor descriptor, Chain chain, HeldFiles held) throws IOException {
        if (descriptor.parentCid().equals(Descriptor.NO_PARENT)) {
            return MappedBytes.NOTHING;
        }
        List<String> hint = descriptor.parentHint().stream().toList();
        Chain.Found found = chain.file(LAYER, "parent", hint);
        Bytes file = held.hold(found.file());
        if (!claims(found.name(), file)) {
            throw new LayerException(
                    LAYER,
                    OptionalLong.of(0),
                    "the parent %s is not a VMDK".formatted(found.name()),
                    "put the disk this snapshot was taken of beside it");
        }
        Image parent = (Image) open(found.name(), file, chain.below(LAYER, found.name()));
        held.hold(parent);
        if (!parent.identity().equals(descriptor.parentCid())) {
            throw new LayerException(
                    LAYER,
                    OptionalLong.empty(),
                    "the parent %s has content id %s, this snapshot was taken of %s"
                            .formatted(found.name(), parent.identity(), descriptor.parentCid()),
                    "find the parent as it was then; the present one was changed since");
        }
        return parent;
    }

    /// What kinds of sparse extent have in common.
    ///
    /// @param size bytes of disk it speaks of
    record Extent(long size, Layout layout, Optional<Descriptor> descriptor, List<String> notes) {}

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
