package io.varve.provider.image;

import io.varve.evidence.Digest;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// The digest of a chunk, taken of its blocks as they arrive, so that they are not read again for it. Blocks that
/// arrive before their turn wait in memory, up to a bound for the whole copy; beyond it they are read from this
/// machine's
/// disk when it is their turn.
final class ChunkDigest {
    private static final int MOST_WAITING_BYTES = 16 << 20;

    private final LazyImage image;
    private final int end;
    private final BitSet awaited = new BitSet();
    private final Map<Integer, byte[]> waiting = new HashMap<>();
    private final MessageDigest digest = Digest.sha256();
    private final AtomicLong waitingBytes;
    private int next;

    /// @param first block of the chunk
    /// @param end block behind it
    /// @param missing blocks that are still to be fetched
    /// @param waitingBytes of all chunks of the copy
    ChunkDigest(LazyImage image, int first, int end, List<Integer> missing, AtomicLong waitingBytes) {
        this.image = image;
        this.next = first;
        this.end = end;
        this.waitingBytes = waitingBytes;
        missing.forEach(awaited::set);
    }

    /// A block has been fetched.
    synchronized void add(int block, byte[] content) throws IOException {
        awaited.clear(block);
        if (block > next && waitingBytes.get() + content.length <= MOST_WAITING_BYTES) {
            waiting.put(block, content);
            waitingBytes.addAndGet(content.length);
        } else if (block == next) {
            update(content);
        }
        while (next < end && !awaited.get(next)) {
            byte[] waited = waiting.remove(next);
            if (waited == null) {
                update(image.whole(next));
            } else {
                waitingBytes.addAndGet(-waited.length);
                update(waited);
            }
        }
    }

    private void update(byte[] content) {
        digest.update(content, 0, image.length(next));
        next++;
    }

    /// The digest, once nothing is missing.
    synchronized Digest finish() throws IOException {
        while (next < end) {
            update(image.whole(next));
        }
        return Digest.finish(digest);
    }
}
