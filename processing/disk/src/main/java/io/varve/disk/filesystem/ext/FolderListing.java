package io.varve.disk.filesystem.ext;

import io.varve.binary.CorruptException;
import io.varve.disk.Entry.Type;
import io.varve.disk.Names;
import io.varve.disk.Problems;
import io.varve.disk.filesystem.Node;
import io.varve.disk.filesystem.ext.ExtNode.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/// One listing of a folder: names in use as they are found, deleted names after them.
///
/// A deleted name that is also in use for the same inode, or that is found several times, is one name: the folder is
/// read
/// a second time for that when it has deleted names.
final class FolderListing {
    /// Deleted names held in memory before they are given out.
    private static final int DELETED_TOGETHER = 1 << 18;
    /// Times that deleted names of one folder are given out; what is found after that is left out.
    private static final int MOST_DELETED_ROUNDS = 16;
    private static final int INODES = 1 << 16;
    /// Folders below folders.
    private static final int DEEPEST = 10_000;

    private final ExtFileSystem fileSystem;
    private final ExtNode folder;
    private final Consumer<Node> names;
    private final Problems problems;
    private final boolean encrypted;
    private final Map<Deleted, Integer> deleted = new LinkedHashMap<>();
    /// Which inodes deleted names lead to, by their low bits.
    private final BitSet inodes = new BitSet();
    private byte[] raw = new byte[0];
    private int rounds;

    private record Deleted(long inode, String name) {}

    FolderListing(ExtFileSystem fileSystem, ExtNode folder, Consumer<Node> names, Problems problems) {
        this.fileSystem = fileSystem;
        this.folder = folder;
        this.names = names;
        this.problems = problems;
        this.encrypted = folder.metadata.has(Inode.ENCRYPTED);
    }

    void list() throws IOException {
        if (folder.state == State.REUSED || folder.state == State.UNREADABLE) {
            return;
        }
        int depth = 0;
        for (ExtNode above = folder.parent; above != null; above = above.parent) {
            if (above.inode() == folder.inode() || ++depth > DEEPEST) {
                problems.lost(
                        OptionalLong.of(fileSystem.inodes().position(folder.inode())),
                        "%s folder, inode %d, lies in itself or more than %d deep"
                                .formatted(fileSystem.type(), folder.inode(), DEEPEST));
                return;
            }
        }
        raw = fileSystem.inodes().raw(folder.inode());
        fileSystem.listed().add(folder.inode());
        read(this::found, problems);
        giveDeleted();
    }

    private void read(DirectoryBlock.Names found, Problems told) throws IOException {
        var reader = new DirectoryBlock(fileSystem.superBlock(), folder.metadata, folder.state == State.FREE, found);
        new FolderBlocks(fileSystem, folder.inode(), folder.metadata, told).read(raw, reader);
    }

    private void found(byte[] bytes, int start, int length, long inode, int type, boolean live) {
        if (live) {
            fileSystem.named().add(inode);
            String name = text(bytes, start, length);
            names.accept(node(name, inode, type));
            return;
        }
        fileSystem.namedDeleted().add(inode);
        if (rounds >= MOST_DELETED_ROUNDS) {
            return;
        }
        int shown = encrypted ? length : untilZero(bytes, start, length);
        if (shown > 0) {
            inodes.set((int) inode & INODES - 1);
            deleted.putIfAbsent(new Deleted(inode, text(bytes, start, shown)), type);
        }
        if (deleted.size() >= DELETED_TOGETHER) {
            try {
                giveDeleted();
            } catch (IOException e) {
                lost(folder.inode(), e);
                deleted.clear();
            }
        }
    }

    private void giveDeleted() throws IOException {
        if (deleted.isEmpty()) {
            return;
        }
        read(
                (bytes, start, length, inode, type, live) -> {
                    if (live && inodes.get((int) inode & INODES - 1)) {
                        deleted.remove(new Deleted(inode, text(bytes, start, length)));
                    }
                },
                Quiet.PROBLEMS);
        if (++rounds == MOST_DELETED_ROUNDS) {
            problems.lost(
                    OptionalLong.empty(),
                    "%s folder, inode %d: more than %d deleted names, the rest is left out"
                            .formatted(fileSystem.type(), folder.inode(), MOST_DELETED_ROUNDS * DELETED_TOGETHER));
        }
        deleted.forEach((name, type) -> names.accept(deletedNode(name.name, name.inode, type)));
        deleted.clear();
    }

    private ExtNode node(String name, long inode, int type) {
        try {
            Inode metadata = fileSystem.inodes().inode(inode);
            if (metadata.size() < 0) {
                problems.lost(
                        OptionalLong.of(fileSystem.inodes().position(inode)),
                        "%s inode %d: its size is %d".formatted(fileSystem.type(), inode, metadata.size()));
            }
            Type kind = metadata.type();
            return new ExtNode(
                    fileSystem,
                    folder,
                    name,
                    inode,
                    metadata,
                    State.IN_USE,
                    kind == Type.UNKNOWN ? type(type) : kind,
                    true);
        } catch (CorruptException | IOException e) {
            lost(inode, e);
            return new ExtNode(fileSystem, folder, name, inode, Inode.UNKNOWN, State.UNREADABLE, type(type), true);
        }
    }

    private ExtNode deletedNode(String name, long inode, int type) {
        State state = State.UNREADABLE;
        Inode metadata = Inode.UNKNOWN;
        try {
            if (inode > 0) {
                Inode found = fileSystem.inodes().inode(inode);
                state = state(inode, found);
                metadata = state == State.REUSED ? metadata : found;
            }
        } catch (CorruptException | IOException e) {
            lost(inode, e);
        }
        Type kind = metadata.type() == Type.UNKNOWN ? type(type) : metadata.type();
        return new ExtNode(fileSystem, folder, name, inode, metadata, state, kind, false);
    }

    /// A file that was deleted while it was open stays in use, with no name, until it is closed.
    private State state(long inode, Inode metadata) throws IOException {
        if (!fileSystem.groups().inUse(inode)) {
            return State.FREE;
        }
        return metadata.links() == 0 ? State.IN_USE : State.REUSED;
    }

    private void lost(long inode, Exception e) {
        problems.lost(
                OptionalLong.empty(),
                "%s inode %d cannot be read: %s".formatted(fileSystem.type(), inode, e.getMessage()));
    }

    /// The type that an entry of a folder states.
    private static Type type(int stated) {
        return switch (stated) {
            case 1 -> Type.FILE;
            case 2 -> Type.DIRECTORY;
            case 3 -> Type.CHARACTER;
            case 4 -> Type.BLOCK;
            case 5 -> Type.FIFO;
            case 6 -> Type.SOCKET;
            case 7 -> Type.LINK;
            default -> Type.UNKNOWN;
        };
    }

    private static int untilZero(byte[] bytes, int start, int length) {
        for (int i = 0; i < length; i++) {
            if (bytes[start + i] == 0) {
                return i;
            }
        }
        return length;
    }

    /// Most names are plain ASCII and need no escaping.
    private static String text(byte[] bytes, int start, int length) {
        for (int i = start; i < start + length; i++) {
            byte one = bytes[i];
            if (one < ' ' || one == '%' || one == '/') {
                return Names.segment(Names.text(Arrays.copyOfRange(bytes, start, start + length)));
            }
        }
        return new String(bytes, start, length, StandardCharsets.ISO_8859_1);
    }

    /// For the second reading: what is damaged was told in the first.
    private enum Quiet implements Problems {
        PROBLEMS;

        @Override
        public void lost(OptionalLong offset, String reason) {}

        @Override
        public void noted(String reason) {}
    }
}
