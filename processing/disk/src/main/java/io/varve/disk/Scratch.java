package io.varve.disk;

import io.varve.binary.Bytes;
import io.varve.binary.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where compressed content is expanded to, bounded: the first [#IN_MEMORY] bytes in memory, more in a private file
/// that
/// has no name, so nothing stays behind even after a crash.
public final class Scratch {
    /// Largest content kept in memory.
    public static final int IN_MEMORY = 8 << 20;

    /// Most bytes of scratch files at one time, unless told otherwise.
    public static final long MOST = 64L << 30;

    private static final int CHUNK = 64 << 10;

    private final Path folder;
    private final long most;
    private long used;

    /// @param most most bytes of scratch files at one time
    public Scratch(Path folder, long most) {
        this.folder = folder;
        this.most = most;
    }

    /// Scratch files in the system's temporary folder.
    public static Scratch temporary() {
        return new Scratch(Path.of(System.getProperty("java.io.tmpdir", "/tmp")), MOST);
    }

    /// Content that was expanded, and why it is not whole when it is not.
    public record Expanded(Bytes bytes, Optional<String> damage) {}

    /// What one piece of evidence may expand to, all its archives together: a bomb costs time in proportion to its
    /// size.
    public static final class Allowance {
        private long left;
        private long members = Limits.MEMBERS;

        public Allowance(long evidenceSize) {
            left = Limits.EXPANSION_FLOOR
                    + Math.multiplyExact(Math.min(evidenceSize, 1L << 50), Limits.EXPANSION_RATIO);
        }

        /// Takes one member off; a reason when the limit is reached. Members may overlap in a crafted archive, so the
        /// archive's size does not bound their number.
        Optional<String> member() {
            if (--members < 0) {
                return Optional.of("limit: more than %d members in all".formatted(Limits.MEMBERS));
            }
            return left < 0 ? Optional.of(expandsTooMuch()) : Optional.empty();
        }

        /// Takes the content of a member off.
        void read(long size) {
            left -= size;
        }

        private static String expandsTooMuch() {
            return "limit: the evidence expands to more than %d times its size".formatted(Limits.EXPANSION_RATIO);
        }
    }

    /// Expands until the end, a damage or a limit; what came out before is kept.
    ///
    /// @throws IOException when nothing came out
    /// @param compressed size of what is expanded, for the limit on the ratio
    public Expanded expand(InputStream in, long compressed, Allowance allowance) throws IOException {
        var target = new Target();
        Optional<String> damage = Optional.empty();
        byte[] chunk = new byte[CHUNK];
        while (damage.isEmpty()) {
            int count;
            try {
                count = in.read(chunk, 0, CHUNK);
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                damage = Optional.of("expanding stopped after %d bytes: %s".formatted(target.size, reason(e)));
                break;
            }
            if (count < 0) {
                break;
            }
            damage = refusal(target.size + count, compressed, count, allowance);
            if (damage.isEmpty()) {
                damage = target.add(chunk, count);
            }
        }
        if (target.size == 0 && damage.isPresent()) {
            throw new IOException(damage.get());
        }
        return new Expanded(target.bytes(), damage);
    }

    private static Optional<String> refusal(long size, long compressed, int count, Allowance allowance) {
        allowance.left -= count;
        if (allowance.left < 0) {
            return Optional.of(Allowance.expandsTooMuch());
        }
        if (size > Limits.EXPANDED) {
            return Optional.of("limit: expands to more than %d bytes".formatted(Limits.EXPANDED));
        }
        if (size > Limits.EXPANSION_FLOOR && size / Limits.EXPANSION_RATIO > compressed) {
            return Optional.of("limit: expands to more than %d times its size".formatted(Limits.EXPANSION_RATIO));
        }
        return Optional.empty();
    }

    private synchronized void take(long bytes) throws IOException {
        if (used + bytes > most) {
            throw new IOException("limit of %d bytes of scratch files".formatted(most));
        }
        used += bytes;
    }

    private synchronized void give(long bytes) {
        used -= bytes;
    }

    /// A message fit for coverage.
    public static String reason(Throwable e) {
        String message = e.getMessage();
        return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
    }

    /// Where expanded bytes gather: memory first, then a file.
    private final class Target {
        private byte[] memory = new byte[CHUNK];
        private @Nullable FileChannel file;
        private long size;

        /// A reason when there is no room.
        Optional<String> add(byte[] chunk, int count) {
            try {
                if (file == null && size + count <= IN_MEMORY) {
                    remember(chunk, count);
                } else {
                    write(chunk, count);
                }
                size += count;
                return Optional.empty();
            } catch (IOException e) {
                return Optional.of("scratch file full after %d bytes: %s".formatted(size, reason(e)));
            }
        }

        private void remember(byte[] chunk, int count) {
            int wanted = (int) size + count;
            if (wanted > memory.length) {
                memory = Arrays.copyOf(memory, Math.max(wanted, memory.length * 2));
            }
            System.arraycopy(chunk, 0, memory, (int) size, count);
        }

        private void write(byte[] chunk, int count) throws IOException {
            FileChannel out = file;
            if (out == null) {
                out = nameless();
                file = out;
                append(out, memory, (int) size);
            }
            append(out, chunk, count);
        }

        private void append(FileChannel out, byte[] bytes, int length) throws IOException {
            take(length);
            ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
            while (buffer.hasRemaining()) {
                out.write(buffer);
            }
        }

        private FileChannel nameless() throws IOException {
            Path path = Files.createTempFile(folder, "varve-", ".scratch");
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
            Files.delete(path);
            return channel;
        }

        Bytes bytes() throws IOException {
            return file == null ? Bytes.of(Arrays.copyOf(memory, (int) size)) : new ScratchBytes(new FileBytes(file));
        }
    }

    private final class ScratchBytes implements Bytes {
        private final FileBytes file;
        private boolean closed;

        ScratchBytes(FileBytes file) {
            this.file = file;
        }

        @Override
        public long size() {
            return file.size();
        }

        @Override
        public void read(long offset, byte[] target, int start, int length) throws IOException {
            file.read(offset, target, start, length);
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                closed = true;
                give(file.size());
                file.close();
            }
        }
    }
}
