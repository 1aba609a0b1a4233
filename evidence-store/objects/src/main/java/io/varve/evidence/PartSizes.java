package io.varve.evidence;

/// How large the parts of a stream of unknown length are: small at first, larger the longer it gets, because targets
/// hold
/// at most 10,000 parts an object. The same part always has the same place, so an upload can go on.
///
/// @param first bytes of each of the first 1,000 parts; of the next 1,000 twice, to part 4,000 four times, then eight
/// times as many
public record PartSizes(int first) {
    /// 16 MiB: up to 890 GiB in 10,000 parts, the largest of 128 MiB.
    public static final PartSizes USUAL = new PartSizes(16 << 20);

    private static final int STEP = 1_000;

    public PartSizes {
        if (first < 1 || first > 1 << 27) {
            throw new IllegalArgumentException("part of " + first + " bytes");
        }
    }

    /// @param number from 1
    public int size(int number) {
        if (number <= STEP) {
            return first;
        }
        if (number <= 2 * STEP) {
            return 2 * first;
        }
        return number <= 4 * STEP ? 4 * first : 8 * first;
    }
}
