package io.varve.disk.filesystem.xfs;

import io.varve.binary.CorruptException;
import io.varve.disk.Entry.Type;
import io.varve.disk.Problems;
import io.varve.disk.filesystem.Node;
import java.io.IOException;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.function.Consumer;

/// Inodes that no folder names: unlinked but still open when the volume was captured, lost with a damaged folder, or
/// freed with the place of their content still known.
///
/// What was not met while folders were listed is read once, and every folder among it, so that what is named is known.
/// A
/// chunk of which every inode was freed is no longer in the tree and not found.
final class Orphans {
    static final Problems TOLD = new Problems() {
        @Override
        public void lost(OptionalLong offset, String reason) {}

        @Override
        public void noted(String reason) {}
    };

    private final XfsFileSystem owner;
    private final Metadata metadata;
    private final Walked walked;
    private final Problems problems;

    /// For each chunk: its first inode, and a bit for each inode that may be shown, or that a folder names.
    private long[] chunks = new long[64];

    private long[] candidates = new long[64];
    private long[] named = new long[0];
    private int size;

    Orphans(XfsFileSystem owner, Metadata metadata, Walked walked, Problems problems) {
        this.owner = owner;
        this.metadata = metadata;
        this.walked = walked;
        this.problems = problems;
    }

    void find(Consumer<Node> names) {
        for (long group = 0; group < metadata.superblock().groups(); group++) {
            new InodeTree(metadata, group, this::chunk, problems).read();
        }
        named = new long[size];
        for (int i = 0; i < size; i++) {
            named[i] |= walked.namedFrom(chunks[i]);
            long kept = 0;
            for (long left = candidates[i] & ~walked.settledFrom(chunks[i]); left != 0; left &= left - 1) {
                int bit = Long.numberOfTrailingZeros(left);
                kept |= examine(chunks[i] + bit) ? 1L << bit : 0;
            }
            candidates[i] = kept;
        }
        for (int i = 0; i < size; i++) {
            for (long left = candidates[i] & ~named[i]; left != 0; left &= left - 1) {
                show(chunks[i] + Long.numberOfTrailingZeros(left), names);
            }
        }
    }

    private void chunk(long first, long there, long free) {
        if (size == chunks.length) {
            chunks = Arrays.copyOf(chunks, size * 2);
            candidates = Arrays.copyOf(candidates, size * 2);
        }
        chunks[size] = first;
        candidates[size] = there;
        size++;
    }

    /// Whether the inode would be worth showing; the names in it, when it is a folder, are marked.
    private boolean examine(long number) {
        try {
            Block block = metadata.inode(number);
            Inode inode = Inode.of(block, number);
            if (inode.free()) {
                return Remains.of(metadata.superblock(), inode, block).size() > 0;
            }
            if (inode.type() == Type.DIRECTORY) {
                new Directory(metadata, number, (b, at, length, child, type, live) -> mark(child), TOLD)
                        .read(inode, block);
            }
            return number != metadata.superblock().root()
                    && !metadata.superblock().internal().contains(number)
                    && !inode.internal();
        } catch (CorruptException | IOException e) {
            return false; // told when its folder was listed
        }
    }

    private void mark(long inode) {
        int found = Arrays.binarySearch(chunks, 0, size, inode);
        int chunk = found >= 0 ? found : -found - 2;
        if (chunk >= 0 && inode - chunks[chunk] < InodeTree.CHUNK) {
            named[chunk] |= 1L << inode - chunks[chunk];
        }
    }

    private void show(long number, Consumer<Node> names) {
        try {
            Block block = metadata.inode(number);
            Inode inode = Inode.of(block, number);
            String name = "OrphanFile-" + number;
            names.accept(inode.free() ? owner.freed(name, inode, block, Type.UNKNOWN) : owner.unnamed(name, inode));
        } catch (CorruptException | IOException e) {
            problems.lost(OptionalLong.empty(), "XFS inode %d: %s".formatted(number, e.getMessage()));
        }
    }
}
