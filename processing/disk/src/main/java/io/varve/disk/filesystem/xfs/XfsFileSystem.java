package io.varve.disk.filesystem.xfs;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.Entry.Type;
import io.varve.disk.LayerException;
import io.varve.disk.Names;
import io.varve.disk.Problems;
import io.varve.disk.filesystem.FileSystem;
import io.varve.disk.filesystem.Node;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// One XFS. A folder's names are given in the order of their inodes, a batch at a time, so that inodes are read in the
/// order they lie in.
final class XfsFileSystem implements FileSystem {
    private static final int BATCH = 8192;

    private final Metadata metadata;
    private final List<String> notes;
    private final AtomicBoolean told = new AtomicBoolean();
    private final Walked walked = new Walked();

    /// Parents under which folders were first met that do not say whose they are.
    private final Map<Long, Long> strays = new ConcurrentHashMap<>();

    /// @param notes what is to be known of the volume as a whole
    XfsFileSystem(Metadata metadata, List<String> notes) {
        this.metadata = metadata;
        this.notes = notes;
    }

    @Override
    public String type() {
        return "xfs";
    }

    @Override
    public Optional<String> label() {
        return Optional.of(metadata.superblock().label()).filter(label -> !label.isEmpty());
    }

    @Override
    public Node root() throws IOException {
        long number = metadata.superblock().root();
        Inode inode = Inode.of(metadata.inode(number), number);
        if (inode.type() != Type.DIRECTORY) {
            throw new CorruptException("XFS root inode %d is no folder".formatted(number));
        }
        return new XfsNode(this, "", number, number, Type.DIRECTORY, true, inode, inode.size());
    }

    @Override
    public void list(Node folder, Consumer<Node> names, Problems problems) throws IOException {
        if (folder.inode() == metadata.superblock().root() && !told.getAndSet(true)) {
            notes.forEach(problems::noted);
        }
        Optional<Inode> inode = ((XfsNode) folder).core();
        if (inode.isEmpty() || inode.get().type() != Type.DIRECTORY) {
            return; // a removed folder's blocks are gone before its inode is
        }
        var batch = new Batch(folder.inode(), names, problems);
        try {
            new Directory(metadata, folder.inode(), batch, problems).read(inode.get(), metadata.inode(folder.inode()));
            walked.settled(folder.inode());
        } catch (CorruptException e) {
            problems.lost(place(folder.inode()), String.valueOf(e.getMessage()));
        }
        batch.flush();
    }

    @Override
    public void orphans(Consumer<Node> names, Problems problems) throws IOException {
        new Orphans(this, metadata, walked, problems).find(names);
    }

    /// A folder is listed below one parent only, so that no walk goes round: the one it says itself, or when that
    /// cannot be read, the first that names it.
    private boolean belongs(XfsNode folder, OptionalLong stated) {
        long parent = folder.parent();
        if (parent == XfsNode.NO_PARENT || stated.isPresent() && stated.getAsLong() == parent) {
            return true;
        }
        Long first = stated.isPresent() ? stated.getAsLong() : strays.putIfAbsent(folder.inode(), parent);
        return first == null || first == parent;
    }

    private OptionalLong place(long inode) {
        Superblock superblock = metadata.superblock();
        return superblock.holds(inode) ? OptionalLong.of(superblock.inodePosition(inode)) : OptionalLong.empty();
    }

    /// @param type as the folder keeps it
    private record Found(String name, long inode, int type, boolean live) {}

    private final class Batch implements Directory.Names {
        private final long folder;
        private final Consumer<Node> names;
        private final Problems problems;
        private final List<Found> found = new ArrayList<>();
        private final Set<Long> folders = new HashSet<>();

        Batch(long folder, Consumer<Node> names, Problems problems) {
            this.folder = folder;
            this.names = names;
            this.problems = problems;
        }

        @Override
        public void found(Block block, int nameAt, int nameLength, long inode, int type, boolean live) {
            found.add(new Found(name(block, nameAt, nameLength), inode, type, live));
            if (metadata.superblock().holds(inode)) {
                walked.named(inode);
            }
            if (found.size() == BATCH) {
                flush();
            }
        }

        void flush() {
            found.sort(Comparator.comparingLong(Found::inode));
            for (Found one : found) {
                names.accept(one.live ? named(one, problems) : removed(one));
            }
            found.clear();
        }

        private Node named(Found one, Problems problems) {
            try {
                if (one.inode == folder) {
                    throw new CorruptException("XFS folder %d holds itself".formatted(folder));
                }
                Block block = metadata.inode(one.inode);
                Inode inode = Inode.of(block, one.inode);
                if (inode.free()) {
                    throw block.corrupt("inode %d is free".formatted(one.inode));
                }
                if (!Inode.intact(block)) {
                    problems.noted("XFS inode %d: its checksum is wrong".formatted(one.inode));
                }
                if (inode.type() == Type.DIRECTORY && !folders.add(one.inode)) {
                    throw new CorruptException("XFS folder %d has two names".formatted(one.inode));
                }
                if (inode.type() != Type.DIRECTORY) {
                    walked.settled(one.inode);
                }
                return new XfsNode(
                        XfsFileSystem.this, one.name, one.inode, folder, inode.type(), true, inode, inode.size());
            } catch (CorruptException | IOException e) {
                problems.lost(place(one.inode), "%s: %s".formatted(one.name, e.getMessage()));
                return new XfsNode(XfsFileSystem.this, one.name, one.inode, folder, type(one.type), true, null, 0);
            }
        }

        /// Only a free inode is still that of the name: what lies in one that was given away again is not shown.
        private Node removed(Found one) {
            try {
                Block block = metadata.inode(one.inode);
                Inode inode = Inode.of(block, one.inode);
                if (inode.free()) {
                    return freed(one.name, inode, block, type(one.type));
                }
            } catch (CorruptException | IOException e) {
                // the name is all there is
            }
            return new XfsNode(XfsFileSystem.this, one.name, one.inode, folder, type(one.type), false, null, 0);
        }
    }

    /// A freed inode, with the content it had if the place of that is still known.
    XfsNode freed(String name, Inode inode, Block block, Type type) {
        boolean file = type == Type.FILE || type == Type.UNKNOWN;
        Superblock superblock = metadata.superblock();
        long size = file ? Remains.size(superblock, Remains.of(superblock, inode, block)) : 0;
        return new XfsNode(
                this, name, inode.number(), XfsNode.NO_PARENT, size > 0 ? Type.FILE : type, false, inode, size);
    }

    /// An inode in use that no folder names.
    XfsNode unnamed(String name, Inode inode) {
        return new XfsNode(
                this, name, inode.number(), XfsNode.NO_PARENT, inode.type(), inode.links() > 0, inode, inode.size());
    }

    Bytes content(XfsNode node) throws IOException {
        Inode inode = node.core()
                .orElseThrow(() -> new CorruptException("XFS inode %d cannot be read".formatted(node.inode())));
        Block block = metadata.inode(inode.number());
        if (inode.free()) {
            ExtentList extents = Remains.of(metadata.superblock(), inode, block);
            return new FileContent(metadata, inode.number(), extents, node.size());
        }
        return switch (inode.type()) {
            case FILE, DIRECTORY -> forkContent(inode, block);
            case LINK -> Bytes.of(LinkTarget.read(metadata, inode, block));
            case FIFO, SOCKET, BLOCK, CHARACTER, UNKNOWN -> Bytes.of(new byte[0]);
        };
    }

    private Bytes forkContent(Inode inode, Block block) throws IOException {
        Block fork = inode.dataFork(block);
        if (inode.format() == Inode.LOCAL) {
            if (inode.size() < 0 || inode.size() > fork.length()) {
                throw block.corrupt("inode %d holds no %d bytes".formatted(inode.number(), inode.size()));
            }
            return Bytes.of(fork.copy(0, (int) inode.size()));
        }
        if (inode.realTime() && inode.size() > 0) {
            throw new LayerException(
                    "XFS",
                    OptionalLong.of(block.place()),
                    "the content of inode %d lies on the real-time device".formatted(inode.number()),
                    "capture that device too and read the files on it there");
        }
        ExtentList extents = ExtentTree.read(metadata, fork, inode.format(), inode.extents());
        return new FileContent(metadata, inode.number(), extents, inode.size());
    }

    Optional<String> target(XfsNode node) throws IOException {
        Optional<Inode> inode = node.core();
        if (inode.isEmpty() || inode.get().type() != Type.LINK) {
            return Optional.empty();
        }
        return Optional.of(Names.text(LinkTarget.read(metadata, inode.get(), metadata.inode(node.inode()))));
    }

    Map<String, byte[]> attributes(XfsNode node) throws IOException {
        Optional<Inode> inode = node.core();
        if (inode.isEmpty() || inode.get().free() || inode.get().attributesAt() == 0) {
            return Map.of();
        }
        return Attributes.read(metadata, inode.get(), metadata.inode(node.inode()));
    }

    private static String name(Block block, int at, int length) {
        for (int i = 0; i < length; i++) {
            int letter = block.u8(at + i);
            if (letter < 0x20 || letter >= 0x7f || letter == '%' || letter == '/' || letter == '.' && i < 2) {
                return Names.segment(Names.text(block.copy(at, length)));
            }
        }
        return new String(block.bytes(), block.start() + at, length, StandardCharsets.ISO_8859_1);
    }

    private static Type type(int stored) {
        return switch (stored) {
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
}
