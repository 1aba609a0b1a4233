package io.varve.artefact;

import io.varve.event.EventTime;
import io.varve.event.Precision;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import java.util.Optional;

/// Times that evidence states without a zone, read in the zone of their context.
///
/// A time that daylight saving lets happen twice is read as the first one, one that it skips as the moment after the
/// gap; both are marked inferred.
public final class WallClock {
    private WallClock() {}

    /// @param original the text as stored
    public static EventTime read(EvidenceContext context, LocalDateTime local, Precision precision, String original) {
        boolean ambiguous = offsets(context, local).size() != 1;
        return time(context, local, precision, original, ambiguous);
    }

    /// A time of which a part, such as the year, was not in the record.
    public static EventTime inferred(
            EvidenceContext context, LocalDateTime local, Precision precision, String original) {
        return time(context, local, precision, original, true);
    }

    private static EventTime time(
            EvidenceContext context, LocalDateTime local, Precision precision, String original, boolean inferred) {
        return new EventTime(
                local.toEpochSecond(offset(context, local)),
                local.getNano(),
                precision,
                context.zoneSource(),
                Optional.of(original),
                inferred);
    }

    private static ZoneOffset offset(EvidenceContext context, LocalDateTime local) {
        List<ZoneOffset> offsets = offsets(context, local);
        if (!offsets.isEmpty()) {
            return offsets.getFirst();
        }
        ZoneOffsetTransition gap = context.zone().getRules().getTransition(local);
        return gap.getOffsetBefore();
    }

    private static List<ZoneOffset> offsets(EvidenceContext context, LocalDateTime local) {
        return context.zone().getRules().getValidOffsets(local);
    }
}
