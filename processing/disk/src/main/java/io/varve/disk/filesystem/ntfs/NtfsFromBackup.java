package io.varve.disk.filesystem.ntfs;

import com.google.auto.service.AutoService;
import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.filesystem.FileSystem;
import io.varve.disk.filesystem.FileSystemFormat;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// NTFS whose boot sector was lost, told by the copy in the last sector. Asked after all other formats: the copy
/// outlives
/// a volume that was formatted again.
@AutoService(FileSystemFormat.class)
public final class NtfsFromBackup implements FileSystemFormat {
    @Override
    public String name() {
        return "NTFS from its backup boot sector";
    }

    @Override
    public int order() {
        return 1_000;
    }

    @Override
    public boolean claims(Bytes volume) throws IOException {
        Optional<BootSector> backup = BootSector.backup(volume);
        if (backup.isEmpty()) {
            return false;
        }
        try {
            return new MasterFileTable(volume, backup.get(), new Losses()).records() > Catalogue.ROOT;
        } catch (CorruptException e) {
            return false;
        }
    }

    @Override
    public List<FileSystem> open(Bytes volume) throws IOException {
        Optional<BootSector> backup = BootSector.backup(volume);
        if (backup.isEmpty()) {
            throw new CorruptException("the last sector of the volume is no boot sector of NTFS");
        }
        var losses = new Losses();
        losses.noted("the boot sector of NTFS cannot be used; its copy in the last sector was read");
        return List.of(new NtfsFileSystem(volume, backup.get(), losses));
    }
}
