package io.varve.disk.filesystem.btrfs;

import com.google.auto.service.AutoService;
import io.varve.binary.Bytes;
import io.varve.disk.filesystem.FileSystem;
import io.varve.disk.filesystem.FileSystemFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Btrfs on one device: single, mirrored or striped, as long as what is read lies on this device. Its log of recent
/// `fsync` calls is not replayed, which is noted; checksums of contents are not verified.
@AutoService(FileSystemFormat.class)
public final class Btrfs implements FileSystemFormat {
    @Override
    public String name() {
        return "btrfs";
    }

    @Override
    public int order() {
        return 10;
    }

    @Override
    public boolean claims(Bytes volume) throws IOException {
        return Superblock.present(volume);
    }

    @Override
    public List<FileSystem> open(Bytes volume) throws IOException {
        var losses = new Losses();
        Volume trees = Volume.of(volume, losses);
        Superblock superblock = trees.superblock();
        List<String> notes = new ArrayList<>();
        if (superblock.place() != 64 << 10) {
            notes.add("btrfs superblock is read from its copy at offset %d".formatted(superblock.place()));
        }
        if (superblock.logRoot() != 0) {
            notes.add("btrfs was not unmounted: changes that are only in its log are not seen");
        }
        if (superblock.devices() > 1) {
            notes.add("btrfs has %d devices, this is number %d: what lies on the others cannot be read"
                    .formatted(superblock.devices(), superblock.device()));
        }
        return List.of(new BtrfsFileSystem(trees, notes, losses.reasons()));
    }
}
