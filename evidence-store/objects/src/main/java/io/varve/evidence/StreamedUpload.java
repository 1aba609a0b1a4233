package io.varve.evidence;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Stores a stream of unknown length in parts, several on their way at a time, in a bounded amount of memory.
///
/// Begun again with the same stream after a crash, it reads and hashes the stream from its start but sends only the
/// parts that are not stored yet.
public final class StreamedUpload {
    private final ObjectStore store;
    private final PartSizes sizes;
    private final int atOnce;

    /// @param atOnce parts on their way at the same time; each takes a buffer of its size
    public StreamedUpload(ObjectStore store, PartSizes sizes, int atOnce) {
        this.store = store;
        this.sizes = sizes;
        this.atOnce = atOnce;
    }

    /// Stores all of the stream under a name, reads it back and returns what is stored.
    public ObjectStore.Stored write(String name, InputStream content) throws IOException {
        ObjectStore.Upload upload = store.upload(name, sizes.first());
        Map<Integer, ObjectStore.Part> stored = new HashMap<>();
        upload.parts().forEach(part -> stored.put(part.number(), part));
        try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            send(upload, content, stored, senders);
        }
        return upload.complete();
    }

    private void send(
            ObjectStore.Upload upload,
            InputStream content,
            Map<Integer, ObjectStore.Part> stored,
            ExecutorService senders)
            throws IOException {
        var free = new ArrayDeque<byte[]>();
        var sent = new ArrayDeque<Future<byte[]>>();
        long offset = 0;
        for (int number = 1; ; number++) {
            byte[] buffer = buffer(sizes.size(number), free, sent);
            int length = content.readNBytes(buffer, 0, sizes.size(number));
            if (length > 0) {
                MessageDigest digest = Digest.sha256();
                digest.update(buffer, 0, length);
                var part = new ObjectStore.Part(number, offset, length, Digest.finish(digest));
                if (part.equals(stored.get(number))) {
                    free.push(buffer);
                } else {
                    sent.add(senders.submit(sending(upload, part, buffer)));
                }
            }
            if (length < sizes.size(number)) {
                break;
            }
            offset += length;
        }
        while (!sent.isEmpty()) {
            await(sent.remove());
        }
    }

    private static Callable<byte[]> sending(ObjectStore.Upload upload, ObjectStore.Part part, byte[] buffer) {
        return () -> {
            var bytes = new ByteArrayInputStream(buffer, 0, Math.toIntExact(part.size()));
            upload.part(part.number(), part.offset(), part.sha256(), bytes, part.size());
            return buffer;
        };
    }

    /// A buffer that is free: a new one while there are fewer than `atOnce`, else that of the oldest part on its way.
    private byte[] buffer(int size, ArrayDeque<byte[]> free, ArrayDeque<Future<byte[]>> sent) throws IOException {
        while (sent.size() >= atOnce) {
            free.push(await(sent.remove()));
        }
        while (!free.isEmpty()) {
            byte[] buffer = free.pop();
            if (buffer.length >= size) {
                return buffer;
            }
        }
        return new byte[size];
    }

    private static byte[] await(Future<byte[]> part) throws IOException {
        try {
            return part.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while storing", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
