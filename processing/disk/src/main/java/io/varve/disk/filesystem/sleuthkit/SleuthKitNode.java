package io.varve.disk.filesystem.sleuthkit;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.Entry.Times;
import io.varve.disk.Entry.Type;
import io.varve.disk.Names;
import io.varve.disk.filesystem.Node;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// A name and its metadata as libtsk gives them.
record SleuthKitNode(
        SleuthKitFileSystem fs,
        String name,
        long inode,
        boolean allocated,
        Type type,
        long size,
        OptionalInt mode,
        OptionalLong uid,
        OptionalLong gid,
        Times times,
        int links,
        Optional<String> link,
        List<Node.Stream> streams)
        implements Node {
    static final int RESOURCE_FORK = 4353;
    private static final int LONGEST = 64 << 10;
    private static final int UNALLOCATED = 2;
    private static final int VIRTUAL = 10;
    private static final int MODE = 07777;

    /// One entry of a listing; empty for `.`, `..` and what libtsk invents.
    static Optional<Node> read(DataInputStream in, SleuthKitFileSystem fs) throws IOException {
        byte[] raw = in.readNBytes(Math.min(in.readInt(), LONGEST));
        String name = Names.segment(Names.text(shown(raw)));
        long address = in.readLong();
        int nameType = in.readInt();
        boolean gone = (in.readInt() & UNALLOCATED) != 0;
        boolean isReal = !name.equals(".") && !name.equals("%2E%2E") && nameType < VIRTUAL && !name.isEmpty();
        if (!in.readBoolean()) {
            return isReal
                    ? Optional.of(new SleuthKitNode(
                            fs,
                            name,
                            address,
                            false,
                            named(nameType),
                            0,
                            OptionalInt.empty(),
                            OptionalLong.empty(),
                            OptionalLong.empty(),
                            Times.NONE,
                            1,
                            Optional.empty(),
                            List.of()))
                    : Optional.empty();
        }
        int metaType = in.readInt();
        boolean unused = (in.readInt() & UNALLOCATED) != 0;
        int mode = in.readInt();
        int links = in.readInt();
        long size = in.readLong();
        long uid = in.readInt() & 0xffff_ffffL;
        long gid = in.readInt() & 0xffff_ffffL;
        Times times = new Times(
                fs.time(0, in.readLong(), in.readInt()),
                fs.time(1, in.readLong(), in.readInt()),
                fs.time(2, in.readLong(), in.readInt()),
                fs.time(3, in.readLong(), in.readInt()));
        byte[] link = in.readNBytes(Math.min(in.readInt(), LONGEST));
        var streams = new ArrayList<Node.Stream>();
        for (int count = in.readInt(); count > 0; count--) {
            streams.add(new Fork(fs, address, in.readInt(), in.readInt(), in.readLong()));
        }
        if (!isReal) {
            return Optional.empty();
        }
        return Optional.of(new SleuthKitNode(
                fs,
                name,
                address,
                !gone && !unused,
                metaType == 0 ? named(nameType) : described(metaType),
                Math.max(size, 0),
                OptionalInt.of(mode & MODE),
                OptionalLong.of(uid),
                OptionalLong.of(gid),
                fs.corrected(address, times),
                links,
                link.length == 0 ? Optional.empty() : Optional.of(Names.text(link)),
                List.copyOf(streams)));
    }

    /// Control characters as The Sleuth Kit's own tools show them, so that a path found there is found here.
    private static byte[] shown(byte[] name) {
        for (int i = 0; i < name.length; i++) {
            if (name[i] >= 0 && name[i] < ' ') {
                name[i] = '^';
            }
        }
        return name;
    }

    private static Type named(int type) {
        return switch (type) {
            case 1 -> Type.FIFO;
            case 2 -> Type.CHARACTER;
            case 3 -> Type.DIRECTORY;
            case 4 -> Type.BLOCK;
            case 5 -> Type.FILE;
            case 6 -> Type.LINK;
            case 7 -> Type.SOCKET;
            default -> Type.UNKNOWN;
        };
    }

    private static Type described(int type) {
        return switch (type) {
            case 1 -> Type.FILE;
            case 2 -> Type.DIRECTORY;
            case 3 -> Type.FIFO;
            case 4 -> Type.CHARACTER;
            case 5 -> Type.BLOCK;
            case 6 -> Type.LINK;
            case 8 -> Type.SOCKET;
            default -> Type.UNKNOWN;
        };
    }

    @Override
    public Optional<String> target() {
        return link;
    }

    @Override
    public Bytes open() {
        return new Content(fs, inode, 0, 0, size);
    }

    /// The resource fork of a file in HFS+.
    private record Fork(SleuthKitFileSystem fs, long address, int type, int id, long size) implements Node.Stream {
        @Override
        public String name() {
            return "rsrc";
        }

        @Override
        public Bytes open() {
            return new Content(fs, address, type, id, size);
        }
    }

    private record Content(SleuthKitFileSystem fs, long address, int attribute, int id, long size) implements Bytes {
        @Override
        public void read(long offset, byte[] target, int start, int length) throws IOException {
            check(offset, length, "read");
            for (int done = 0; done < length; ) {
                byte[] piece = fs.content(address, attribute, id, offset + done, length - done);
                if (piece.length == 0 || piece.length > length - done) {
                    throw new CorruptException(
                            "content of inode %d ends at %d of %d bytes".formatted(address, offset + done, size));
                }
                System.arraycopy(piece, 0, target, start + done, piece.length);
                done += piece.length;
            }
        }
    }
}
