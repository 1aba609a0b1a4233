package io.varve.disk.container;

import com.google.auto.service.AutoService;
import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import io.varve.disk.LayerException;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;

/// VDI: disks of VirtualBox.
///
/// Dynamic, static and differencing (snapshots). A differencing image knows its parent by UUID only, its file's name is
/// in the machine's settings; VirtualBox names snapshots `{UUID}.vdi`, and under this name the parent is looked for.
///
/// Source: no specification is published; VirtualBox's open source (`src/VBox/Storage/VDICore.h`),
/// <https://www.virtualbox.org/svn/vbox/trunk/src/VBox/Storage/>.
@AutoService(ContainerFormat.class)
public final class Vdi implements ContainerFormat {
    private static final String LAYER = "VDI";

    private static final int SIGNATURE = 0xbeda107f;
    private static final int SIGNATURE_AT = 64;
    private static final int SIZE = 472;
    private static final int VERSION = 1;

    private static final int DYNAMIC = 1;
    private static final int STATIC = 2;
    private static final int DIFFERENCING = 4;

    private static final long LARGEST_BLOCK = 256L << 20;
    private static final long NOT_STORED = 0xffff_ffffL;
    private static final long ZERO = 0xffff_fffeL;

    @Override
    public String name() {
        return LAYER;
    }

    @Override
    public boolean claims(String fileName, Bytes file) throws IOException {
        return file.size() >= Disks.SECTOR
                && Cursor.littleEndian(file.at(SIGNATURE_AT, 4, "VDI signature"))
                                .i32("VDI signature")
                        == SIGNATURE;
    }

    /// @param map offset of the block map
    private record Header(
            int type, long map, long data, long size, long blockSize, long extra, long blocks, UUID id, UUID parent) {}

    @Override
    public Container open(String fileName, Bytes file, Neighbours neighbours) throws IOException {
        Header header = header(file);
        Layout layout = new BlockMap(file, header, Pages.littleEndian(file));
        String id = header.id.toString();
        if (header.type != DIFFERENCING) {
            MappedBytes disk = new MappedBytes(header.size, layout, MappedBytes.NOTHING);
            String kind = header.type == DYNAMIC ? "VDI dynamic" : "VDI static";
            return new Image(kind, id, disk, List.of(), List.of(), List.of(file));
        }
        try (HeldFiles held = new HeldFiles()) {
            Image below = parent(header, Chain.of(fileName, neighbours), held);
            List<String> notes = List.of("parent: " + header.parent);
            return new Image(
                    "VDI differencing",
                    id,
                    new MappedBytes(header.size, layout, below),
                    notes,
                    List.of(),
                    held.take(file));
        }
    }

    private Image parent(Header header, Chain chain, HeldFiles held) throws IOException {
        Chain.Found found = chain.file(LAYER, "parent", List.of("{%s}.vdi".formatted(header.parent)));
        held.hold(found.file());
        if (claims(found.name(), found.file())) {
            Image parent = (Image) open(found.name(), found.file(), chain.below(LAYER, found.name()));
            held.hold(parent);
            if (parent.identity().equals(header.parent.toString())) {
                return parent;
            }
        }
        throw new LayerException(
                LAYER,
                OptionalLong.empty(),
                "%s is not the disk with the UUID %s".formatted(found.name(), header.parent),
                "find that disk; the settings of the machine (.vbox) name it");
    }

    private static Header header(Bytes file) throws IOException {
        Cursor in = Cursor.littleEndian(file.at(0, SIZE, "VDI header"));
        in.skip(SIGNATURE_AT + 4, "VDI signature");
        long version = in.u32("VDI version");
        int type = in.at(76).i32("VDI type");
        if (version >>> 16 != VERSION || type != DYNAMIC && type != STATIC && type != DIFFERENCING) {
            throw new LayerException(
                    LAYER,
                    OptionalLong.of(68),
                    "version %d.%d, type %d is not read".formatted(version >>> 16, version & 0xffff, type),
                    "convert the image with VBoxManage clonemedium");
        }
        Cursor places = in.at(340);
        long map = places.u32("VDI block map offset");
        long data = places.u32("VDI data offset");
        Cursor sizes = in.at(368);
        long size = Disks.size(sizes.i64("VDI disk size"), "VDI disk size at offset 368");
        long blockSize = sizes.u32("VDI block size");
        long extra = sizes.u32("VDI block extra size");
        long blocks = sizes.u32("VDI number of blocks");
        if (blockSize < Disks.SECTOR || blockSize > LARGEST_BLOCK || Long.bitCount(blockSize) != 1) {
            throw new CorruptException("VDI block size at offset 376 is " + blockSize);
        }
        long needed = (size + blockSize - 1) / blockSize;
        if (blocks < needed) {
            throw new CorruptException(
                    "VDI has %d blocks, a disk of %d bytes needs %d".formatted(blocks, size, needed));
        }
        file.check(map, needed * Integer.BYTES, "VDI block map");
        UUID id = Guids.read(in.at(392), "VDI UUID");
        UUID parent = Guids.read(in.at(440), "VDI UUID of the parent");
        return new Header(type, map, data, size, blockSize, extra, blocks, id, parent);
    }

    private record BlockMap(Bytes file, Header header, Pages tables) implements Layout {
        @Override
        public Run at(long offset) throws IOException {
            long within = offset % header.blockSize;
            long left = header.blockSize - within;
            long entry = header.map + offset / header.blockSize * Integer.BYTES;
            long block = tables.u32(entry, "VDI block map entry");
            if (block == NOT_STORED) {
                return new Run.Below(left);
            }
            if (block == ZERO) {
                return new Run.Zeros(left);
            }
            if (block >= header.blocks) {
                throw new CorruptException("VDI block map entry at offset %d is %d, there are %d blocks"
                        .formatted(entry, block, header.blocks));
            }
            long at = header.data + block * (header.blockSize + header.extra) + header.extra;
            return new Run.Stored(file, at + within, left);
        }
    }
}
