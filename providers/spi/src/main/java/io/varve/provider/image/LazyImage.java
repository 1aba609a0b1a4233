package io.varve.provider.image;

import io.varve.evidence.Digest;
import io.varve.evidence.ObjectStore;
import io.varve.provider.ProviderException;
import io.varve.provider.image.Layout.Given;
import io.varve.provider.image.Layout.OnDisk;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Disks as one image that can be read while it is still being fetched.
///
/// A block that is asked for is fetched at once; [#copy] fetches the rest and hands the image to the evidence store in
/// parts. Both keep what they fetch in one place, so a block is fetched once, whoever comes first; what an earlier
/// process fetched counts too.
public final class LazyImage implements AutoCloseable {
    private static final long PART = 64L << 20;
    /// Evidence stores take no more than 10,000 parts.
    private static final int MOST_PARTS = 9_000;
    private static final Duration DEMAND = Duration.ofMillis(300);

    private final Layout layout;
    private final List<BlockSource> disks;
    private final List<BitSet> written;
    private final BlockStore store;
    private final ObjectStore.Upload upload;
    private final Limits limits;
    private final int chunkBlocks;
    private final Map<Integer, CompletableFuture<byte[]>> fetching = new ConcurrentHashMap<>();
    private final BitSet uploaded = new BitSet();
    private final BitSet givenUp = new BitSet();
    private final AtomicLong fetched = new AtomicLong();
    private final Cells cells;
    private volatile long lastDemand = System.nanoTime() - Duration.ofDays(1).toNanos();

    /// @param readers blocks that are fetched at the same time by the copy
    /// @param keptBytes room for blocks on this machine; what is in the evidence store is given up when it is short
    public record Limits(int readers, long keptBytes) {}

    private LazyImage(
            Layout layout,
            List<BlockSource> disks,
            List<BitSet> written,
            BlockStore store,
            ObjectStore.Upload upload,
            Limits limits,
            int chunkBlocks) {
        this.layout = layout;
        this.disks = disks;
        this.written = written;
        this.store = store;
        this.upload = upload;
        this.limits = limits;
        this.chunkBlocks = chunkBlocks;
        upload.parts().forEach(part -> uploaded.set(part.number() - 1));
        cells = new Cells(layout.blocks());
        fetched.set(blocksThere());
    }

    /// @param folder of this image's own, kept from one attempt to the next
    /// @param upload where the image goes; what it has already is not fetched again
    public static LazyImage open(List<BlockSource> disks, Path folder, ObjectStore.Upload upload, Limits limits)
            throws ProviderException, InterruptedException, IOException {
        Layout layout = Layout.of(disks);
        var written = new ArrayList<BitSet>();
        var source = new StringBuilder();
        for (BlockSource disk : disks) {
            BitSet blocks = disk.written();
            written.add(blocks);
            // in order: another process may list the same facts in another one
            source.append(
                    "%s %s %d %d\n".formatted(disk.name(), new TreeMap<>(disk.about()), disk.size(), disk.blockSize()));
        }
        int chunkBlocks = chunkBlocks(layout);
        BlockStore store = BlockStore.open(folder, source.toString(), layout.blockSize(), chunkBlocks, layout.blocks());
        return new LazyImage(layout, disks, written, store, upload, limits, chunkBlocks);
    }

    private static int chunkBlocks(Layout layout) {
        long part = Math.max(PART, layout.size() / MOST_PARTS);
        return Math.toIntExact((part + layout.blockSize() - 1) / layout.blockSize());
    }

    /// Removes what [#open] keeps below this folder.
    public static void forget(Path folder) throws IOException {
        BlockStore.remove(folder);
    }

    public long size() {
        return layout.size();
    }

    /// Bytes that were ever written, of all disks.
    public long writtenBytes() {
        return written.stream().mapToLong(BitSet::cardinality).sum() * layout.blockSize();
    }

    /// Bytes fetched so far, by whomever.
    public long fetchedBytes() {
        return Math.min(writtenBytes(), fetched.get() * layout.blockSize());
    }

    private long blocksThere() {
        long blocks = 0;
        for (int i = 0; i < disks.size(); i++) {
            int first = layout.first(i);
            BitSet of = written.get(i);
            for (int block = of.nextSetBit(0); block >= 0; block = of.nextSetBit(block + 1)) {
                cells.written(first + block);
                if (isUploaded((first + block) / chunkBlocks) || store.has(first + block)) {
                    cells.fetched(first + block);
                    blocks++;
                }
            }
        }
        return blocks;
    }

    /// How far the image is, place by place: [Cells#MOST] letters at most, each for as many blocks as the others. `.`
    /// nothing was ever written there; `0` to `8` eighths of what was written are fetched; `s` stored.
    public String places() {
        return cells.text(block -> isUploaded(block / chunkBlocks));
    }

    /// Bytes of the image for somebody who waits for them.
    public byte[] read(long offset, int length) throws IOException {
        if (offset < 0 || length < 0 || offset + length > layout.size()) {
            throw new IOException("no %d bytes at %d of %d".formatted(length, offset, layout.size()));
        }
        byte[] answer = new byte[length];
        if (length == 0) {
            return answer;
        }
        int first = (int) (offset / layout.blockSize());
        int last = (int) ((offset + length - 1) / layout.blockSize());
        fetchAhead(first, last);
        for (int block = first; block <= last; block++) {
            long start = (long) block * layout.blockSize();
            int from = (int) Math.max(0, offset - start);
            int to = (int) Math.min(layout.blockSize(), offset + length - start);
            byte[] content = demanded(block);
            System.arraycopy(content, from, answer, (int) (start + from - offset), to - from);
        }
        return answer;
    }

    /// Several blocks are fetched at once; whatever goes wrong is said when the block itself is wanted.
    private void fetchAhead(int first, int last) {
        for (int block = first + 1; block <= last; block++) {
            int wanted = block;
            if (isMissing(wanted)) {
                Thread.ofVirtual().name("block-", wanted).start(() -> {
                    try {
                        if (isMissing(wanted)) {
                            block(wanted);
                        }
                    } catch (IOException | ProviderException e) {
                        // said when it is wanted
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
            }
        }
    }

    private byte[] demanded(int block) throws IOException {
        try {
            if (isMissing(block)) {
                lastDemand = System.nanoTime();
            }
            byte[] content = block(block);
            lastDemand = System.nanoTime();
            return content;
        } catch (ProviderException e) {
            throw new IOException(e.reason(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private boolean isMissing(int block) {
        return layout.place(block) instanceof OnDisk place
                && written.get(place.disk()).get(place.block())
                && !store.has(block);
    }

    private byte[] block(int block) throws IOException, ProviderException, InterruptedException {
        return switch (layout.place(block)) {
            case Given given -> given.content();
            case OnDisk place ->
                written.get(place.disk()).get(place.block()) ? fetched(block, place) : Zeros.of(layout.blockSize());
        };
    }

    private byte[] fetched(int block, OnDisk place) throws IOException, ProviderException, InterruptedException {
        Optional<byte[]> kept = store.get(block);
        if (kept.isPresent()) {
            return kept.get();
        }
        var mine = new CompletableFuture<byte[]>();
        CompletableFuture<byte[]> other = fetching.putIfAbsent(block, mine);
        if (other != null) {
            return others(other);
        }
        try {
            Optional<byte[]> meanwhile = store.get(block);
            byte[] content = meanwhile.isPresent() ? meanwhile.get() : fetch(block, place);
            mine.complete(content);
            return content;
        } catch (IOException | ProviderException | InterruptedException | RuntimeException e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            fetching.remove(block, mine);
        }
    }

    private byte[] fetch(int block, OnDisk place) throws IOException, ProviderException, InterruptedException {
        byte[] content = disks.get(place.disk()).read(place.block());
        int chunk = block / chunkBlocks;
        if (isUploaded(chunk)) {
            synchronized (givenUp) {
                if (!givenUp.get(chunk)) {
                    store.put(block, content);
                }
            }
        } else {
            store.put(block, content);
            cells.fetched(block);
            fetched.incrementAndGet();
        }
        return content;
    }

    private static byte[] others(CompletableFuture<byte[]> other) throws IOException, ProviderException {
        try {
            return other.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case ProviderException refused -> throw refused;
                case IOException failed -> throw failed;
                case null, default -> throw new IOException(e);
            }
        }
    }

    private boolean isUploaded(int chunk) {
        synchronized (uploaded) {
            return uploaded.get(chunk);
        }
    }

    /// Whether somebody waits for blocks just now.
    boolean isWantedNow() {
        return System.nanoTime() - lastDemand < DEMAND.toNanos();
    }

    /// Fetches what is missing and stores the image, part after part. Returns when it is whole.
    public void copy(Watch watch) throws ProviderException, InterruptedException, IOException {
        try (var copy = new Copy(this, limits, watch)) {
            copy.run();
        }
        for (int disk = 0; disk < disks.size(); disk++) {
            compare(disk);
        }
    }

    /// Compares a whole disk with what its other side states of it.
    private void compare(int disk) throws ProviderException, InterruptedException, IOException {
        BlockSource source = disks.get(disk);
        Optional<Integer> stated = source.crc32c();
        if (stated.isEmpty()) {
            return;
        }
        var all = new Crc32c(layout.blockSize());
        for (long at = 0; at < source.size(); at += layout.blockSize()) {
            int block = (int) (at / layout.blockSize());
            long left = source.size() - at;
            if (left < layout.blockSize()) {
                all.bytes(block(layout.first(disk) + block), (int) left);
            } else {
                all.block(sum(disk, block));
            }
        }
        if (all.value() != stated.get()) {
            throw new ProviderException(
                    ProviderException.Kind.REFUSED,
                    "the bytes that were read of %s have CRC-32C %08x, its source states %08x: they are not its bytes"
                            .formatted(source.name(), all.value(), stated.get()));
        }
    }

    /// What another worker fetched is read once more: its sums are not known here.
    private int sum(int disk, int block) throws ProviderException, InterruptedException, IOException {
        int here = layout.first(disk) + block;
        if (!written.get(disk).get(block)) {
            return Crc32c.of(Zeros.of(layout.blockSize()), layout.blockSize());
        }
        Optional<Integer> known = store.sum(here);
        return known.isPresent() ? known.get() : Crc32c.of(disks.get(disk).read(block), layout.blockSize());
    }

    int chunks() {
        return (layout.blocks() + chunkBlocks - 1) / chunkBlocks;
    }

    /// Blocks of a chunk that have to be fetched; none when it is stored.
    List<Integer> missing(int chunk) {
        var blocks = new ArrayList<Integer>();
        if (isUploaded(chunk)) {
            return blocks;
        }
        for (int block = chunk * chunkBlocks; block < end(chunk); block++) {
            if (isMissing(block)) {
                blocks.add(block);
            }
        }
        return blocks;
    }

    boolean isStored(int chunk) {
        return isUploaded(chunk);
    }

    byte[] fetch(int block) throws IOException, ProviderException, InterruptedException {
        return block(block);
    }

    /// To be told of the blocks of a chunk as they are fetched.
    ///
    /// @param waiting bytes that the chunks of one copy keep in memory together
    ChunkDigest digest(int chunk, List<Integer> missing, AtomicLong waiting) {
        return new ChunkDigest(this, chunk * chunkBlocks, end(chunk), missing, waiting);
    }

    /// Bytes of a block that are the image's: fewer in the last one.
    int length(int block) {
        return layout.length(block);
    }

    private int end(int chunk) {
        return Math.min(layout.blocks(), (chunk + 1) * chunkBlocks);
    }

    /// Hands a chunk of which nothing is missing to the evidence store.
    void store(int chunk, ChunkDigest blocks) throws IOException {
        long offset = (long) chunk * chunkBlocks * layout.blockSize();
        long length = Math.min(layout.size() - offset, (long) chunkBlocks * layout.blockSize());
        Digest digest = isUnwritten(chunk) ? Zeros.digest(length) : blocks.finish();
        try (InputStream content = stream(chunk)) {
            upload.part(chunk + 1, offset, digest, content, length);
        }
        synchronized (uploaded) {
            uploaded.set(chunk);
        }
    }

    /// Gives the room of stored chunks back when there is too little.
    void giveUp(int chunk) throws IOException {
        synchronized (givenUp) {
            givenUp.set(chunk);
            store.drop(chunk);
        }
    }

    long chunkBytes() {
        return (long) chunkBlocks * layout.blockSize();
    }

    private boolean isUnwritten(int chunk) {
        for (int block = chunk * chunkBlocks; block < end(chunk); block++) {
            boolean hole = layout.place(block) instanceof OnDisk place
                    && !written.get(place.disk()).get(place.block());
            if (!hole) {
                return false;
            }
        }
        return true;
    }

    private InputStream stream(int chunk) {
        return new SequenceInputStream(new Enumeration<>() {
            private int next = chunk * chunkBlocks;

            @Override
            public boolean hasMoreElements() {
                return next < end(chunk);
            }

            @Override
            public InputStream nextElement() {
                if (!hasMoreElements()) {
                    throw new NoSuchElementException();
                }
                int block = next++;
                return new BlockStream(() -> whole(block), layout.length(block));
            }
        });
    }

    byte[] whole(int block) throws IOException {
        try {
            return block(block);
        } catch (ProviderException e) {
            throw new IOException(e.reason(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    public BlockMap map() {
        BitSet zeros = store.zeros();
        var all = new ArrayList<BlockMap.Disk>();
        for (int i = 0; i < disks.size(); i++) {
            int first = layout.first(i);
            BitSet of = written.get(i);
            var zero = new BitSet();
            for (int block = of.nextSetBit(0); block >= 0; block = of.nextSetBit(block + 1)) {
                zero.set(block, zeros.get(first + block));
            }
            all.add(new BlockMap.Disk(
                    disks.get(i).name(),
                    (long) first * layout.blockSize(),
                    disks.get(i).size(),
                    BlockMap.runs(of),
                    BlockMap.runs(zero)));
        }
        return new BlockMap(BlockMap.SCHEMA, layout.blockSize(), layout.size(), all);
    }

    /// Everything kept stays for the next attempt.
    @Override
    public void close() throws IOException {
        disks.forEach(BlockSource::close);
        store.close();
    }
}
