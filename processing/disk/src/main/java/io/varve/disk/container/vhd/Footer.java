package io.varve.disk.container.vhd;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import io.varve.disk.container.Disks;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.LongStream;

/// The last sector of the file: what kind of disk it is and how large.
///
/// @param header offset of the header of a dynamic disk
/// @param id unique id, 32 hexadecimal digits
record Footer(long header, long size, int type, boolean hasValidChecksum, String id, boolean isSaved) {
    static final int FIXED = 2;
    static final int DYNAMIC = 3;
    static final int DIFFERENCING = 4;

    private static final int SIZE = 512;
    private static final int SHORT_SIZE = 511;
    private static final int CHECKSUM = 64;
    private static final long COOKIE = 0x636f_6e65_6374_6978L;

    static boolean isOne(Bytes file) throws IOException {
        return places(file).length > 0;
    }

    /// The footer, or its copy at the start when the footer is damaged.
    static Footer of(Bytes file, List<String> notes) throws IOException {
        long[] places = places(file);
        if (places.length == 0) {
            throw new CorruptException("VHD footer is not at the end of the file, its copy not at the start");
        }
        for (long place : places) {
            Footer footer = read(file, place);
            if (footer.hasValidChecksum) {
                if (place == 0) {
                    notes.add("the footer is damaged or missing; its copy at the start was read");
                }
                return footer;
            }
        }
        notes.add("the checksum of the footer does not match");
        return read(file, places[0]);
    }

    /// Where a footer is: the last sector, which Virtual PC before 2004 wrote one byte short, or the first.
    private static long[] places(Bytes file) throws IOException {
        LongStream.Builder places = LongStream.builder();
        for (long place : new long[] {file.size() - SIZE, file.size() - SHORT_SIZE, 0}) {
            if (place >= 0
                    && place <= file.size() - SHORT_SIZE
                    && Cursor.bigEndian(file.at(place, Long.BYTES, "VHD cookie"))
                                    .i64("VHD cookie")
                            == COOKIE) {
                places.add(place);
            }
        }
        return places.build().toArray();
    }

    private static Footer read(Bytes file, long place) throws IOException {
        MemorySegment bytes = file.at(place, SHORT_SIZE, "VHD footer");
        Cursor in = Cursor.bigEndian(bytes);
        in.skip(16, "VHD cookie");
        long header = in.i64("VHD data offset");
        in.skip(24, "VHD creator");
        long size = Disks.size(in.i64("VHD size"), "VHD size at offset " + (place + 48));
        in.skip(4, "VHD geometry");
        int type = in.i32("VHD type");
        in.skip(4, "VHD checksum");
        String id = HexFormat.of().formatHex(in.bytes(16, "VHD unique id").toArray(ValueLayout.JAVA_BYTE));
        boolean saved = in.u8("VHD saved state") != 0;
        return new Footer(header, size, type, checksumMatches(bytes, CHECKSUM), id, saved);
    }

    /// The checksum is the complement of the sum of all bytes but its own.
    static boolean checksumMatches(MemorySegment bytes, int at) {
        int sum = 0;
        for (long i = 0; i < bytes.byteSize(); i++) {
            sum += i >= at && i < at + 4 ? 0 : bytes.get(ValueLayout.JAVA_BYTE, i) & 0xff;
        }
        return Cursor.bigEndian(bytes).at(at).i32("VHD checksum") == ~sum;
    }
}
