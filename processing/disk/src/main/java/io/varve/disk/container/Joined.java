package io.varve.disk.container;

import io.varve.binary.Bytes;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/// Several files read as one, one after another. Closing it closes them.
public final class Joined implements Bytes {
    private final List<Bytes> parts;
    private final long[] starts;
    private final long size;

    public Joined(List<Bytes> parts) {
        this.parts = List.copyOf(parts);
        this.starts = new long[parts.size()];
        long end = 0;
        for (int i = 0; i < starts.length; i++) {
            starts[i] = end;
            end = Math.addExact(end, parts.get(i).size());
        }
        this.size = end;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void read(long offset, byte[] target, int start, int length) throws IOException {
        check(offset, length, "read");
        int done = 0;
        while (done < length) {
            int part = part(offset + done);
            Bytes bytes = parts.get(part);
            long within = offset + done - starts[part];
            int count = (int) Math.min(length - done, bytes.size() - within);
            bytes.read(within, target, start + done, count);
            done += count;
        }
    }

    @Override
    public long zeros(long offset) throws IOException {
        if (offset < 0 || offset >= size) {
            return 0;
        }
        int part = part(offset);
        return parts.get(part).zeros(offset - starts[part]);
    }

    /// The last part that begins at or before the offset: empty parts before it are passed over.
    private int part(long offset) {
        int found = Arrays.binarySearch(starts, offset);
        int part = found < 0 ? -found - 2 : found;
        while (part + 1 < starts.length && starts[part + 1] == offset) {
            part++;
        }
        return part;
    }

    @Override
    public void close() throws IOException {
        IOException failed = null;
        for (Bytes part : parts) {
            try {
                part.close();
            } catch (IOException e) {
                failed = e;
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
