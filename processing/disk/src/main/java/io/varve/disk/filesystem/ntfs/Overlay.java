package io.varve.disk.filesystem.ntfs;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.LayerException;
import io.varve.disk.LittleEndian;
import java.io.IOException;
import java.util.OptionalLong;

/// A file compressed by the Windows Overlay Filter (`compact /exe`, CompactOS): its stream `WofCompressedData` holds
/// where each chunk ends and then the chunks, each compressed by itself. The last chunk expanded is kept.
///
/// The reparse point is documented with FSCTL_SET_EXTERNAL_BACKING in [MS-FSCC]; the stream has the form of a resource
/// in a WIM file (Microsoft, "Windows Imaging File Format").
final class Overlay implements Bytes {
    static final String STREAM = "WofCompressedData";

    private static final int FILE_PROVIDER = 2;
    private static final int LONGEST_CHUNK = 32 << 10;

    private final Bytes packed;
    private final long size;
    private final Method method;
    private final long tableSize;
    private final int offsetSize;
    private final byte[] source = new byte[LONGEST_CHUNK];
    private final byte[] chunk = new byte[LONGEST_CHUNK];
    private long held = -1;

    private enum Method {
        XPRESS4K(4 << 10),
        LZX(32 << 10),
        XPRESS8K(8 << 10),
        XPRESS16K(16 << 10);

        private final int chunkSize;

        Method(int chunkSize) {
            this.chunkSize = chunkSize;
        }
    }

    private Overlay(Bytes packed, long size, Method method) {
        this.packed = packed;
        this.size = size;
        this.method = method;
        this.offsetSize = size > 0xffff_ffffL ? 8 : 4;
        long chunks = size / method.chunkSize + (size % method.chunkSize == 0 ? 0 : 1);
        this.tableSize = Math.max(0, chunks - 1) * offsetSize;
        if (tableSize > packed.size()) {
            throw new CorruptException(
                    "%s of %d bytes is too short for %d chunks".formatted(STREAM, packed.size(), chunks));
        }
    }

    /// @param reparse value of the reparse point, which names the method
    /// @param size of the content
    static Bytes open(byte[] reparse, Bytes packed, long size) throws IOException {
        if (reparse.length < 24) {
            throw new CorruptException("reparse point of an overlay with %d bytes".formatted(reparse.length));
        }
        int provider = LittleEndian.i32(reparse, 12);
        int method = LittleEndian.i32(reparse, 20);
        if (provider != FILE_PROVIDER || method < 0 || method >= Method.values().length) {
            throw new LayerException(
                    "NTFS overlay",
                    OptionalLong.empty(),
                    "provider %d with method %d is not known".formatted(provider, method),
                    "expand it with compact /u on Windows");
        }
        if (size < 0 || size > Long.MAX_VALUE / 16) {
            throw new CorruptException("overlay content of %d bytes".formatted(size));
        }
        return new Overlay(packed, size, Method.values()[method]);
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public synchronized void read(long offset, byte[] target, int start, int length) throws IOException {
        check(offset, length, "read");
        for (int done = 0; done < length; ) {
            long number = (offset + done) / method.chunkSize;
            int within = (int) ((offset + done) % method.chunkSize);
            int count = Math.min(length - done, method.chunkSize - within);
            expand(number);
            System.arraycopy(chunk, within, target, start + done, count);
            done += count;
        }
    }

    private void expand(long number) throws IOException {
        if (held == number) {
            return;
        }
        held = -1;
        long from = number == 0 ? 0 : entry(number - 1);
        boolean last = (number + 1) * method.chunkSize >= size;
        long to = last ? packed.size() - tableSize : entry(number);
        int expanded = (int) Math.min(method.chunkSize, size - number * method.chunkSize);
        if (from < 0 || to <= from || to - from > expanded) {
            throw new CorruptException("chunk %d of %s lies at %d to %d".formatted(number, STREAM, from, to));
        }
        int length = (int) (to - from);
        packed.check(Math.addExact(tableSize, from), length, STREAM);
        packed.read(tableSize + from, source, 0, length);
        if (length == expanded) {
            System.arraycopy(source, 0, chunk, 0, length);
        } else if (method == Method.LZX) {
            new Lzx(source, length, chunk, expanded).expand();
        } else {
            Xpress.expand(source, length, chunk, expanded);
        }
        held = number;
    }

    private long entry(long index) throws IOException {
        byte[] entry = new byte[8];
        packed.read(index * offsetSize, entry, 0, offsetSize);
        return LittleEndian.i64(entry, 0);
    }
}
