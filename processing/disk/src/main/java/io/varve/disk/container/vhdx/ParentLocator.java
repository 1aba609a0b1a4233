package io.varve.disk.container.vhdx;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import io.varve.binary.Limits;
import io.varve.disk.LayerException;
import io.varve.disk.container.Guids;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;

/// Where the parent of a differencing disk is, and which ids it may have.
///
/// @param ids lower-case, without braces
/// @param paths the likeliest first
record ParentLocator(List<String> ids, List<String> paths) {
    private static final UUID TYPE = UUID.fromString("b04aefb7-d19e-4a81-b789-25b8e9445913");
    private static final int LARGEST = 1 << 20;
    private static final int MOST = 64;

    static ParentLocator of(Bytes file, Metadata metadata) throws IOException {
        Regions.Region place = metadata.locator();
        int length = Limits.check(place.length(), LARGEST, "VHDX parent locator size");
        MemorySegment bytes = file.at(place.offset(), length, "VHDX parent locator");
        Cursor in = Cursor.littleEndian(bytes);
        UUID type = Guids.read(in, "VHDX parent locator type");
        if (!type.equals(TYPE)) {
            throw new LayerException(
                    Vhdx.LAYER,
                    OptionalLong.of(place.offset()),
                    "the parent is described in a way not known, type " + type,
                    "merge the disk and its parent with Hyper-V");
        }
        in.skip(2, "VHDX parent locator");
        int count = Limits.check(in.u16("VHDX parent locator count"), MOST, "VHDX parent locator count");
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < count; i++) {
            long key = in.u32("VHDX parent locator key offset");
            long value = in.u32("VHDX parent locator value offset");
            int keyLength = in.u16("VHDX parent locator key length");
            int valueLength = in.u16("VHDX parent locator value length");
            values.putIfAbsent(text(in, key, keyLength), text(in, value, valueLength));
        }
        List<String> ids = known(values, "parent_linkage", "parent_linkage2")
                .map(id -> id.replace("{", "").replace("}", "").toLowerCase(Locale.ROOT))
                .toList();
        if (ids.isEmpty()) {
            throw new CorruptException("VHDX parent locator at offset %d names no parent".formatted(place.offset()));
        }
        return new ParentLocator(
                ids,
                known(values, "relative_path", "volume_path", "absolute_win32_path")
                        .toList());
    }

    private static Stream<String> known(Map<String, String> values, String... keys) {
        return Stream.of(keys).map(values::get).filter(Objects::nonNull);
    }

    private static String text(Cursor in, long offset, int length) {
        byte[] raw = in.at(offset).bytes(length, "VHDX parent locator text").toArray(ValueLayout.JAVA_BYTE);
        return new String(raw, StandardCharsets.UTF_16LE);
    }
}
