package io.varve.disk.container.qcow2;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.Cursor;
import io.varve.binary.Limits;
import io.varve.disk.Names;
import io.varve.disk.container.Container.State;
import io.varve.disk.container.Disks;
import io.varve.disk.container.MappedBytes;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.time.Instant;
import java.util.List;

/// The table of internal snapshots.
final class Snapshots {
    private static final int MOST = 65_536;
    private static final int EXTRA = 1024;
    private static final int FIXED = 40;

    private Snapshots() {}

    static void read(Header header, Bytes file, Clusters clusters, Bytes below, List<State> states, List<String> notes)
            throws IOException {
        int count = Limits.check(header.snapshotCount(), MOST, "QCOW2 number of snapshots");
        long position = header.snapshotOffset();
        for (int i = 0; i < count; i++) {
            String what = "QCOW2 snapshot %d at offset %d".formatted(i + 1, position);
            Cursor in = Cursor.bigEndian(file.at(position, FIXED, what));
            long l1Offset = in.i64("QCOW2 snapshot L1 offset");
            Header.Table l1 = new Header.Table(l1Offset, in.u32("QCOW2 snapshot L1 size"));
            int idLength = in.u16("QCOW2 snapshot id length");
            int nameLength = in.u16("QCOW2 snapshot name length");
            Instant taken =
                    Instant.ofEpochSecond(in.u32("QCOW2 snapshot seconds"), in.u32("QCOW2 snapshot nanoseconds"));
            in.skip(8, "QCOW2 snapshot guest clock");
            long memory = in.u32("QCOW2 snapshot memory size");
            int extra = Limits.check(in.u32("QCOW2 snapshot extra size"), EXTRA, "QCOW2 snapshot extra size");
            Cursor more = Cursor.bigEndian(file.at(position + FIXED, (long) extra + idLength + nameLength, what));
            if (extra >= 8) {
                memory = more.i64("QCOW2 snapshot memory size");
            }
            long size = extra >= 16 ? more.i64("QCOW2 snapshot disk size") : header.size();
            String id = text(more.at(extra), idLength);
            String name = text(more.at((long) extra + idLength), nameLength);
            position += (FIXED + extra + idLength + nameLength + 7L) / 8 * 8;
            notes.add("snapshot %s %s taken %s%s"
                    .formatted(id, name, taken, memory == 0 ? "" : ", with " + memory + " bytes of memory, not read"));
            try {
                Disks.size(size, "QCOW2 snapshot disk size");
                header.checkTable(file, l1, size, "QCOW2 L1 table of " + what);
            } catch (CorruptException e) {
                notes.add("snapshot %s %s cannot be read: %s".formatted(id, name, e.getMessage()));
                continue;
            }
            states.add(new State(name.isEmpty() ? id : name, new MappedBytes(size, clusters.layout(l1), below)));
        }
    }

    private static String text(Cursor in, int length) {
        return Names.text(in.bytes(length, "QCOW2 snapshot name").toArray(ValueLayout.JAVA_BYTE));
    }
}
