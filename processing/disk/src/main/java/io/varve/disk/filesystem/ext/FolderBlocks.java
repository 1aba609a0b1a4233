package io.varve.disk.filesystem.ext;

import io.varve.binary.CorruptException;
import io.varve.disk.Problems;
import io.varve.disk.filesystem.ext.BlockMap.Run;
import java.io.IOException;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;

/// The blocks of one folder, in the order of the folder, each given to a [DirectoryBlock].
///
/// A folder never holds more blocks than the volume, and never one twice; one that claims to is cut there.
final class FolderBlocks {
    private static final int CHUNK = 64 << 10;
    private static final int INLINE_START = 44;
    private static final int INLINE_LENGTH = 56;
    /// Damaged places after which the rest of a folder is given up.
    private static final int MOST_DAMAGE = 1_000;

    private final ExtFileSystem fileSystem;
    private final Blocks blocks;
    private final long inode;
    private final Inode metadata;
    private final Problems problems;
    private int damaged;

    FolderBlocks(ExtFileSystem fileSystem, long inode, Inode metadata, Problems problems) {
        this.fileSystem = fileSystem;
        this.blocks = fileSystem.blocks();
        this.inode = inode;
        this.metadata = metadata;
        this.problems = problems;
    }

    /// @param raw the inode
    void read(byte[] raw, DirectoryBlock reader) throws IOException {
        try {
            if (metadata.has(Inode.INLINE)) {
                inline(raw, reader);
            } else if (metadata.size() > 0) {
                mapped(fileSystem.mapOf(inode, metadata, raw), reader);
            }
        } catch (CorruptException e) {
            lost(OptionalLong.of(fileSystem.inodes().position(inode)), e);
        }
    }

    private void inline(byte[] raw, DirectoryBlock reader) throws IOException {
        reader.read(raw, INLINE_START, INLINE_LENGTH, false);
        byte[] rest = fileSystem.inlineRest(inode, raw);
        reader.read(rest, 0, rest.length, false);
    }

    private void mapped(BlockMap map, DirectoryBlock reader) throws IOException {
        long total = (metadata.size() - 1) / blocks.size() + 1;
        byte[] chunk = new byte[(int) Math.min(total, Math.max(1, CHUNK / blocks.size())) * blocks.size()];
        long left = blocks.superBlock().blocks();
        Set<Long> seen = new HashSet<>();
        for (long block = 0; block < total; ) {
            if (damaged > MOST_DAMAGE) {
                lost(OptionalLong.empty(), "given up after %d damaged places".formatted(MOST_DAMAGE));
                return;
            }
            Run run = map.find(block);
            long following = Math.min(run.count() - (block - run.first()), total - block);
            if (run.isHole()) {
                lost(OptionalLong.empty(), "blocks %d to %d are missing".formatted(block, block + following - 1));
                block += following;
                continue;
            }
            long physical = run.physical() + (block - run.first());
            int count = (int) Math.min(following, chunk.length / blocks.size());
            left -= count;
            if (left < 0 || !seen.add(physical)) {
                lost(OptionalLong.of(offset(physical)), "block %d is in it a second time".formatted(physical));
                return;
            }
            read(physical, block, count, chunk, reader);
            block += count;
        }
    }

    private void read(long physical, long block, int count, byte[] chunk, DirectoryBlock reader) {
        try {
            blocks.read(physical, 0, chunk, 0, count * blocks.size(), "folder");
        } catch (CorruptException | IOException e) {
            lost(OptionalLong.of(offset(physical)), e);
            return;
        }
        for (int i = 0; i < count; i++) {
            int damage = reader.read(chunk, i * blocks.size(), blocks.size(), block + i == 0);
            if (damage >= 0) {
                lost(OptionalLong.of(offset(physical) + damage), "an entry is damaged");
            }
        }
    }

    private long offset(long physical) {
        return physical > Long.MAX_VALUE / blocks.size() ? 0 : physical * blocks.size();
    }

    private void lost(OptionalLong offset, Exception e) {
        lost(offset, String.valueOf(e.getMessage()));
    }

    private void lost(OptionalLong offset, String reason) {
        damaged++;
        problems.lost(offset, "%s folder, inode %d: %s".formatted(fileSystem.type(), inode, reason));
    }
}
