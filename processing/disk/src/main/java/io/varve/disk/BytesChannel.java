package io.varve.disk;

import io.varve.binary.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/// Bytes as the channel that archive libraries read from.
public final class BytesChannel implements SeekableByteChannel {
    private static final int CHUNK = 64 << 10;

    private final Bytes bytes;
    private long position;
    private boolean open = true;

    public BytesChannel(Bytes bytes) {
        this.bytes = bytes;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (position >= bytes.size()) {
            return -1;
        }
        byte[] chunk = new byte[(int) Math.min(Math.min(CHUNK, target.remaining()), bytes.size() - position)];
        bytes.read(position, chunk, 0, chunk.length);
        target.put(chunk);
        position += chunk.length;
        return chunk.length;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public SeekableByteChannel position(long newPosition) throws IOException {
        if (newPosition < 0) {
            throw new IOException("position " + newPosition);
        }
        position = newPosition;
        return this;
    }

    @Override
    public long size() {
        return bytes.size();
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        open = false;
    }

    @Override
    public int write(ByteBuffer source) {
        throw new NonWritableChannelException();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
        throw new NonWritableChannelException();
    }
}
