package io.varve.disk.container.vhdx;

import io.varve.binary.Bytes;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/// A file with changes on top that are kept in memory: sectors of 4 KiB and ranges of zeros. Made by one thread, then
/// read by several.
final class Overlay implements Bytes {
    private static final int SECTOR = 4096;

    private final Bytes file;
    private final TreeMap<Long, byte[]> sectors = new TreeMap<>();

    /// Ends by their starts; they do not touch. A sector written inside one counts more.
    private final TreeMap<Long, Long> zeros = new TreeMap<>();

    private long size;

    Overlay(Bytes file) {
        this.file = file;
        this.size = file.size();
    }

    void extend(long end) {
        size = Math.max(size, end);
    }

    /// @param offset start of a sector
    void write(long offset, byte[] sector) {
        sectors.put(offset, sector);
        extend(offset + SECTOR);
    }

    void zero(long offset, long length) {
        long start = offset;
        long end = offset + length;
        sectors.subMap(start, end).clear();
        extend(end);
        Map.Entry<Long, Long> before = zeros.floorEntry(end);
        while (before != null && before.getValue() >= start) {
            start = Math.min(start, before.getKey());
            end = Math.max(end, before.getValue());
            zeros.remove(before.getKey());
            before = zeros.floorEntry(end);
        }
        zeros.put(start, end);
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void read(long offset, byte[] target, int start, int length) throws IOException {
        check(offset, length, "read");
        long position = offset;
        long end = offset + length;
        while (position < end) {
            int at = start + (int) (position - offset);
            Map.Entry<Long, byte[]> sector = sectors.floorEntry(position);
            if (sector != null && sector.getKey() + SECTOR > position) {
                int within = (int) (position - sector.getKey());
                int part = (int) Math.min(SECTOR - within, end - position);
                System.arraycopy(sector.getValue(), within, target, at, part);
                position += part;
                continue;
            }
            Long next = sectors.higherKey(position);
            long until = next == null ? end : Math.min(next, end);
            position += readFile(position, target, at, (int) (until - position));
        }
    }

    /// Reads where no sector lies on top: zeros, or the file and zeros past its end. Tells how far it went.
    private int readFile(long offset, byte[] target, int start, int length) throws IOException {
        Map.Entry<Long, Long> zero = zeros.floorEntry(offset);
        if (zero != null && zero.getValue() > offset) {
            int part = (int) Math.min(length, zero.getValue() - offset);
            Arrays.fill(target, start, start + part, (byte) 0);
            return part;
        }
        Long next = zeros.higherKey(offset);
        int part = next == null ? length : (int) Math.min(length, next - offset);
        int held = Math.clamp(file.size() - offset, 0, part);
        file.read(Math.min(offset, file.size()), target, start, held);
        Arrays.fill(target, start + held, start + part, (byte) 0);
        return part;
    }

    /// Holes of the file below, where nothing lies on top.
    @Override
    public long zeros(long offset) throws IOException {
        Map.Entry<Long, byte[]> sector = sectors.floorEntry(offset);
        if (sector != null && sector.getKey() + SECTOR > offset) {
            return 0;
        }
        Long next = sectors.higherKey(offset);
        long until = next == null ? size : Math.min(next, size);
        if (offset >= file.size()) {
            return Math.max(0, until - offset);
        }
        return Math.min(file.zeros(offset), until - offset);
    }
}
