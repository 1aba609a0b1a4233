package io.varve.disk.volume.raid;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import java.io.IOException;
import java.util.List;

/// RAID 1: every member holds all bytes. They are read from the first one that has them.
public final class Mirrored implements Bytes {
    private final List<Bytes> members;
    private final long size;

    /// @param members the one to trust most first
    public Mirrored(List<Bytes> members, long size) {
        if (members.isEmpty()) {
            throw new CorruptException("a mirror has no members");
        }
        this.members = List.copyOf(members);
        this.size = size;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void read(long offset, byte[] target, int start, int length) throws IOException {
        check(offset, length, "read");
        for (int i = 0; i < members.size() - 1; i++) {
            if (Members.read(members.get(i), offset, target, start, length)) {
                return;
            }
        }
        members.getLast().read(offset, target, start, length);
    }

    @Override
    public long zeros(long offset) throws IOException {
        return offset < 0 || offset >= size ? 0 : Math.min(members.getFirst().zeros(offset), size - offset);
    }
}
