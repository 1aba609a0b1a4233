package io.varve.disk.container;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import java.io.IOException;
import java.util.Arrays;

/// The bytes of a disk that an image keeps in pieces. Owns no file.
///
/// @param below the image below; empty bytes when there is none
public record MappedBytes(long size, Layout layout, Bytes below) implements Bytes {
    /// Below an image that stands alone.
    public static final Bytes NOTHING = Bytes.of(new byte[0]);

    /// Most runs looked at for one answer of [#zeros], so that asking stays cheap.
    private static final int RUNS = 1024;

    @Override
    public void read(long offset, byte[] target, int start, int length) throws IOException {
        check(offset, length, "read");
        int done = 0;
        while (done < length) {
            Run run = layout.at(offset + done);
            int part = (int) Math.min(run.length(), length - done);
            switch (run) {
                case Run.Zeros _ -> Arrays.fill(target, start + done, start + done + part, (byte) 0);
                case Run.Stored(Bytes file, long at, long _) -> {
                    checkStored(file, at, part, offset + done);
                    file.read(at, target, start + done, part);
                }
                case Run.Below _ -> readBelow(offset + done, target, start + done, part);
                case Run.Packed(Run.Block block, int from, long _) ->
                    System.arraycopy(block.bytes(), from, target, start + done, part);
            }
            done += part;
        }
    }

    private static void checkStored(Bytes file, long at, int length, long offset) {
        if (at < 0 || at > file.size() - length) {
            throw new CorruptException("the image keeps %d bytes at offset %d of the disk at its offset %d, but has %d"
                    .formatted(length, offset, at, file.size()));
        }
    }

    private void readBelow(long offset, byte[] target, int start, int length) throws IOException {
        int held = Math.clamp(below.size() - offset, 0, length);
        if (held > 0) {
            below.read(offset, target, start, held);
        }
        Arrays.fill(target, start + held, start + length, (byte) 0);
    }

    @Override
    public long zeros(long offset) throws IOException {
        long position = offset;
        try {
            for (int runs = 0; runs < RUNS && position < size; runs++) {
                Run run = layout.at(position);
                long length = Math.min(run.length(), size - position);
                long zeros = Math.min(zeros(run, position), length);
                position += zeros;
                if (zeros < length) {
                    break;
                }
            }
        } catch (CorruptException _) {
            // whoever reads there is told
            return position - offset;
        }
        return position - offset;
    }

    private long zeros(Run run, long position) throws IOException {
        return switch (run) {
            case Run.Zeros zeros -> zeros.length();
            case Run.Stored(Bytes file, long at, long _) -> file.zeros(at);
            case Run.Below _ -> position < below.size() ? zerosBelow(position) : Long.MAX_VALUE;
            case Run.Packed _ -> 0;
        };
    }

    private long zerosBelow(long offset) throws IOException {
        long zeros = below.zeros(offset);
        return offset + zeros >= below.size() ? Long.MAX_VALUE : zeros;
    }
}
