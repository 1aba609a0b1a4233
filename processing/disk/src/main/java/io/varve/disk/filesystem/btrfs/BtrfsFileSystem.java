package io.varve.disk.filesystem.btrfs;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.Entry.Type;
import io.varve.disk.Problems;
import io.varve.disk.filesystem.FileSystem;
import io.varve.disk.filesystem.Node;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// One btrfs, from its topmost subvolume on. Subvolumes and snapshots are folders where they hang; those that hang
/// nowhere are orphans. A folder belongs to one parent only, so that no walk goes round.
final class BtrfsFileSystem implements FileSystem {
    /// Inode of the empty folder that stands for a subvolume in a snapshot of its parent.
    private static final long EMPTY_FOLDER = 2;

    private static final long ORPHANS = -5;
    private static final long FIRST_SUBVOLUME = 256;
    private static final int LONGEST_TARGET = 1 << 16;
    private static final int MOST_ATTRIBUTES = 16 << 20;
    private static final int NAME = 30;

    private final Volume volume;
    private final List<String> notes;
    private final List<String> losses;
    private final AtomicBoolean told = new AtomicBoolean();

    /// @param notes what is to be known of the whole
    /// @param losses what was lost when it was opened
    BtrfsFileSystem(Volume volume, List<String> notes, List<String> losses) {
        this.volume = volume;
        this.notes = notes;
        this.losses = losses;
    }

    @Override
    public String type() {
        return "btrfs";
    }

    @Override
    public Optional<String> label() {
        return Optional.of(volume.superblock().label()).filter(label -> !label.isEmpty());
    }

    @Override
    public Node root() throws IOException {
        return top("", volume.subvolume(Volume.TOP));
    }

    private BtrfsNode top(String name, Volume.Subvolume subvolume) throws IOException {
        Inode inode = inode(subvolume, subvolume.folder());
        return new BtrfsNode(
                this,
                subvolume,
                name,
                subvolume.folder(),
                0,
                Type.DIRECTORY,
                subvolume.live() || name.isEmpty(),
                inode);
    }

    private static Inode inode(Volume.Subvolume subvolume, long number) throws IOException {
        return subvolume
                .tree()
                .find(new Key(number, Key.INODE, 0))
                .map(Inode::of)
                .orElseThrow(() ->
                        new CorruptException("btrfs subvolume %d has no inode %d".formatted(subvolume.id(), number)));
    }

    @Override
    public void list(Node folder, Consumer<Node> names, Problems problems) throws IOException {
        BtrfsNode node = (BtrfsNode) folder;
        if (node.subvolume().id() == Volume.TOP && node.parent() == 0 && !told.getAndSet(true)) {
            notes.forEach(problems::noted);
            losses.forEach(loss -> problems.lost(OptionalLong.empty(), loss));
        }
        if (node.type() != Type.DIRECTORY || node.core().isEmpty()) {
            return;
        }
        if (!belongs(node)) {
            problems.lost(
                    OptionalLong.empty(),
                    "btrfs folder %d of subvolume %d does not belong to folder %d"
                            .formatted(node.inode(), node.subvolume().id(), node.parent()));
            return;
        }
        Set<Long> folders = new HashSet<>();
        node.subvolume()
                .tree()
                .each(
                        new Key(node.inode(), Key.NAME, 0),
                        new Key(node.inode(), Key.NAME, -1),
                        (key, item) -> {
                            Node found = named(node, item, problems);
                            boolean real = found.type() == Type.DIRECTORY && found.inode() != EMPTY_FOLDER;
                            if (!real || folders.add(id(found))) {
                                names.accept(found);
                            } else {
                                problems.lost(
                                        OptionalLong.empty(), "btrfs folder %d has two names".formatted(found.inode()));
                            }
                            return true;
                        },
                        problems);
    }

    /// Subvolumes have the same inode number all.
    private static long id(Node node) {
        BtrfsNode found = (BtrfsNode) node;
        return found.parent() == 0 ? -found.subvolume().id() : found.inode();
    }

    private static boolean belongs(BtrfsNode node) {
        boolean[] same = {node.parent() == 0};
        if (!same[0]) {
            node.subvolume()
                    .tree()
                    .each(
                            new Key(node.inode(), Key.INODE_NAME, 0),
                            new Key(node.inode(), Key.INODE_NAME, -1),
                            (key, item) -> {
                                same[0] = key.offset() == node.parent();
                                return false;
                            },
                            new Losses());
        }
        return same[0];
    }

    private Node named(BtrfsNode folder, Block item, Problems problems) {
        String name = Names.of(item, NAME, item.u16(27));
        Key where = item.key(0);
        Type type = type(item.u8(29));
        try {
            if (where.type() == Key.ROOT) {
                return subvolume(folder, name, where.object());
            }
            if (where.type() != Key.INODE) {
                throw item.corrupt("name leads to an item of type %d".formatted(where.type()));
            }
            if (where.object() == folder.inode()
                    || where.object() == folder.subvolume().folder()) {
                throw item.corrupt("folder %d leads back to %d".formatted(folder.inode(), where.object()));
            }
            Inode inode = inode(folder.subvolume(), where.object());
            return new BtrfsNode(
                    this, folder.subvolume(), name, where.object(), folder.inode(), inode.type(), true, inode);
        } catch (CorruptException | IOException e) {
            problems.lost(OptionalLong.empty(), "%s: %s".formatted(name, e.getMessage()));
            return new BtrfsNode(this, folder.subvolume(), name, where.object(), folder.inode(), type, true, null);
        }
    }

    /// A snapshot holds the names of subvolumes in what it was taken of, but not them.
    private Node subvolume(BtrfsNode folder, String name, long id) throws IOException {
        Volume.Subvolume parent = folder.subvolume();
        boolean here = id != Volume.TOP
                && volume.place(id)
                        .filter(place -> place.equals(new Volume.Place(parent.id(), folder.inode(), name)))
                        .isPresent();
        if (!here) {
            return new BtrfsNode(this, parent, name, EMPTY_FOLDER, folder.inode(), Type.DIRECTORY, true, null);
        }
        return top(name, volume.subvolume(id));
    }

    @Override
    public void orphans(Consumer<Node> names, Problems problems) throws IOException {
        volume.roots()
                .each(
                        new Key(Volume.TOP, Key.ROOT, 0),
                        new Key(-FIRST_SUBVOLUME, Key.ROOT, -1),
                        (key, item) -> {
                            boolean ours = key.object() == Volume.TOP
                                    || Long.compareUnsigned(key.object(), FIRST_SUBVOLUME) >= 0;
                            if (key.type() == Key.ROOT && ours) {
                                orphans(key.object(), names, problems);
                            }
                            return true;
                        },
                        problems);
    }

    private void orphans(long id, Consumer<Node> names, Problems problems) {
        try {
            Volume.Subvolume subvolume = volume.subvolume(id);
            if (id != Volume.TOP && volume.place(id).isEmpty()) {
                names.accept(top("OrphanSubvolume-" + id, subvolume));
            }
            subvolume
                    .tree()
                    .each(
                            new Key(ORPHANS, Key.ORPHAN, 0),
                            new Key(ORPHANS, Key.ORPHAN, -1),
                            (key, item) -> {
                                orphan(subvolume, key.offset(), names, problems);
                                return true;
                            },
                            problems);
        } catch (CorruptException | IOException e) {
            problems.lost(OptionalLong.empty(), "btrfs subvolume %d: %s".formatted(id, e.getMessage()));
        }
    }

    private void orphan(Volume.Subvolume subvolume, long number, Consumer<Node> names, Problems problems) {
        String name = "OrphanFile-" + (subvolume.id() == Volume.TOP ? "" : subvolume.id() + "-") + number;
        try {
            Optional<Inode> inode =
                    subvolume.tree().find(new Key(number, Key.INODE, 0)).map(Inode::of);
            inode.ifPresent(found -> names.accept(
                    new BtrfsNode(this, subvolume, name, number, 0, found.type(), found.links() > 0, found)));
        } catch (CorruptException | IOException e) {
            problems.lost(OptionalLong.empty(), "%s: %s".formatted(name, e.getMessage()));
        }
    }

    Bytes content(BtrfsNode node) {
        if (node.inode() == EMPTY_FOLDER) {
            return Bytes.of(new byte[0]);
        }
        Inode inode = node.core()
                .orElseThrow(() -> new CorruptException("btrfs inode %d cannot be read".formatted(node.inode())));
        return switch (inode.type()) {
            case FILE, LINK -> new FileContent(volume, node.subvolume().tree(), node.inode(), inode.size());
            case DIRECTORY, FIFO, SOCKET, BLOCK, CHARACTER, UNKNOWN -> Bytes.of(new byte[0]);
        };
    }

    Optional<String> target(BtrfsNode node) throws IOException {
        if (node.type() != Type.LINK || node.core().isEmpty()) {
            return Optional.empty();
        }
        try (Bytes content = content(node)) {
            if (content.size() > LONGEST_TARGET) {
                throw new CorruptException("btrfs link %d of %d bytes".formatted(node.inode(), content.size()));
            }
            byte[] target = new byte[(int) content.size()];
            content.read(0, target, 0, target.length);
            return Optional.of(io.varve.disk.Names.text(target));
        }
    }

    Map<String, byte[]> attributes(BtrfsNode node) {
        Map<String, byte[]> found = new LinkedHashMap<>();
        var lost = new Losses();
        int[] total = {0};
        node.subvolume()
                .tree()
                .each(
                        new Key(node.inode(), Key.XATTR, 0),
                        new Key(node.inode(), Key.XATTR, -1),
                        (key, item) -> {
                            for (int at = 0; at < item.length(); ) {
                                int nameLength = item.u16(at + 27);
                                int valueLength = item.u16(at + 25);
                                byte[] name = item.copy(at + NAME, nameLength);
                                byte[] value = item.copy(at + NAME + nameLength, valueLength);
                                found.put(io.varve.disk.Names.text(name), value);
                                at += NAME + nameLength + valueLength;
                                total[0] += valueLength;
                            }
                            return total[0] <= MOST_ATTRIBUTES;
                        },
                        lost);
        lost.check();
        return found;
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
