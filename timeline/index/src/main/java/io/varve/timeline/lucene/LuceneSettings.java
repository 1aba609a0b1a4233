package io.varve.timeline.lucene;

import java.time.Duration;

/// Bounds of the Lucene store.
///
/// @param indexThreads threads that index for one writer
/// @param bufferMegabytes memory one writer fills before it writes a segment
/// @param floorSegmentMegabytes segments smaller than this are merged eagerly
/// @param segmentsPerTier segments of like size before they are merged: fewer make searches faster, writing slower
/// @param openIndexes indexes kept open for reading
/// @param longestQuery time one question may take
public record LuceneSettings(
        int indexThreads,
        int bufferMegabytes,
        int floorSegmentMegabytes,
        int segmentsPerTier,
        int openIndexes,
        Duration longestQuery) {
    public static final LuceneSettings DEFAULT = new LuceneSettings(2, 64, 8, 20, 256, Duration.ofSeconds(20));

    public LuceneSettings withLongestQuery(Duration time) {
        return new LuceneSettings(
                indexThreads, bufferMegabytes, floorSegmentMegabytes, segmentsPerTier, openIndexes, time);
    }
}
