package io.varve.emulator.aws;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;

/// What is on a volume: a file, and which of its blocks were ever written. A block may have been written with zeros.
///
/// @param size bytes, a whole number of GiB as EBS has it; what the file lacks at its end is zero and was never written
public record DiskImage(Path file, long size, BitSet written) {
    /// Bytes of a block of the EBS direct APIs.
    public static final int BLOCK = 512 << 10;

    private static final long GIB = 1L << 30;
    private static final byte[] ZERO = new byte[BLOCK];

    /// Blocks that hold anything count as written.
    public static DiskImage of(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            var written = new BitSet();
            long blocks = (channel.size() + BLOCK - 1) / BLOCK;
            for (long block = 0; block < blocks; block++) {
                if (!Arrays.equals(read(channel, block), ZERO)) {
                    written.set((int) block);
                }
            }
            return new DiskImage(file, (channel.size() + GIB - 1) / GIB * GIB, written);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The same disk on which these blocks were written with zeros.
    public DiskImage zeroed(int... blocks) {
        var more = (BitSet) written.clone();
        Arrays.stream(blocks).forEach(more::set);
        return new DiskImage(file, size, more);
    }

    public byte[] block(int index) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            return read(channel, index);
        }
    }

    /// Whether both hold the same in this block.
    boolean isSame(DiskImage other, int index) throws IOException {
        return written.get(index) == other.written.get(index) && Arrays.equals(block(index), other.block(index));
    }

    public long gibibytes() {
        return size / GIB;
    }

    public boolean exists() {
        return Files.exists(file);
    }

    private static byte[] read(FileChannel channel, long index) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        long at = index * BLOCK;
        while (block.hasRemaining()) {
            int count = channel.read(block, at + block.position());
            if (count < 0) {
                break;
            }
        }
        return block.array();
    }
}
