package io.varve.disk.filesystem.ntfs;

import io.varve.disk.Entry.Times;
import io.varve.event.EventTime;
import io.varve.event.Precision;
import java.util.Optional;

/// FILETIME: steps of 100 nanoseconds since 1601. Zero means that no time was set.
final class FileTime {
    private static final long STEPS = 10_000_000;
    private static final long FROM_1601_TO_1970 = 11_644_473_600L;

    private FileTime() {}

    static Optional<EventTime> of(long steps) {
        if (steps == 0) {
            return Optional.empty();
        }
        return Optional.of(EventTime.utc(
                Math.floorDiv(steps, STEPS) - FROM_1601_TO_1970,
                (int) Math.floorMod(steps, STEPS) * 100,
                Precision.HUNDRED_NANOSECONDS));
    }

    /// In the order in which `$STANDARD_INFORMATION` and `$FILE_NAME` hold them.
    static Times times(long created, long modified, long changed, long accessed) {
        return new Times(of(modified), of(accessed), of(changed), of(created));
    }
}
