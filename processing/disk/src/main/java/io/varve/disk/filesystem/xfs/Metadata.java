package io.varve.disk.filesystem.xfs;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.Recent;
import java.io.IOException;
import java.util.Optional;

/// Blocks and inodes of one file system, read in windows of [#WINDOW] bytes of which the last [#WINDOWS] are kept:
/// the inodes of a folder lie side by side. Safe for several threads.
final class Metadata {
    /// Large enough to pass by the cache below.
    static final int WINDOW = 256 << 10;

    static final int WINDOWS = 64;

    private final Bytes volume;
    private final Superblock superblock;
    private final Recent<Long, byte[]> windows = new Recent<>(WINDOWS);

    Metadata(Bytes volume, Superblock superblock) {
        this.volume = volume;
        this.superblock = superblock;
    }

    Bytes volume() {
        return volume;
    }

    Superblock superblock() {
        return superblock;
    }

    /// A structure anywhere in the volume; it may be a view of a window.
    Block at(long offset, int length, String structure) throws IOException {
        volume.check(offset, length, "XFS " + structure);
        long number = offset / WINDOW;
        int inside = (int) (offset % WINDOW);
        if (length > WINDOW - inside) {
            return alone(offset, length, structure);
        }
        try {
            return new Block(structure, offset, window(number), inside, length);
        } catch (CorruptException | IOException e) {
            return alone(offset, length, structure); // what cannot be had may lie beside it
        }
    }

    private Block alone(long offset, int length, String structure) throws IOException {
        byte[] bytes = new byte[length];
        volume.read(offset, bytes, 0, length);
        return new Block(structure, offset, bytes, 0, length);
    }

    /// One block of the file system.
    Block block(long number, String structure) throws IOException {
        return at(superblock.position(number, 1, structure), superblock.blockSize(), structure);
    }

    /// The whole inode, its forks included.
    Block inode(long number) throws IOException {
        return at(superblock.inodePosition(number), superblock.inodeSize(), "inode");
    }

    private byte[] window(long number) throws IOException {
        Optional<byte[]> kept = windows.of(number);
        if (kept.isPresent()) {
            return kept.get();
        }
        long start = number * WINDOW;
        byte[] window = new byte[(int) Math.min(WINDOW, volume.size() - start)];
        volume.read(start, window, 0, window.length);
        windows.keep(number, window);
        return window;
    }
}
