package io.varve.disk.filesystem.ntfs;

import io.varve.disk.LittleEndian;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// The value of `$EA`: a chain of names and values (FILE_FULL_EA_INFORMATION in [MS-FSCC] section 2.4.16). Linux
/// subsystems keep owner and mode there: `$LXUID`, `$LXGID`, `$LXMOD`.
final class ExtendedAttributes {
    private static final int HEADER = 8;

    private ExtendedAttributes() {}

    /// What can be read of it.
    static Map<String, byte[]> read(byte[] chain) {
        Map<String, byte[]> read = new LinkedHashMap<>();
        int at = 0;
        while (at <= chain.length - HEADER) {
            long next = LittleEndian.u32(chain, at);
            int nameLength = LittleEndian.u8(chain, at + 5);
            int value = at + HEADER + nameLength + 1;
            int valueLength = LittleEndian.u16(chain, at + 6);
            if (value > chain.length - valueLength) {
                return read;
            }
            String name = new String(chain, at + HEADER, nameLength, StandardCharsets.ISO_8859_1);
            read.put(name, Arrays.copyOfRange(chain, value, value + valueLength));
            if (next < HEADER || next > chain.length - at) {
                return read;
            }
            at += (int) next;
        }
        return read;
    }
}
