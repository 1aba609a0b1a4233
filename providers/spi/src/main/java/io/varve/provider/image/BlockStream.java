package io.varve.provider.image;

import java.io.IOException;
import java.io.InputStream;

/// One block, read when its first byte is wanted.
final class BlockStream extends InputStream {
    private final Content content;
    private final int length;
    private byte[] block = new byte[0];
    private int at;

    @FunctionalInterface
    interface Content {
        byte[] read() throws IOException;
    }

    BlockStream(Content content, int length) {
        this.content = content;
        this.length = length;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int start, int count) throws IOException {
        if (at == length) {
            return -1;
        }
        if (block.length == 0) {
            block = content.read();
        }
        int some = Math.min(count, length - at);
        System.arraycopy(block, at, target, start, some);
        at += some;
        return some;
    }
}
