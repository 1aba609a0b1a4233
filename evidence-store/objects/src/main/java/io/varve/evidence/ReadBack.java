package io.varve.evidence;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.security.MessageDigest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Reads stored bytes again and holds them against the digests of their parts.
public final class ReadBack {
    private static final int BUFFER = 1 << 20;

    private ReadBack() {}

    /// Checks that the parts follow each other without gap.
    ///
    /// @return their size together
    public static long contiguous(String name, List<ObjectStore.Part> parts) throws IOException {
        long end = 0;
        int next = 1;
        for (ObjectStore.Part part : parts) {
            if (part.number() != next || part.offset() != end) {
                throw new IOException("%s: part %d is missing, or does not begin at %d".formatted(name, next, end));
            }
            end += part.size();
            next++;
        }
        return end;
    }

    /// Hashes the stored bytes of an object: each part, and the whole beside it on a thread of its own.
    ///
    /// @param content all of them; not closed
    /// @throws DigestMismatchException when a part is not what it was
    public static ObjectStore.Stored check(String name, List<ObjectStore.Part> parts, InputStream content)
            throws IOException {
        long size = contiguous(name, parts);
        try (var whole = new Whole(Math.clamp(size, 1, BUFFER))) {
            for (ObjectStore.Part part : parts) {
                check(name, part, content, whole);
            }
            if (content.read() >= 0) {
                throw new IOException("%s: more is stored than was sent".formatted(name));
            }
            return new ObjectStore.Stored(name, size, whole.finish(), parts);
        }
    }

    private static void check(String name, ObjectStore.Part part, InputStream content, Whole whole) throws IOException {
        MessageDigest digest = Digest.sha256();
        for (long left = part.size(); left > 0; ) {
            byte[] buffer = whole.free();
            int count = content.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (count < 0) {
                throw new EOFException("%s: part %d is not stored whole".formatted(name, part.number()));
            }
            whole.add(count);
            digest.update(buffer, 0, count);
            left -= count;
        }
        Digest actual = Digest.finish(digest);
        if (!actual.equals(part.sha256())) {
            throw new DigestMismatchException(
                    "part %d of %s, read back".formatted(part.number(), name), part.sha256(), actual);
        }
    }

    /// The digest of all bytes, taken of one buffer while the other is filled.
    private static final class Whole implements AutoCloseable {
        private final MessageDigest digest = Digest.sha256();
        private final ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor();
        private byte[] free;
        private byte[] taken;
        private Future<?> hashing = CompletableFuture.completedFuture(null);

        Whole(int buffer) {
            free = new byte[buffer];
            taken = new byte[buffer];
        }

        byte[] free() {
            return free;
        }

        /// Takes what the free buffer begins with; it may still be read, and is not written to until it is free again.
        void add(int count) throws IOException {
            await();
            byte[] added = free;
            hashing = thread.submit(() -> digest.update(added, 0, count));
            free = taken;
            taken = added;
        }

        Digest finish() throws IOException {
            await();
            return Digest.finish(digest);
        }

        private void await() throws IOException {
            try {
                hashing.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while stored bytes were read back");
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }

        @Override
        public void close() {
            thread.close();
        }
    }
}
