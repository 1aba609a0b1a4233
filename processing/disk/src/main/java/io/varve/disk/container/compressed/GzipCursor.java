package io.varve.disk.container.compressed;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.Scratch;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/// Reads the members of a gzip file one after another, from its start or from a checkpoint on.
///
/// Written after RFC 1952. For one thread at a time.
final class GzipCursor {
    private static final int HEADER = 10;
    private static final int TRAILER = 8;

    /// Most bytes of the name or comment of a member.
    private static final int LONGEST_NAME = 64 << 10;

    private static final int CHECKSUM = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;

    private final Bytes source;
    private final Inflate inflate;
    private final CRC32 crc = new CRC32();
    private boolean checked;
    private long memberLength;
    private long position;
    private boolean ended;
    private Optional<String> damage = Optional.empty();

    /// A place to go on from.
    ///
    /// @param position in the expanded bytes
    /// @param window its window, deflated
    record Checkpoint(long position, Inflate.State state, byte[] window, int windowLength) {
        private static final byte[] NONE = new byte[0];

        static Checkpoint of(long position, Inflate.State state) {
            var deflater = new Deflater(Deflater.BEST_SPEED);
            try {
                deflater.setInput(state.window());
                deflater.finish();
                byte[] window = new byte[state.window().length + 1024];
                int length = deflater.deflate(window);
                var bare = new Inflate.State(
                        state.bit(),
                        NONE,
                        state.where(),
                        state.lastBlock(),
                        state.stored(),
                        state.lengths(),
                        state.literals());
                return new Checkpoint(position, bare, Arrays.copyOf(window, length), state.window().length);
            } finally {
                deflater.end();
            }
        }

        int weight() {
            return window.length + state.lengths().length + 200;
        }

        Inflate.State restored() {
            byte[] plain = new byte[windowLength];
            var inflater = new Inflater();
            try {
                inflater.setInput(window);
                int count = inflater.inflate(plain);
                if (count != windowLength) {
                    throw new IllegalStateException("window of %d bytes, not %d".formatted(count, windowLength));
                }
            } catch (DataFormatException e) {
                throw new IllegalStateException(e);
            } finally {
                inflater.end();
            }
            return new Inflate.State(
                    state.bit(),
                    plain,
                    state.where(),
                    state.lastBlock(),
                    state.stored(),
                    state.lengths(),
                    state.literals());
        }
    }

    GzipCursor(Bytes source) {
        this.source = source;
        this.inflate = new Inflate(source);
    }

    /// The first member.
    void start() throws IOException {
        checked = true;
        member(0);
    }

    void start(Checkpoint checkpoint) throws IOException {
        checked = false;
        ended = false;
        damage = Optional.empty();
        inflate.start(checkpoint.restored());
        position = checkpoint.position;
    }

    /// Bytes taken so far.
    long position() {
        return position;
    }

    /// Why the bytes end where they do, or what is wrong with them; empty when all is well.
    Optional<String> damage() {
        return damage;
    }

    boolean ended() {
        return ended;
    }

    Checkpoint checkpoint() {
        return Checkpoint.of(position + inflate.ready(), inflate.state());
    }

    /// As many bytes as wanted, fewer at the end only.
    int read(byte[] target, int start, int length) throws IOException {
        int done = 0;
        while (done < length && !ended) {
            int count = inflate.read(target, start + done, length - done);
            if (checked) {
                crc.update(target, start + done, count);
            }
            done += count;
            position += count;
            memberLength += count;
            if (inflate.failure().isPresent() && inflate.ready() == 0) {
                end(Scratch.reason(inflate.failure().get()));
            } else if (inflate.ended()) {
                next();
            }
        }
        return done;
    }

    private void end(String reason) {
        ended = true;
        if (damage.isEmpty()) {
            damage = Optional.of(reason);
        }
    }

    private void next() throws IOException {
        long end = inflate.end();
        if (end > source.size() - TRAILER) {
            end("the checksum at the end of the gzip member is cut");
            return;
        }
        byte[] trailer = new byte[TRAILER];
        source.read(end, trailer, 0, TRAILER);
        if (checked
                && (little(trailer, 0) != crc.getValue() || little(trailer, 4) != (memberLength & 0xffff_ffffL))
                && damage.isEmpty()) {
            damage = Optional.of("the content of the gzip member that ends at offset %d has another checksum"
                    .formatted(end + TRAILER));
        }
        member(end + TRAILER);
    }

    private static long little(byte[] bytes, int start) {
        return bytes[start] & 0xff
                | (bytes[start + 1] & 0xff) << 8
                | (bytes[start + 2] & 0xff) << 16
                | (bytes[start + 3] & 0xffL) << 24;
    }

    /// Begins the member at this offset; the file ends when there is none.
    private void member(long offset) throws IOException {
        byte[] header = new byte[HEADER];
        if (offset > source.size() - HEADER) {
            trailing(offset, (int) (source.size() - offset));
            return;
        }
        source.read(offset, header, 0, HEADER);
        if ((header[0] & 0xff) != 0x1f || (header[1] & 0xff) != 0x8b || header[2] != 8) {
            trailing(offset, HEADER);
            return;
        }
        try {
            inflate.start(Inflate.State.start(body(offset + HEADER, header[3])));
        } catch (CorruptException e) {
            end(Scratch.reason(e));
        }
        crc.reset();
        memberLength = 0;
    }

    /// Padding with zeros is usual, on tapes; anything else is told.
    private void trailing(long offset, int length) throws IOException {
        ended = true;
        byte[] bytes = new byte[length];
        source.read(offset, bytes, 0, length);
        for (byte value : bytes) {
            if (value != 0 && damage.isEmpty()) {
                damage = Optional.of("%d bytes after the last gzip member, at offset %d, are not gzip"
                        .formatted(source.size() - offset, offset));
            }
        }
    }

    private long body(long offset, int flags) throws IOException {
        long at = offset;
        if ((flags & EXTRA) != 0) {
            byte[] length = new byte[2];
            source.read(at, length, 0, 2);
            at += 2 + (length[0] & 0xff | (length[1] & 0xff) << 8);
        }
        if ((flags & NAME) != 0) {
            at = afterText(at);
        }
        if ((flags & COMMENT) != 0) {
            at = afterText(at);
        }
        if ((flags & CHECKSUM) != 0) {
            at += 2;
        }
        source.check(at, 0, "gzip header");
        return at;
    }

    private long afterText(long start) throws IOException {
        byte[] one = new byte[1];
        for (long at = start; at < start + LONGEST_NAME; at++) {
            source.read(at, one, 0, 1);
            if (one[0] == 0) {
                return at + 1;
            }
        }
        throw new CorruptException(
                "gzip: the name at offset %d is longer than %d bytes".formatted(start, LONGEST_NAME));
    }
}
