package io.varve.disk.filesystem.ext;

import static io.varve.disk.LittleEndian.i32;
import static io.varve.disk.LittleEndian.u16;

import io.varve.binary.CorruptException;
import io.varve.disk.LittleEndian;
import io.varve.disk.Problems;
import io.varve.disk.filesystem.Node;
import io.varve.disk.filesystem.ext.ExtNode.State;
import java.io.IOException;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.function.Consumer;

/// Files that no folder names: deleted ones whose name is gone, and those in use without a name, such as a file that
/// was
/// deleted while a process had it open.
///
/// The inode tables are read once in order. Names in folders that were not listed before are read on the way; those in
/// deleted folders count too where the folder's first block is still its own.
final class Orphans {
    private static final int CHUNK = 1 << 20;
    private static final int CHANGED = 12;
    private static final int DIRECTORY = 4;
    /// Block groups that fail one after the other before the rest is given up.
    private static final int MOST_FAILED = 1_000;

    private final ExtFileSystem fileSystem;
    private final SuperBlock superBlock;
    private final Consumer<Node> names;
    private final Problems problems;
    private final InodeSet candidates;
    private final byte[] chunk = new byte[CHUNK];
    /// Bytes of inode tables that may still be read: together they are never larger than the volume.
    private long left;

    Orphans(ExtFileSystem fileSystem, Consumer<Node> names, Problems problems) {
        this.fileSystem = fileSystem;
        this.superBlock = fileSystem.superBlock();
        this.names = names;
        this.problems = problems;
        this.candidates = new InodeSet(superBlock.lastInode());
        this.left = fileSystem.blocks().volume().size();
    }

    void find() {
        int failed = 0;
        for (long group = 0; group < superBlock.groups() && failed < MOST_FAILED && left >= 0; group++) {
            try {
                scanGroup(group);
                failed = 0;
            } catch (CorruptException | IOException e) {
                failed++;
                lost("inodes of block group %d".formatted(group), e);
            }
        }
        if (failed >= MOST_FAILED || left < 0) {
            problems.lost(
                    OptionalLong.empty(),
                    superBlock.type() + ": files without a name were not looked for in all block groups: "
                            + (left < 0 ? "the inode tables overlap" : "too many of them cannot be read"));
        }
        candidates.forEach(inode -> {
            if (!fileSystem.named().has(inode)) {
                give(inode);
            }
        });
    }

    private void scanGroup(long group) throws IOException {
        long first = group * superBlock.inodesPerGroup() + 1;
        long used = Math.min(fileSystem.groups().inodesUsed(group), superBlock.lastInode() - first + 1);
        int together = CHUNK / superBlock.inodeSize();
        byte[] inUse = fileSystem.groups().inUseIn(group);
        for (long done = 0; done < used && left >= 0; done += together) {
            int count = (int) Math.min(together, used - done);
            left -= (long) count * superBlock.inodeSize();
            fileSystem.inodes().read(first + done, count, chunk);
            scan(first + done, count, inUse);
        }
    }

    /// Looks at the stored inodes themselves: most of them need no more than that.
    private void scan(long first, int count, byte[] inUse) throws IOException {
        for (int i = 0; i < count; i++) {
            int at = i * superBlock.inodeSize();
            int mode = u16(chunk, at);
            boolean wasUsed = i32(chunk, at + CHANGED) != 0;
            if (mode == 0 && !wasUsed) {
                continue;
            }
            long inode = first + i;
            boolean used = Groups.isSet(inUse, (inode - 1) % superBlock.inodesPerGroup());
            if (used || wasUsed) {
                candidates.add(inode);
            }
            if (mode >>> 12 == DIRECTORY && !fileSystem.listed().has(inode)) {
                readNames(inode, Arrays.copyOfRange(chunk, at, at + superBlock.inodeSize()), used);
            }
        }
    }

    private boolean isSystem(long inode, Inode metadata) {
        return inode < superBlock.firstInode() && inode != ExtFileSystem.ROOT
                || metadata.mode() == 0
                || metadata.has(Inode.ATTRIBUTE_VALUE)
                || superBlock.special().contains(inode);
    }

    private void readNames(long folder, byte[] raw, boolean inUse) {
        Inode metadata = Inode.parse(raw, 0, superBlock);
        try {
            if (!inUse && !isStillFolder(folder, metadata, raw)) {
                return;
            }
            var reader = new DirectoryBlock(superBlock, metadata, !inUse, (bytes, start, length, inode, type, live) -> {
                if (inode != folder) {
                    (live ? fileSystem.named() : fileSystem.namedDeleted()).add(inode);
                }
            });
            new FolderBlocks(fileSystem, folder, metadata, problems).read(raw, reader);
        } catch (CorruptException | IOException e) {
            lost("folder, inode %d".formatted(folder), e);
        }
    }

    private boolean isStillFolder(long inode, Inode metadata, byte[] raw) throws IOException {
        if (metadata.has(Inode.INLINE) || metadata.size() < superBlock.blockSize()) {
            return false;
        }
        byte[] start = new byte[12];
        try {
            fileSystem.content(inode, metadata, raw).read(0, start, 0, start.length);
        } catch (CorruptException e) {
            return false;
        }
        return LittleEndian.u32(start, 0) == inode && start[8] == '.' && start[9] == 0;
    }

    private void give(long inode) {
        try {
            boolean deleted = !fileSystem.groups().inUse(inode);
            Inode metadata = fileSystem.inodes().inode(inode);
            if (isSystem(inode, metadata)
                    || (deleted || metadata.links() == 0)
                            && fileSystem.namedDeleted().has(inode)) {
                return;
            }
            names.accept(new ExtNode(
                    fileSystem,
                    null,
                    "OrphanFile-" + inode,
                    inode,
                    metadata,
                    deleted ? State.FREE : State.IN_USE,
                    metadata.type(),
                    !deleted && metadata.links() > 0));
        } catch (CorruptException | IOException e) {
            lost("inode %d".formatted(inode), e);
        }
    }

    private void lost(String what, Exception e) {
        problems.lost(OptionalLong.empty(), "%s %s: %s".formatted(superBlock.type(), what, e.getMessage()));
    }
}
