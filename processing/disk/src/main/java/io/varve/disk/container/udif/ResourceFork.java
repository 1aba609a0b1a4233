package io.varve.disk.container.udif;

import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// The resource fork of disk images made before Mac OS X 10.2: only its `blkx` resources.
final class ResourceFork {
    private static final int BLOCKS = 0x626c_6b78;
    private static final int DESCRIPTOR = 12;

    private ResourceFork() {}

    static List<byte[]> blocks(byte[] fork) {
        Cursor header = Cursor.bigEndian(MemorySegment.ofArray(fork));
        long data = header.u32("resource data offset");
        long map = header.u32("resource map offset");
        long types = map + header.at(map).at(map + 24).u16("type list offset");
        Cursor list = header.at(types);
        int count = list.u16("number of types") + 1;
        List<byte[]> tables = new ArrayList<>();
        for (int i = 0; i < (count & 0xffff); i++) {
            int type = list.i32("type");
            int resources = list.u16("number of resources") + 1;
            long descriptors = types + list.u16("resource list offset");
            for (int j = 0; type == BLOCKS && j < resources; j++) {
                Cursor descriptor = header.at(descriptors + (long) j * DESCRIPTOR + 4);
                long offset = descriptor.u32("resource data offset") & 0xff_ffff;
                Cursor resource = header.at(data + offset);
                long length = resource.u32("resource length");
                tables.add(resource.bytes(length, "resource").toArray(ValueLayout.JAVA_BYTE));
            }
        }
        if (tables.isEmpty()) {
            throw new CorruptException("DMG resource fork has no blkx resource");
        }
        return tables;
    }
}
