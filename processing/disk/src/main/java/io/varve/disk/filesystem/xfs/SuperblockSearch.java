package io.varve.disk.filesystem.xfs;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds a superblock: the one at the start, else the copy at the start of a later allocation group.
///
/// How long a group is, the headers behind the lost superblock tell (`XAGF`, `XAGI`); when the start is all zeros, it
/// is
/// guessed from the numbers of groups that mkfs makes. Copies may lack the root inode: the first inode of all is it.
final class SuperblockSearch {
    private static final int LENGTH_AT = 12; // of a group, in its header
    private static final int[] GROUPS = {4, 2, 3, 8, 16, 32};

    private final Bytes volume;
    private final List<String> notes = new ArrayList<>();

    private SuperblockSearch(Bytes volume) {
        this.volume = volume;
    }

    static SuperblockSearch of(Bytes volume) {
        return new SuperblockSearch(volume);
    }

    /// What to tell of the superblock that was found.
    List<String> notes() {
        return notes;
    }

    Optional<Superblock> find() throws IOException {
        if (volume.size() < 1 << 16) {
            return Optional.empty();
        }
        byte[] start = new byte[8 << 10];
        volume.read(0, start, 0, start.length);
        Block first = new Block("superblock", 0, start, 0, start.length);
        try {
            Superblock superblock = Superblock.of(first.part(0, Superblock.SIZE));
            checksum(first, superblock);
            return Optional.of(superblock);
        } catch (CorruptException e) {
            return copy(first, e);
        }
    }

    private void checksum(Block first, Superblock superblock) {
        boolean intact = superblock.version() < 5
                || first.part(0, Math.min(superblock.sectorSize(), first.length()))
                        .intact(Superblock.CHECKSUM);
        if (!intact) {
            notes.add("XFS superblock: its checksum is wrong");
        }
    }

    private Optional<Superblock> copy(Block first, CorruptException reason) throws IOException {
        for (long place : places(first)) {
            if (place < 1 << 16 || place > volume.size() - Superblock.SIZE) {
                continue;
            }
            byte[] bytes = new byte[Superblock.SIZE];
            volume.read(place, bytes, 0, bytes.length);
            try {
                Superblock superblock = Superblock.of(new Block("superblock copy", place, bytes, 0, bytes.length));
                if (superblock.group(1) != place) {
                    continue;
                }
                notes.add(
                        "XFS superblock is read from its copy at offset %d: %s".formatted(place, reason.getMessage()));
                return Optional.of(rooted(superblock));
            } catch (CorruptException e) {
                continue;
            }
        }
        return Optional.empty();
    }

    /// Where the second group may begin.
    private List<Long> places(Block first) {
        List<Long> places = new ArrayList<>();
        for (int sector = 512; sector <= 4096; sector *= 2) {
            if (first.i32(sector) == 0x58414746 && first.u32(sector + 8) == 0) {
                lengths(first.u32(sector + LENGTH_AT), places);
            }
            if (sector * 2 < first.length() - 16
                    && first.i32(sector * 2) == 0x58414749
                    && first.u32(sector * 2 + 8) == 0) {
                lengths(first.u32(sector * 2 + LENGTH_AT), places);
            }
        }
        boolean zeros = true;
        for (int at = 0; at < 4096 && zeros; at += 8) {
            zeros = first.i64(at) == 0;
        }
        if (places.isEmpty() && zeros) {
            for (int groups : GROUPS) {
                long blocks = volume.size() / 4096;
                places.add((blocks + groups - 1) / groups * 4096);
                places.add(blocks / groups * 4096);
            }
        }
        return places;
    }

    private static void lengths(long blocks, List<Long> places) {
        for (int blockSize : new int[] {4096, 512, 1024, 2048, 8192, 16384, 32768, 65536}) {
            places.add(blocks * blockSize);
        }
    }

    private Superblock rooted(Superblock superblock) {
        if (superblock.root() != Superblock.NULL_INODE && superblock.holds(superblock.root())) {
            return superblock;
        }
        var roots = new ArrayList<Long>();
        new InodeTree(
                        new Metadata(volume, superblock),
                        0,
                        (first, there, free) -> roots.add(first + Long.numberOfTrailingZeros(there)),
                        Orphans.TOLD)
                .read();
        return roots.isEmpty() ? superblock : superblock.withRoot(roots.getFirst());
    }
}
