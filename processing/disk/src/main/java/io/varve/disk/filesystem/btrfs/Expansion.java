package io.varve.disk.filesystem.btrfs;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.varve.binary.CorruptException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Expands compressed extents. What is missing at the end is zeros, as the kernel has it.
final class Expansion {
    /// Most bytes of one extent, eight times what the kernel writes.
    static final int MOST = 1 << 20;

    static final int NONE = 0;
    private static final int ZLIB = 1;
    private static final int LZO = 2;
    private static final int ZSTD = 3;

    private Expansion() {}

    /// @param sectorSize of the file system: LZO pieces are laid out by it
    /// @param size of the content
    static byte[] of(int method, byte[] packed, int sectorSize, int size) {
        return switch (method) {
            case ZLIB -> zlib(packed, size);
            case LZO -> lzo(packed, sectorSize, size);
            case ZSTD -> zstd(packed, size);
            default -> throw new CorruptException("btrfs compression %d is not known".formatted(method));
        };
    }

    private static byte[] zlib(byte[] packed, int size) {
        byte[] content = new byte[size];
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(packed);
            int done = 0;
            while (done < size && !inflater.finished()) {
                int count = inflater.inflate(content, done, size - done);
                if (count == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
                    throw new CorruptException("btrfs extent: zlib ends after %d of %d bytes".formatted(done, size));
                }
                done += count;
            }
            return content;
        } catch (DataFormatException e) {
            throw new CorruptException("btrfs extent: zlib: " + e.getMessage(), e);
        } finally {
            inflater.end();
        }
    }

    /// One frame, and padding up to the end of its sector.
    private static byte[] zstd(byte[] packed, int size) {
        byte[] content = new byte[size];
        try {
            int length = Math.toIntExact(Zstd.findFrameCompressedSize(packed));
            int count = Math.toIntExact(Zstd.decompressByteArray(content, 0, size, packed, 0, length));
            Arrays.fill(content, count, size, (byte) 0); // the library may write past what it reports
            return content;
        } catch (ZstdException | ArithmeticException e) {
            throw new CorruptException("btrfs extent: zstd: " + e.getMessage(), e);
        }
    }

    /// The whole length, then pieces of one sector each: a length, and LZO. No length crosses the end of a sector.
    private static byte[] lzo(byte[] packed, int sectorSize, int size) {
        Block block = new Block("LZO extent", 0, packed, 0, packed.length);
        byte[] content = new byte[size];
        long total = Math.min(block.u32(0), packed.length);
        int at = 4;
        int done = 0;
        while (at < total && done < size) {
            if (sectorSize - at % sectorSize < 4) {
                at += sectorSize - at % sectorSize;
            }
            long length = block.u32(at);
            at += 4;
            if (length > packed.length - at) {
                throw block.corrupt("a piece of %d bytes at +%d of %d".formatted(length, at, packed.length));
            }
            int most = Math.min(sectorSize, size - done);
            done += new Lzo(packed, at, (int) length, content, done, most).expand();
            at += (int) length;
        }
        return content;
    }
}
