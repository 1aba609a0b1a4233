package io.varve.provider.endpoint.agent.archive;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/// A member that is made here and whose size must be known before it is written: kept compressed in memory.
public final class Spool extends OutputStream {
    private final ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    private final DeflaterOutputStream out = new DeflaterOutputStream(compressed, deflater, 1 << 16);
    private long size;

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
        size += length;
    }

    /// Bytes written so far.
    public long size() {
        return size;
    }

    /// The bytes written; nothing can be written any more.
    public InputStream content() throws IOException {
        out.finish();
        deflater.end();
        return new InflaterInputStream(new ByteArrayInputStream(compressed.toByteArray()));
    }
}
