package io.varve.disk.container.vhdx;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import io.varve.disk.LayerException;
import io.varve.disk.container.Guids;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/// The current one of the two headers: the valid one with the higher sequence number.
///
/// @param dataId changes whenever the content of the disk does; differencing disks know their parent by it
record Header(long offset, long sequence, UUID dataId, UUID logId, int logVersion, long logLength, long logOffset) {
    private static final long[] PLACES = {64 << 10, 128 << 10};
    private static final int SIZE = 4096;
    private static final int SIGNATURE = 0x6461_6568;
    private static final UUID NONE = new UUID(0, 0);

    boolean isDirty() {
        return !logId.equals(NONE);
    }

    static Header of(Bytes file, List<String> notes) throws IOException {
        Optional<Header> first = read(file, PLACES[0]);
        Optional<Header> second = read(file, PLACES[1]);
        if (first.isEmpty() && second.isEmpty()) {
            throw new CorruptException(
                    "VHDX headers at offsets %d and %d are both damaged".formatted(PLACES[0], PLACES[1]));
        }
        if (first.isEmpty() || second.isEmpty()) {
            // normal when a machine stopped while it wrote one of them
            notes.add("one of the two headers is damaged; the other was read");
            return first.or(() -> second).get();
        }
        return first.get().sequence >= second.get().sequence ? first.get() : second.get();
    }

    private static Optional<Header> read(Bytes file, long offset) throws IOException {
        MemorySegment bytes = file.at(offset, SIZE, "VHDX header");
        Cursor in = Cursor.littleEndian(bytes);
        if (in.i32("VHDX header signature") != SIGNATURE || !Checksum.matches(bytes)) {
            return Optional.empty();
        }
        in.skip(4, "VHDX header checksum");
        long sequence = in.i64("VHDX header sequence");
        in.skip(16, "VHDX file write id");
        UUID dataId = Guids.read(in, "VHDX data write id");
        UUID logId = Guids.read(in, "VHDX log id");
        int logVersion = in.u16("VHDX log version");
        int version = in.u16("VHDX version");
        if (version != 1) {
            throw new LayerException(
                    Vhdx.LAYER,
                    OptionalLong.of(offset + 66),
                    "version %d is not read".formatted(version),
                    "convert the image with Hyper-V");
        }
        long logLength = in.u32("VHDX log length");
        return Optional.of(
                new Header(offset, sequence, dataId, logId, logVersion, logLength, in.i64("VHDX log offset")));
    }
}
