package io.varve.evidence.azure;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A read whose failures are [IOException]s.
final class AzureRead extends FilterInputStream {
    AzureRead(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int start, int length) throws IOException {
        try {
            return in.read(target, start, length);
        } catch (RuntimeException e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        }
    }
}
