package io.varve.disk.container;

import io.varve.binary.Bytes;
import java.io.IOException;
import java.util.List;

/// An opened image: the disk inside and the files it is read from.
///
/// @param identity what images on top know this one by: a content id, a UUID; empty where the format has none
/// @param files closed with the image
public record Image(
        String format, String identity, Bytes disk, List<String> notes, List<State> states, List<Bytes> files)
        implements Container {
    @Override
    public long size() {
        return disk.size();
    }

    @Override
    public void read(long offset, byte[] target, int start, int length) throws IOException {
        disk.read(offset, target, start, length);
    }

    @Override
    public long zeros(long offset) throws IOException {
        return disk.zeros(offset);
    }

    @Override
    public void close() throws IOException {
        HeldFiles.closeAll(files);
    }
}
