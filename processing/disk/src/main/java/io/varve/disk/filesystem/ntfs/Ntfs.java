package io.varve.disk.filesystem.ntfs;

import com.google.auto.service.AutoService;
import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.filesystem.FileSystem;
import io.varve.disk.filesystem.FileSystemFormat;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// NTFS, told by its boot sector.
@AutoService(FileSystemFormat.class)
public final class Ntfs implements FileSystemFormat {
    @Override
    public String name() {
        return "NTFS";
    }

    @Override
    public int order() {
        return 10;
    }

    @Override
    public boolean claims(Bytes volume) throws IOException {
        return BootSector.read(volume, 0).isPresent();
    }

    @Override
    public List<FileSystem> open(Bytes volume) throws IOException {
        var losses = new Losses();
        Optional<BootSector> boot = BootSector.read(volume, 0);
        if (boot.isEmpty()) {
            throw new CorruptException("the boot sector of NTFS at offset 0 cannot be used");
        }
        return List.of(new NtfsFileSystem(volume, boot.get(), losses));
    }
}
