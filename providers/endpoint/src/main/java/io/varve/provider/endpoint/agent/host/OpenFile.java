package io.varve.provider.endpoint.agent.host;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A file being read without following a link and, where permitted, without changing its access time.
public final class OpenFile extends InputStream {
    private static final int BUFFER = 1 << 16;

    private final int fd;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(BUFFER);
    private boolean closed;

    private OpenFile(int fd) {
        this.fd = fd;
    }

    public static OpenFile of(byte[] path) throws IOException {
        return new OpenFile(Linux.open(path));
    }

    /// As [#of], but a link in the last place is followed.
    public static OpenFile following(byte[] path) throws IOException {
        return new OpenFile(Linux.openFollowing(path));
    }

    public Stat stat() throws IOException {
        return Linux.stat(fd);
    }

    public void position(long offset) throws IOException {
        Linux.seek(fd, offset);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int count = Linux.read(fd, buffer.asSlice(0, Math.min(length, BUFFER)));
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, offset, count);
        return count == 0 ? -1 : count;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Linux.close(fd);
            arena.close();
        }
    }
}
