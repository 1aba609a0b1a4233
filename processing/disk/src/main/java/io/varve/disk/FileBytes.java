package io.varve.disk;

import io.varve.binary.Bytes;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file on this machine, read at positions; never mapped, since evidence may be truncated underneath.
///
/// Small reads come from a window of [#WINDOW] bytes. Safe for several threads.
public final class FileBytes implements Bytes {
    static final int WINDOW = 64 << 10;

    private final FileChannel channel;
    private final long size;
    private final byte[] window = new byte[WINDOW];
    private long windowStart;
    private int windowLength;

    FileBytes(FileChannel channel) throws IOException {
        this.channel = channel;
        this.size = channel.size();
    }

    /// Opens a file found in evidence: a link in its place is an error.
    public static FileBytes open(Path path) throws IOException {
        return open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    }

    /// Opens a file a person named: links are followed.
    public static FileBytes follow(Path path) throws IOException {
        return open(path, StandardOpenOption.READ);
    }

    private static FileBytes open(Path path, OpenOption... options) throws IOException {
        FileChannel channel = FileChannel.open(path, options);
        try {
            return new FileBytes(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void read(long offset, byte[] target, int start, int length) throws IOException {
        check(offset, length, "read");
        if (length >= WINDOW) {
            fully(offset, target, start, length);
            return;
        }
        readWindow(offset, target, start, length);
    }

    private synchronized void readWindow(long offset, byte[] target, int start, int length) throws IOException {
        if (offset < windowStart || offset + length > windowStart + windowLength) {
            windowLength = 0;
            int wanted = (int) Math.min(WINDOW, size - offset);
            fully(offset, window, 0, wanted);
            windowStart = offset;
            windowLength = wanted;
        }
        System.arraycopy(window, (int) (offset - windowStart), target, start, length);
    }

    private void fully(long offset, byte[] target, int start, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(target, start, length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, offset + buffer.position() - start) < 0) {
                throw new EOFException("file was cut to less than its %d bytes while it was read".formatted(size));
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
