package io.varve.disk.filesystem.ext;

import static io.varve.disk.LittleEndian.i32;
import static io.varve.disk.LittleEndian.u16;

import com.google.auto.service.AutoService;
import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.LayerException;
import io.varve.disk.LittleEndian;
import io.varve.disk.filesystem.FileSystem;
import io.varve.disk.filesystem.FileSystemFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// ext2, ext3 and ext4.
///
/// When the primary superblock cannot be used, the backups are looked for where `mke2fs` puts the first of them for
/// each
/// block size. A backup alone claims a volume only when the root folder can be read with it: backups outlive a volume
/// that was formatted anew.
@AutoService(FileSystemFormat.class)
public final class ExtFormat implements FileSystemFormat {
    private static final int PRIMARY = 1024;
    private static final int LARGEST_BLOCK = 1 << 16;
    /// Groups whose start may hold a backup: all that have one in the first few.
    private static final int[] BACKUP_GROUPS = {1, 3, 5, 7};

    @Override
    public String name() {
        return "ext";
    }

    @Override
    public int order() {
        return 10;
    }

    @Override
    public boolean claims(Bytes volume) throws IOException {
        if (isJournal(volume) || read(volume, PRIMARY) != null) {
            return true;
        }
        SuperBlock backup = backup(volume);
        return backup != null && readsRoot(volume, backup);
    }

    @Override
    public List<FileSystem> open(Bytes volume) throws IOException {
        if (isJournal(volume)) {
            throw new LayerException(
                    "ext",
                    OptionalLong.of(PRIMARY),
                    "this is the external journal of a file system",
                    "add the volume that it belongs to");
        }
        List<String> notes = new ArrayList<>();
        SuperBlock superBlock = read(volume, PRIMARY);
        if (superBlock == null || !superBlock.checked()) {
            SuperBlock backup = backup(volume);
            if (superBlock == null && backup == null) {
                throw new CorruptException("ext: neither the superblock at offset 1024 nor a backup can be used");
            }
            if (superBlock == null || backup != null && backup.checked() && readsRoot(volume, backup)) {
                notes.add("the superblock is damaged, its backup in block group %d was used"
                        .formatted(Optional.ofNullable(backup)
                                .map(SuperBlock::group)
                                .orElse(0)));
                superBlock = backup;
            } else {
                notes.add("the checksum of the superblock does not match");
            }
        }
        if (superBlock == null) {
            throw new CorruptException("ext: no superblock can be used");
        }
        if (superBlock.has(SuperBlock.NEEDS_RECOVERY)) {
            notes.add(
                    "%s: the file system was not unmounted; its journal was not replayed".formatted(superBlock.type()));
        }
        if (superBlock.unknownFeatures() != 0) {
            notes.add("%s: unknown features %x; what depends on them may be wrong"
                    .formatted(superBlock.type(), superBlock.unknownFeatures()));
        }
        return List.of(new ExtFileSystem(new Blocks(volume, superBlock), notes));
    }

    private static boolean isJournal(Bytes volume) throws IOException {
        if (volume.size() < PRIMARY + SuperBlock.SIZE) {
            return false;
        }
        byte[] raw = new byte[SuperBlock.SIZE];
        volume.read(PRIMARY, raw, 0, raw.length);
        return u16(raw, 56) == SuperBlock.MAGIC
                && u16(raw, 76) == 1
                && (i32(raw, 96) & ~SuperBlock.BIT64) == SuperBlock.JOURNAL_DEVICE;
    }

    /// The superblock at an offset; null when there is none that can be used.
    private static @Nullable SuperBlock read(Bytes volume, long offset) throws IOException {
        if (offset > volume.size() - SuperBlock.SIZE) {
            return null;
        }
        byte[] raw = new byte[SuperBlock.SIZE];
        volume.read(offset, raw, 0, raw.length);
        if (u16(raw, 56) != SuperBlock.MAGIC) {
            return null;
        }
        try {
            return SuperBlock.parse(raw, offset);
        } catch (CorruptException e) {
            return null;
        }
    }

    private static @Nullable SuperBlock backup(Bytes volume) throws IOException {
        for (int group : BACKUP_GROUPS) {
            for (int size = 1024; size <= LARGEST_BLOCK; size *= 2) {
                long first = size == 1024 ? 1 : 0;
                SuperBlock found = read(volume, (first + 8L * size * group) * size);
                if (found != null && found.blockSize() == size && found.group() == group) {
                    return found;
                }
            }
        }
        return null;
    }

    private static boolean readsRoot(Bytes volume, SuperBlock superBlock) throws IOException {
        try {
            var fileSystem = new ExtFileSystem(new Blocks(volume, superBlock), List.of());
            try (Bytes folder = fileSystem.root().open()) {
                byte[] start = new byte[12];
                folder.read(0, start, 0, start.length);
                return LittleEndian.u32(start, 0) == ExtFileSystem.ROOT && start[8] == '.';
            }
        } catch (CorruptException e) {
            return false;
        }
    }
}
