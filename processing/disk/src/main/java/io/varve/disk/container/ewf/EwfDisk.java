package io.varve.disk.container.ewf;

import io.varve.binary.CorruptException;
import io.varve.disk.container.Container;
import io.varve.disk.container.LoadedCache;
import io.varve.disk.container.ewf.Place.Fill;
import io.varve.disk.container.ewf.Place.Stored;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The disk in an E01 or Ex01 image. A damaged or missing chunk costs its bytes: reading them throws a
/// [CorruptException] that names it.
final class EwfDisk implements Container {
    /// Most bytes of chunks kept.
    private static final long CACHE = 16L << 20;

    /// Longest run of zeros told at once.
    private static final int ZEROS = 4096;

    private final String format;
    private final Geometry geometry;
    private final ChunkMap chunks;
    private final List<Segment> segments;
    private final Map<String, String> digests;
    private final List<String> notes;
    private final LoadedCache<byte[]> cache = new LoadedCache<>(CACHE, chunk -> chunk.length, this::load);
    private final Queue<Decoder> decoders = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    EwfDisk(
            String format,
            Geometry geometry,
            ChunkMap chunks,
            List<Segment> segments,
            Map<String, String> digests,
            List<String> notes) {
        this.format = format;
        this.geometry = geometry;
        this.chunks = chunks;
        this.segments = segments;
        this.digests = Map.copyOf(digests);
        this.notes = List.copyOf(notes);
    }

    @Override
    public String format() {
        return format;
    }

    @Override
    public Map<String, String> storedDigests() {
        return digests;
    }

    @Override
    public List<String> notes() {
        return notes;
    }

    @Override
    public long size() {
        return geometry.size();
    }

    @Override
    public void read(long offset, byte[] target, int start, int length) throws IOException {
        check(offset, length, "read");
        int done = 0;
        while (done < length) {
            long chunk = (offset + done) / geometry.chunkSize();
            int within = (int) ((offset + done) % geometry.chunkSize());
            int whole = geometry.length(chunk);
            int count = Math.min(length - done, whole - within);
            var held = cache.held(chunk);
            if (held.isEmpty() && count == whole) {
                decode(chunk, target, start + done, whole);
            } else {
                byte[] content = held.isPresent() ? held.get() : cache.part(chunk);
                System.arraycopy(content, within, target, start + done, count);
            }
            done += count;
        }
    }

    @Override
    public long zeros(long offset) throws IOException {
        long end = offset;
        for (int i = 0; i < ZEROS && end < size(); i++) {
            long chunk = end / geometry.chunkSize();
            try {
                if (!(chunks.place(chunk) instanceof Fill(long pattern)) || pattern != 0) {
                    break;
                }
            } catch (CorruptException _) {
                break;
            }
            end = chunk * geometry.chunkSize() + geometry.length(chunk);
        }
        return end - offset;
    }

    private byte[] load(long chunk) throws IOException {
        byte[] content = new byte[geometry.length(chunk)];
        decode(chunk, content, 0, content.length);
        return content;
    }

    private void decode(long chunk, byte[] target, int start, int length) throws IOException {
        Place place = null;
        try {
            place = chunks.place(chunk);
            switch (place) {
                case Fill(long pattern) -> fill(pattern, target, start, length);
                case Stored stored -> decode(stored, target, start, length);
            }
        } catch (CorruptException e) {
            throw new CorruptException(
                    "%s chunk %d%s: %s; bytes %d to %d of the disk are lost with it"
                            .formatted(
                                    format,
                                    chunk,
                                    place instanceof Stored stored ? stored.where() : "",
                                    e.getMessage(),
                                    chunk * geometry.chunkSize(),
                                    chunk * geometry.chunkSize() + geometry.length(chunk)),
                    e);
        }
    }

    private static void fill(long pattern, byte[] target, int start, int length) {
        for (int i = 0; i < length; i++) {
            target[start + i] = (byte) (pattern >>> 8 * (i & 7));
        }
    }

    private void decode(Stored stored, byte[] target, int start, int length) throws IOException {
        Decoder free = decoders.poll();
        Decoder decoder = free == null ? new Decoder(geometry) : free;
        try {
            decoder.decode(stored, target, start, length);
        } finally {
            decoders.add(decoder);
            if (closed) {
                endDecoders();
            }
        }
    }

    private void endDecoders() {
        for (Decoder decoder = decoders.poll(); decoder != null; decoder = decoders.poll()) {
            decoder.close();
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        endDecoders();
        IOException failed = null;
        for (Segment segment : segments) {
            try {
                segment.bytes().close();
            } catch (IOException e) {
                failed = e;
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
