package io.varve.disk.filesystem.btrfs;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The trees of one file system.
///
/// @param roots the tree that says where the others are
record Volume(Superblock superblock, Chunks chunks, Nodes nodes, Tree roots) {
    private static final int DEEPEST = 8;
    private static final Key CHUNKS_FROM = new Key(256, Key.CHUNK, 0);
    private static final Key CHUNKS_TO = new Key(256, Key.CHUNK, -1);

    /// The subvolume that holds all others.
    static final long TOP = 5;

    /// @param losses told what of the tree of chunks is damaged
    static Volume of(Bytes bytes, Losses losses) throws IOException {
        Superblock superblock = Superblock.of(bytes);
        var chunks = new Chunks(bytes, superblock);
        var nodes = new Nodes(superblock, chunks);
        List<Chunk> found = new ArrayList<>();
        new Tree(nodes, superblock.chunkRoot(), superblock.chunkLevel())
                .each(
                        CHUNKS_FROM,
                        CHUNKS_TO,
                        (key, data) -> {
                            if (found.size() < Chunks.MOST) {
                                found.add(Chunk.of(key.offset(), data));
                            }
                            return true;
                        },
                        losses);
        found.forEach(chunks::add);
        return new Volume(superblock, chunks, nodes, new Tree(nodes, superblock.root(), superblock.rootLevel()));
    }

    /// The tree of a subvolume.
    ///
    /// @throws CorruptException when there is none of this number
    Subvolume subvolume(long id) throws IOException {
        Optional<Tree.Item> item = roots.floor(new Key(id, Key.ROOT, -1));
        if (item.isEmpty()
                || item.get().key().object() != id
                || item.get().key().type() != Key.ROOT) {
            throw new CorruptException("btrfs: there is no subvolume %d".formatted(id));
        }
        Block root = item.get().data();
        if (root.u8(238) > DEEPEST) {
            throw root.corrupt("subvolume %d has a tree of %d levels".formatted(id, root.u8(238)));
        }
        return new Subvolume(id, new Tree(nodes, root.i64(176), root.u8(238)), root.i64(168), root.i32(216) != 0);
    }

    /// The folder a subvolume hangs in: the first that says so, so that each has one place only.
    Optional<Place> place(long id) {
        List<Place> places = new ArrayList<>();
        roots.each(
                new Key(id, Key.ROOT_PARENT, 0),
                new Key(id, Key.ROOT_PARENT, -1),
                (key, data) -> {
                    places.add(new Place(key.offset(), data.i64(0), Names.of(data, 18, data.u16(16))));
                    return false;
                },
                new Losses());
        return places.stream().findFirst();
    }

    /// @param subvolume number of the one it hangs in
    record Place(long subvolume, long folder, String name) {}

    /// @param folder inode of its root folder
    /// @param live whether it is in use; one that was deleted is dropped bit by bit
    record Subvolume(long id, Tree tree, long folder, boolean live) {}
}
