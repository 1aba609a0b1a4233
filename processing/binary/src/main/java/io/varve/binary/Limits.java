package io.varve.binary;

/// Bounds on what evidence may make us do. A crafted file can ask for anything; these say what it gets.
public final class Limits {
    /// Longest text line read whole, in bytes; the rest of a longer one is skipped with a warning.
    public static final int LINE = 1 << 20;

    /// Most bytes one structure may hold in memory.
    public static final int STRUCTURE = 64 << 20;

    /// Archives inside archives, and other nesting.
    public static final int DEPTH = 8;

    /// Most bytes one compressed member may expand to, and most times its compressed size once past [#EXPANSION_FLOOR].
    public static final long EXPANDED = 64L << 30;

    public static final long EXPANSION_RATIO = 1_000;
    public static final long EXPANSION_FLOOR = 64L << 20;

    /// Most members of one archive.
    public static final long MEMBERS = 10_000_000;

    /// Most warnings kept for one file; the rest are counted.
    public static final int WARNINGS = 100;

    private Limits() {}

    /// Checks a count or length read from evidence.
    public static int check(long value, int limit, String what) {
        if (value < 0 || value > limit) {
            throw new CorruptException("%s is %d, allowed are 0 to %d".formatted(what, value, limit));
        }
        return (int) value;
    }
}
