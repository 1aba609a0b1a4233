package io.varve.disk.container.compressed;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStream;
import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.Scratch;
import io.varve.disk.Scratch.Allowance;
import io.varve.disk.Scratch.Expanded;
import io.varve.disk.container.LoadedCache;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// The content of a zstd file: by frames where it has several of known size, else expanded once.
final class ZstdRaw implements CompressedRaw {
    /// Most bytes of frames kept, though always one.
    private static final long CACHE = 48L << 20;

    private static final int BUFFER = 1 << 16;

    private final Bytes file;
    private final ZstdFrames frames;
    private final LoadedCache<byte[]> expanded = new LoadedCache<>(CACHE, frame -> frame.length, this::load);
    private final Optional<Expanded> whole;

    private ZstdRaw(Bytes file, ZstdFrames frames, Optional<Expanded> whole) {
        this.file = file;
        this.frames = frames;
        this.whole = whole;
    }

    static ZstdRaw open(Bytes file, Scratch scratch) throws IOException {
        Optional<ZstdFrames> frames = ZstdFrames.of(file);
        if (frames.isPresent()) {
            return new ZstdRaw(file, frames.get(), Optional.empty());
        }
        try (InputStream in =
                new ZstdInputStream(new BufferedInputStream(file.stream(), BUFFER)).setContinuous(false)) {
            Expanded whole = scratch.expand(in, file.size(), new Allowance(file.size()));
            return new ZstdRaw(file, new ZstdFrames(new long[0], new int[0], new long[1]), Optional.of(whole));
        }
    }

    @Override
    public String format() {
        return "zstd raw";
    }

    @Override
    public Optional<String> damage() {
        return whole.flatMap(Expanded::damage);
    }

    @Override
    public long size() {
        return whole.map(content -> content.bytes().size()).orElse(frames.size());
    }

    @Override
    public void read(long offset, byte[] target, int start, int length) throws IOException {
        check(offset, length, "read");
        if (whole.isPresent()) {
            whole.get().bytes().read(offset, target, start, length);
            return;
        }
        int done = 0;
        while (done < length) {
            int frame = frames.frame(offset + done);
            byte[] content = expanded.part(frame);
            int within = (int) (offset + done - frames.starts()[frame]);
            int count = Math.min(length - done, content.length - within);
            System.arraycopy(content, within, target, start + done, count);
            done += count;
        }
    }

    private byte[] load(long number) throws IOException {
        int frame = (int) number;
        byte[] stored = new byte[frames.lengths()[frame]];
        file.read(frames.offsets()[frame], stored, 0, stored.length);
        byte[] content = new byte[(int) (frames.starts()[frame + 1] - frames.starts()[frame])];
        String problem = "";
        try {
            long count = Zstd.decompressByteArray(content, 0, content.length, stored, 0, stored.length);
            problem = count == content.length ? "" : "expands to %d bytes".formatted(count);
        } catch (ZstdException e) {
            problem = Scratch.reason(e);
        }
        if (!problem.isEmpty()) {
            throw new CorruptException("zstd frame %d at offset %d: %s; bytes %d to %d are lost with it"
                    .formatted(
                            frame,
                            frames.offsets()[frame],
                            problem,
                            frames.starts()[frame],
                            frames.starts()[frame + 1]));
        }
        return content;
    }

    @Override
    public void close() throws IOException {
        if (whole.isPresent()) {
            whole.get().bytes().close();
        }
        file.close();
    }
}
