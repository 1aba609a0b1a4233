package io.varve.disk.filesystem.btrfs;

import io.varve.binary.CorruptException;
import io.varve.disk.Recent;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/// Blocks of the trees, checked: checksum, owner, address, level, number of items. When a copy is bad the next is
/// tried.
/// The last [#KEPT] bytes of them are kept. Safe for several threads.
final class Nodes {
    static final int KEPT = 32 << 20;

    /// Length of the head of a block.
    static final int HEADER = 101;

    static final int ITEM = 25;
    static final int POINTER = 33;

    private final Superblock superblock;
    private final Chunks chunks;
    private final Recent<Long, Block> recent;

    Nodes(Superblock superblock, Chunks chunks) {
        this.superblock = superblock;
        this.chunks = chunks;
        this.recent = new Recent<>(KEPT / superblock.nodeSize());
    }

    /// @throws CorruptException when no copy is whole
    Block read(long address, int level) throws IOException {
        Optional<Block> kept = recent.of(address);
        if (kept.isPresent() && level(kept.get()) == level) {
            return kept.get();
        }
        int copies = chunks.copies(address);
        for (int copy = 0; copy < copies - 1; copy++) {
            try {
                return read(address, level, copy);
            } catch (CorruptException | IOException e) {
                continue; // the next copy may do
            }
        }
        return read(address, level, copies - 1);
    }

    private Block read(long address, int level, int copy) throws IOException {
        byte[] bytes = new byte[superblock.nodeSize()];
        chunks.read(address, copy, bytes, 0, bytes.length);
        Block block = new Block("tree block", address, bytes, 0, bytes.length);
        if (!superblock.checksum().fits(bytes)) {
            throw block.corrupt("its checksum is wrong");
        }
        boolean ours = Arrays.equals(bytes, 32, 48, superblock.metadataId(), 0, 16);
        if (!ours || block.i64(48) != address || level(block) != level) {
            throw block.corrupt("is a block of level %d for %d".formatted(level(block), block.i64(48)));
        }
        int most = (bytes.length - HEADER) / (level == 0 ? ITEM : POINTER);
        if (block.u32(96) > most) {
            throw block.corrupt("%d items of %d".formatted(block.u32(96), most));
        }
        recent.keep(address, block);
        return block;
    }

    static int level(Block block) {
        return block.u8(100);
    }

    static int items(Block block) {
        return block.i32(96);
    }
}
