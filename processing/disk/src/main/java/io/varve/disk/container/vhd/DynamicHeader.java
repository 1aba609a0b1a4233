package io.varve.disk.container.vhd;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import io.varve.binary.Limits;
import io.varve.disk.container.Disks;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// The header of a dynamic or differencing disk.
///
/// @param table offset of the block allocation table
/// @param blockSize bytes of the disk in one block
record DynamicHeader(long table, long blockSize, String parentId, String parentName, List<Locator> locators) {
    private static final int SIZE = 1024;
    private static final long COOKIE = 0x6378_7370_6172_7365L;
    private static final int CHECKSUM = 36;
    private static final int NAME = 512;
    private static final int LOCATORS = 8;
    private static final int LONGEST_PATH = 64 << 10;
    private static final long LARGEST_BLOCK = 256L << 20;

    private static final int WINDOWS_RELATIVE = 0x57327275;
    private static final int WINDOWS_ABSOLUTE = 0x57326b75;
    private static final int MAC_URL = 0x4d616358;
    private static final int OLD_RELATIVE = 0x57693272;
    private static final int OLD_ABSOLUTE = 0x5769326b;

    /// Where a path of the parent is stored.
    record Locator(int platform, long length, long offset) {}

    static DynamicHeader of(Bytes file, Footer footer, List<String> notes) throws IOException {
        MemorySegment bytes = file.at(footer.header(), SIZE, "VHD dynamic header");
        Cursor in = Cursor.bigEndian(bytes);
        if (in.i64("VHD dynamic header cookie") != COOKIE) {
            throw new CorruptException("VHD dynamic header is not at offset " + footer.header());
        }
        if (!Footer.checksumMatches(bytes, CHECKSUM)) {
            notes.add("the checksum of the dynamic header does not match");
        }
        in.skip(8, "VHD dynamic header");
        long table = in.i64("VHD table offset");
        in.skip(4, "VHD header version");
        long entries = in.u32("VHD table entries");
        long blockSize = in.u32("VHD block size");
        if (blockSize < Disks.SECTOR || blockSize > LARGEST_BLOCK || Long.bitCount(blockSize) != 1) {
            throw new CorruptException("VHD block size at offset %d is %d".formatted(footer.header() + 32, blockSize));
        }
        long needed = (footer.size() + blockSize - 1) / blockSize;
        if (entries < needed) {
            throw new CorruptException(
                    "VHD table has %d entries, a disk of %d bytes needs %d".formatted(entries, footer.size(), needed));
        }
        file.check(table, needed * Integer.BYTES, "VHD block allocation table");
        in.skip(4, "VHD checksum");
        String parentId = HexFormat.of().formatHex(in.bytes(16, "VHD parent id").toArray(ValueLayout.JAVA_BYTE));
        in.skip(8, "VHD parent time");
        String name = text(in.bytes(NAME, "VHD parent name").toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_16BE);
        List<Locator> locators = new ArrayList<>();
        for (int i = 0; i < LOCATORS; i++) {
            int platform = in.i32("VHD locator platform");
            in.skip(4, "VHD locator space");
            long length = in.u32("VHD locator length");
            in.skip(4, "VHD locator");
            locators.add(new Locator(platform, length, in.i64("VHD locator offset")));
        }
        return new DynamicHeader(table, blockSize, parentId, name, List.copyOf(locators));
    }

    /// Where the parent may be, the likeliest first.
    List<String> parentPaths(Bytes file) throws IOException {
        List<String> paths = new ArrayList<>();
        for (int platform : new int[] {WINDOWS_RELATIVE, WINDOWS_ABSOLUTE, MAC_URL, OLD_RELATIVE, OLD_ABSOLUTE}) {
            for (Locator locator : locators) {
                if (locator.platform == platform) {
                    paths.add(path(file, locator));
                }
            }
        }
        paths.add(parentName);
        paths.removeIf(String::isEmpty);
        return paths;
    }

    private static String path(Bytes file, Locator locator) throws IOException {
        byte[] raw = new byte[Limits.check(locator.length, LONGEST_PATH, "VHD parent locator length")];
        file.check(locator.offset, raw.length, "VHD parent locator");
        file.read(locator.offset, raw, 0, raw.length);
        return switch (locator.platform) {
            case WINDOWS_RELATIVE, WINDOWS_ABSOLUTE -> text(raw, StandardCharsets.UTF_16LE);
            default -> text(raw, StandardCharsets.UTF_8);
        };
    }

    private static String text(byte[] raw, Charset charset) {
        String text = new String(raw, charset);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }
}
