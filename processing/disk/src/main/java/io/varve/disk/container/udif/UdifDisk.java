package io.varve.disk.container.udif;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Limits;
import io.varve.disk.LayerException;
import io.varve.disk.Scratch;
import io.varve.disk.container.Container;
import io.varve.disk.container.LoadedCache;
import io.varve.disk.container.udif.BlockTable.Chunk;
import io.varve.disk.container.udif.BlockTable.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.XZInputStream;

/// The disk in an Apple image. Sectors that no table lists are free space and read as zeros.
final class UdifDisk implements Container {
    /// Largest chunk that is expanded; hdiutil makes 256 KiB to 1 MiB.
    private static final int LARGEST_CHUNK = 32 << 20;

    /// Most bytes of expanded chunks kept.
    private static final long CACHE = 32L << 20;

    /// Most memory the LZMA decoder may take.
    private static final int LZMA_KIB = 64 << 10;

    private final long size;
    private final BlockTable blocks;
    private final Bytes data;
    private final List<Bytes> files;
    private final LoadedCache<byte[]> expanded = new LoadedCache<>(CACHE, chunk -> chunk.length, this::load);

    UdifDisk(long size, BlockTable blocks, Bytes data, List<Bytes> files) {
        this.size = size;
        this.blocks = blocks;
        this.data = data;
        this.files = List.copyOf(files);
    }

    @Override
    public String format() {
        return "DMG";
    }

    @Override
    public List<String> notes() {
        return List.of("segments: %d".formatted(files.size()));
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void read(long offset, byte[] target, int start, int length) throws IOException {
        check(offset, length, "read");
        int done = 0;
        while (done < length) {
            long at = offset + done;
            long sector = at / Udif.SECTOR;
            Optional<Integer> found = blocks.find(sector);
            long end = (found.isPresent() ? blocks.chunks()[found.get()].end() : blocks.next(sector)) * Udif.SECTOR;
            int count = (int) Math.min(length - done, end - at);
            if (found.isEmpty() || !blocks.chunks()[found.get()].kind().isStored()) {
                Arrays.fill(target, start + done, start + done + count, (byte) 0);
            } else {
                read(found.get(), at, target, start + done, count);
            }
            done += count;
        }
    }

    private void read(int number, long at, byte[] target, int start, int count) throws IOException {
        Chunk chunk = blocks.chunks()[number];
        long within = at - chunk.start() * Udif.SECTOR;
        if (chunk.kind() != Kind.RAW) {
            System.arraycopy(expanded.part(number), (int) within, target, start, count);
            return;
        }
        // bytes that are not stored are zeros
        int stored = Math.clamp(chunk.length() - within, 0, count);
        if (chunk.offset() > data.size() - within - stored) {
            throw new CorruptException("DMG %s is past the end of the file".formatted(named(chunk)));
        }
        data.read(chunk.offset() + within, target, start, stored);
        Arrays.fill(target, start + stored, start + count, (byte) 0);
    }

    @Override
    public long zeros(long offset) {
        if (offset < 0 || offset >= size) {
            return 0;
        }
        long sector = offset / Udif.SECTOR;
        Optional<Integer> found = blocks.find(sector);
        if (found.isPresent() && blocks.chunks()[found.get()].kind().isStored()) {
            return 0;
        }
        long end = found.isPresent() ? blocks.chunks()[found.get()].end() : blocks.next(sector);
        return Math.min(size, end * Udif.SECTOR) - offset;
    }

    private static String named(Chunk chunk) {
        return "%s block of sectors %d to %d at offset %d"
                .formatted(chunk.kind(), chunk.start(), chunk.end(), chunk.offset());
    }

    private byte[] load(long number) throws IOException {
        Chunk chunk = blocks.chunks()[(int) number];
        long length = Math.min(chunk.sectors(), LARGEST_CHUNK) * Udif.SECTOR;
        byte[] content = new byte[Limits.check(length, LARGEST_CHUNK, "size of DMG " + named(chunk))];
        if (chunk.offset() > data.size() || chunk.length() > data.size() - chunk.offset()) {
            throw new CorruptException("DMG %s is past the end of the file".formatted(named(chunk)));
        }
        byte[] stored = new byte[Limits.check(chunk.length(), 2 * LARGEST_CHUNK, "length of DMG " + named(chunk))];
        data.read(chunk.offset(), stored, 0, stored.length);
        try {
            int count = expand(chunk, stored, content);
            if (count < content.length) {
                throw new CorruptException("it expands to %d bytes of %d".formatted(count, content.length));
            }
            return content;
        } catch (CorruptException e) {
            throw new CorruptException("DMG %s: %s".formatted(named(chunk), e.getMessage()), e);
        }
    }

    private static int expand(Chunk chunk, byte[] stored, byte[] content) throws LayerException {
        return switch (chunk.kind()) {
            case ADC -> Adc.expand(stored, content);
            case ZLIB -> inflate(stored, content);
            case BZIP2 -> stream(stored, content, BZip2CompressorInputStream::new);
            case LZMA -> stream(stored, content, in -> new XZInputStream(in, LZMA_KIB));
            case LZFSE -> Lzfse.expand(stored, content);
            case UNKNOWN, ZERO, RAW, IGNORED ->
                throw new LayerException(
                        "DMG",
                        OptionalLong.of(chunk.offset()),
                        "%s blocks are not read".formatted(chunk.kind()),
                        "convert the image with hdiutil convert -format UDZO");
        };
    }

    private static int inflate(byte[] stored, byte[] content) {
        var inflater = new Inflater();
        try {
            inflater.setInput(stored);
            int count = 0;
            while (count < content.length && !inflater.finished()) {
                int more = inflater.inflate(content, count, content.length - count);
                if (more == 0 && !inflater.finished()) {
                    break;
                }
                count += more;
            }
            return count;
        } catch (DataFormatException e) {
            throw new CorruptException("it does not expand: " + e.getMessage(), e);
        } finally {
            inflater.end();
        }
    }

    private interface Opener {
        InputStream open(InputStream in) throws IOException;
    }

    private static int stream(byte[] stored, byte[] content, Opener opener) {
        try (InputStream in = opener.open(new ByteArrayInputStream(stored))) {
            return in.readNBytes(content, 0, content.length);
        } catch (IOException | RuntimeException e) {
            throw new CorruptException("it does not expand: " + Scratch.reason(e), e);
        }
    }

    @Override
    public void close() throws IOException {
        IOException failed = null;
        for (Bytes file : files) {
            try {
                file.close();
            } catch (IOException e) {
                failed = e;
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
