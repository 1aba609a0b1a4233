package io.varve.disk.filesystem.xfs;

import com.google.auto.service.AutoService;
import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.filesystem.FileSystem;
import io.varve.disk.filesystem.FileSystemFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// XFS, versions 4 (no checksums) and 5. The log is not replayed: what is only in it is not seen, which is noted.
@AutoService(FileSystemFormat.class)
public final class Xfs implements FileSystemFormat {
    @Override
    public String name() {
        return "XFS";
    }

    @Override
    public int order() {
        return 10;
    }

    @Override
    public boolean claims(Bytes volume) throws IOException {
        return SuperblockSearch.of(volume).find().isPresent();
    }

    @Override
    public List<FileSystem> open(Bytes volume) throws IOException {
        var search = SuperblockSearch.of(volume);
        Optional<Superblock> found = search.find();
        Superblock superblock =
                found.orElseThrow(() -> new CorruptException("XFS: no superblock at offset 0 nor a copy of it"));
        var metadata = new Metadata(volume, superblock);
        List<String> notes = new ArrayList<>(search.notes());
        notes.addAll(notes(metadata));
        return List.of(new XfsFileSystem(metadata, notes));
    }

    private static List<String> notes(Metadata metadata) throws IOException {
        Superblock superblock = metadata.superblock();
        List<String> notes = new ArrayList<>();
        long size = superblock.blocks() * superblock.blockSize();
        if (size > metadata.volume().size()) {
            notes.add("XFS is %d bytes long, the volume only %d: it is cut"
                    .formatted(size, metadata.volume().size()));
        }
        if (superblock.needsRepair()) {
            notes.add("XFS is marked as in need of repair");
        }
        if (superblock.unknownFeatures() != 0) {
            notes.add("XFS has unknown features %#x: what they change may be read wrongly"
                    .formatted(superblock.unknownFeatures()));
        }
        if (!clean(metadata)) {
            notes.add("XFS was not unmounted: changes that are only in its log are not seen");
        }
        return notes;
    }

    private static boolean clean(Metadata metadata) throws IOException {
        try {
            return LogState.clean(metadata);
        } catch (CorruptException e) {
            return false;
        }
    }
}
