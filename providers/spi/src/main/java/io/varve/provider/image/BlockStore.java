package io.varve.provider.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/// Blocks on this machine's disk on their way to the evidence store: what was read once is not read again, whoever
/// wanted it, and also after a crash.
///
/// One sparse file for each chunk of blocks, and a journal that names a block after its bytes were written. A block
/// whose bytes are not those the journal names (the machine lost power) does not count. Zeros are noted, not written.
final class BlockStore implements AutoCloseable {
    /// Block, CRC-32C, kind.
    private static final int RECORD = Integer.BYTES + Integer.BYTES + 1;

    private static final byte DATA = 0;
    private static final byte ZERO = 1;

    private final Path folder;
    private final int blockSize;
    private final int chunkBlocks;
    private final FileChannel journal;
    private final BitSet present = new BitSet();
    private final BitSet zero = new BitSet();
    private final BitSet summed = new BitSet();
    private final int[] sums;
    /// Writers of one file take turns: in the kernel they would spin for each other.
    private final Object turn = new Object();

    private BlockStore(Path folder, int blockSize, int chunkBlocks, int blocks, FileChannel journal) {
        this.folder = folder;
        this.blockSize = blockSize;
        this.chunkBlocks = chunkBlocks;
        this.journal = journal;
        this.sums = new int[blocks];
    }

    /// Opens what is there already, when it is of the same source; else begins anew.
    ///
    /// @param source names what the blocks are of
    static BlockStore open(Path folder, String source, int blockSize, int chunkBlocks, int blocks) throws IOException {
        Path mark = folder.resolve("source");
        boolean known = Files.exists(mark) && Files.readString(mark).equals(source);
        if (!known) {
            remove(folder);
            Files.createDirectories(folder);
            Files.writeString(mark, source, StandardCharsets.UTF_8);
        }
        FileChannel journal = FileChannel.open(
                folder.resolve("journal"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        var store = new BlockStore(folder, blockSize, chunkBlocks, blocks, journal);
        try {
            store.recall();
            return store;
        } catch (IOException | RuntimeException e) {
            journal.close();
            throw e;
        }
    }

    private void recall() throws IOException {
        long whole = journal.size() / RECORD * RECORD;
        journal.truncate(whole);
        ByteBuffer records = ByteBuffer.allocate(RECORD * 8192);
        long at = 0;
        while (at < whole) {
            records.clear();
            int count = journal.read(records, at);
            if (count <= 0) {
                break;
            }
            records.flip();
            while (records.remaining() >= RECORD) {
                recall(records.getInt(), records.getInt(), records.get());
                at += RECORD;
            }
        }
        journal.position(whole);
        for (int block = present.nextSetBit(0); block >= 0; block = present.nextSetBit(block + 1)) {
            int chunk = block / chunkBlocks;
            if (!Files.exists(file(chunk))) {
                present.clear(chunk * chunkBlocks, (chunk + 1) * chunkBlocks);
            }
        }
    }

    private void recall(int block, int sum, byte kind) {
        if (block >= 0 && block < sums.length) {
            (kind == ZERO ? zero : present).set(block);
            summed.set(block);
            sums[block] = sum;
        }
    }

    /// CRC-32C of a block that was put here, given up meanwhile or not.
    synchronized Optional<Integer> sum(int block) {
        return summed.get(block) ? Optional.of(sums[block]) : Optional.empty();
    }

    synchronized boolean has(int block) {
        return present.get(block) || zero.get(block);
    }

    /// Blocks that were read and hold nothing but zeros.
    synchronized BitSet zeros() {
        return (BitSet) zero.clone();
    }

    Optional<byte[]> get(int block) throws IOException {
        synchronized (this) {
            if (zero.get(block)) {
                return Optional.of(new byte[blockSize]);
            }
            if (!present.get(block)) {
                return Optional.empty();
            }
        }
        ByteBuffer content = ByteBuffer.allocate(blockSize);
        try (FileChannel chunk = FileChannel.open(file(block / chunkBlocks), StandardOpenOption.READ)) {
            long at = (long) (block % chunkBlocks) * blockSize;
            while (content.hasRemaining() && chunk.read(content, at + content.position()) > 0) {
                continue;
            }
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        if (content.hasRemaining() || sum(content.array()) != sums[block]) {
            synchronized (this) {
                present.clear(block);
            }
            return Optional.empty();
        }
        return Optional.of(content.array());
    }

    void put(int block, byte[] content) throws IOException {
        boolean empty = isZero(content);
        if (!empty) {
            try (FileChannel chunk = FileChannel.open(
                    file(block / chunkBlocks),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.SPARSE)) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                long at = (long) (block % chunkBlocks) * blockSize;
                while (bytes.hasRemaining()) {
                    synchronized (turn) {
                        chunk.write(bytes, at + bytes.position());
                    }
                }
            }
        }
        int sum = sum(content);
        synchronized (this) {
            ByteBuffer record = ByteBuffer.allocate(RECORD)
                    .putInt(block)
                    .putInt(sum)
                    .put(empty ? ZERO : DATA)
                    .flip();
            while (record.hasRemaining()) {
                journal.write(record);
            }
            sums[block] = sum;
            summed.set(block);
            (empty ? zero : present).set(block);
        }
    }

    private static boolean isZero(byte[] content) {
        return Arrays.mismatch(content, 0, content.length, Zeros.of(content.length), 0, content.length) < 0;
    }

    private static int sum(byte[] content) {
        var crc = new CRC32C();
        crc.update(content);
        return (int) crc.getValue();
    }

    /// Gives the room of a chunk back: its bytes are in the evidence store.
    void drop(int chunk) throws IOException {
        synchronized (this) {
            present.clear(chunk * chunkBlocks, (chunk + 1) * chunkBlocks);
        }
        Files.deleteIfExists(file(chunk));
    }

    private Path file(int chunk) {
        return folder.resolve("chunk-%06d".formatted(chunk));
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }

    /// Removes everything below the folder, and itself.
    static void remove(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
