package io.varve.provider.endpoint.agent.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/// Cuts a stream into gzip members; the caller says where.
public final class Parts {
    /// Compressed size at which a part should be cut.
    public static final int TARGET = 4 << 20;

    private final int target;
    private ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    private OutputStream gzip;
    private boolean begun;

    public Parts(int target) throws IOException {
        this.target = target;
        this.gzip = gzip();
    }

    private OutputStream gzip() throws IOException {
        return new GZIPOutputStream(compressed, 1 << 16) {
            {
                def.setLevel(Deflater.BEST_SPEED);
            }
        };
    }

    public void write(byte[] bytes, int offset, int length) throws IOException {
        gzip.write(bytes, offset, length);
        begun |= length > 0;
    }

    /// The part has reached its size.
    public boolean full() {
        return compressed.size() >= target;
    }

    /// Something was written since the last cut.
    public boolean begun() {
        return begun;
    }

    /// Ends the part and begins the next.
    public byte[] cut() throws IOException {
        gzip.close();
        byte[] part = compressed.toByteArray();
        compressed = new ByteArrayOutputStream(Math.min(part.length, target));
        gzip = gzip();
        begun = false;
        return part;
    }
}
