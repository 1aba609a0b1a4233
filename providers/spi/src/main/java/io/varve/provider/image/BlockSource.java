package io.varve.provider.image;

import io.varve.provider.ProviderException;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;

/// A disk that stands still and can be read in blocks, in any order and by several threads at once: a snapshot in a
/// cloud.
public interface BlockSource extends AutoCloseable {
    /// Name of the disk, e.g. `vol-0123456789abcdef0`.
    String name();

    /// Bytes of the whole disk.
    long size();

    /// Bytes of a block. The last block may reach past the end of the disk.
    int blockSize();

    /// Blocks that were ever written; all others are zero and need not be read.
    BitSet written() throws ProviderException, InterruptedException;

    /// A whole block, its checksum compared where the other side states one.
    byte[] read(int block) throws ProviderException, InterruptedException;

    /// CRC-32C of all bytes of the disk, where the other side states one: compared once all of them were read.
    default Optional<Integer> crc32c() {
        return Optional.empty();
    }

    /// How the name of a file of these bytes ends: `.raw`, or that of the disk image they are.
    default String ending() {
        return ".raw";
    }

    /// Where it comes from, for the manifest: e.g. `snapshot`, `volume`, `device`.
    Map<String, String> about();

    @Override
    void close();
}
