package io.varve.disk.filesystem.btrfs;

import java.nio.charset.StandardCharsets;

/// Names as one segment of a path.
final class Names {
    private Names() {}

    static String of(Block block, int at, int length) {
        for (int i = 0; i < length; i++) {
            int letter = block.u8(at + i);
            if (letter < 0x20 || letter >= 0x7f || letter == '%' || letter == '/' || letter == '.' && i < 2) {
                return io.varve.disk.Names.segment(io.varve.disk.Names.text(block.copy(at, length)));
            }
        }
        return new String(block.bytes(), block.start() + at, length, StandardCharsets.ISO_8859_1);
    }
}
