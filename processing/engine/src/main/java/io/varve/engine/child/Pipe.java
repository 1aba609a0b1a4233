package io.varve.engine.child;

import io.varve.event.wire.Frame;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The two ends of the pipe to the worker. Any thread may send; one request for a block is under way at a time.
final class Pipe {
    private static final int BUFFER = 1 << 16;

    private final DataInputStream in;
    private final DataOutputStream out;
    private final Object sending = new Object();

    Pipe(InputStream in, OutputStream out) {
        this.in = new DataInputStream(new BufferedInputStream(in, BUFFER));
        this.out = new DataOutputStream(new BufferedOutputStream(out, BUFFER));
    }

    void send(Frame frame) throws IOException {
        synchronized (sending) {
            frame.write(out);
            out.flush();
        }
    }

    /// The payload of the next frame, which must be of this type.
    byte[] receive(Frame.Type type) throws IOException {
        Frame frame = Frame.read(in).orElseThrow(() -> new EOFException("the worker closed the pipe"));
        if (frame.type() == Frame.Type.ERROR) {
            throw new IOException(new String(frame.payload(), StandardCharsets.UTF_8));
        }
        if (frame.type() != type) {
            throw new IOException("expected %s, got %s".formatted(type, frame.type()));
        }
        return frame.payload();
    }

    /// Asks for a block and waits for it.
    synchronized byte[] block(long offset, int length) throws IOException {
        send(new Frame(
                Frame.Type.READ,
                ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                        .putLong(offset)
                        .putInt(length)
                        .array()));
        byte[] block = receive(Frame.Type.BLOCK);
        if (block.length != length) {
            throw new IOException("asked for %d bytes at %d, got %d".formatted(length, offset, block.length));
        }
        return block;
    }
}
