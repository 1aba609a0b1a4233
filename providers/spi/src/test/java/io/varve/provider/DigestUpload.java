package io.varve.provider;

import io.varve.evidence.Digest;
import io.varve.evidence.DigestMismatchException;
import io.varve.evidence.ObjectStore;
import io.varve.evidence.ObjectStore.Part;
import io.varve.evidence.ObjectStore.Stored;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.TreeMap;

/// An upload that hashes its parts and forgets their bytes.
final class DigestUpload implements ObjectStore.Upload {
    private final TreeMap<Integer, Part> parts = new TreeMap<>();

    @Override
    public synchronized List<Part> parts() {
        return List.copyOf(parts.values());
    }

    @Override
    public Part part(int number, long offset, Digest expected, InputStream content, long length) throws IOException {
        MessageDigest digest = Digest.sha256();
        byte[] buffer = new byte[1 << 20];
        for (long left = length; left > 0; ) {
            int count = content.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (count < 0) {
                throw new EOFException("part " + number);
            }
            digest.update(buffer, 0, count);
            left -= count;
        }
        Digest found = Digest.finish(digest);
        if (!found.equals(expected)) {
            throw new DigestMismatchException("part " + number, expected, found);
        }
        var part = new Part(number, offset, length, found);
        synchronized (this) {
            parts.put(number, part);
        }
        return part;
    }

    @Override
    public Stored complete() {
        throw new UnsupportedOperationException("its bytes are gone");
    }

    @Override
    public void abort() {
        parts.clear();
    }
}
