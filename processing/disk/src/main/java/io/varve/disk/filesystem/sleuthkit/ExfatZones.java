package io.varve.disk.filesystem.sleuthkit;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.Entry.Times;
import io.varve.event.EventTime;
import io.varve.event.ZoneSource;
import java.io.IOException;
import java.util.Optional;

/// The zone offsets that exFAT stores beside each time and libtsk 4.11 does not read.
///
/// A file's entry holds one byte each for the time of creation, modification and access (bytes 22 to 24): bit 7 says
/// that the rest is an offset from UTC in quarters of an hour, as a signed number of seven bits. Source: Microsoft,
/// "exFAT file system specification", 7.4.10. libtsk's address of a file is the number of its directory entry in the
/// cluster heap, counted from 3.
final class ExfatZones {
    private static final int ENTRY = 32;
    private static final int FIRST = 3;
    private static final int QUARTER = 15 * 60;
    /// A file entry, in use or deleted.
    private static final int FILE = 0x85;

    private static final int DELETED = 0x05;

    private final Bytes volume;
    private final long heap;

    private ExfatZones(Bytes volume, long heap) {
        this.volume = volume;
        this.heap = heap;
    }

    static ExfatZones of(Bytes volume) throws IOException {
        byte[] boot = new byte[512];
        volume.read(0, boot, 0, boot.length);
        long sector = 1L << Math.min(boot[108] & 0xff, 12);
        long start = (boot[88] & 0xffL) | (boot[89] & 0xffL) << 8 | (boot[90] & 0xffL) << 16 | (boot[91] & 0xffL) << 24;
        return new ExfatZones(volume, start * sector);
    }

    Times corrected(long address, Times times) {
        long at = heap + (address - FIRST) * ENTRY;
        if (address < FIRST || at < 0 || at > volume.size() - ENTRY) {
            return times;
        }
        byte[] entry = new byte[ENTRY];
        try {
            volume.read(at, entry, 0, ENTRY);
        } catch (IOException | CorruptException e) {
            return times;
        }
        int kind = entry[0] & 0xff;
        if (kind != FILE && kind != DELETED) {
            return times;
        }
        return new Times(
                times.modified().map(time -> moved(time, entry[23])),
                times.accessed().map(time -> moved(time, entry[24])),
                times.changed(),
                times.created().map(time -> moved(time, entry[22])));
    }

    private static EventTime moved(EventTime time, byte offset) {
        if ((offset & 0x80) == 0) {
            return new EventTime(
                    time.seconds(), time.nanos(), time.precision(), ZoneSource.ASSUMED, Optional.empty(), false);
        }
        int quarters = (offset & 0x7f) << 25 >> 25;
        return EventTime.utc(time.seconds() - (long) quarters * QUARTER, time.nanos(), time.precision());
    }
}
