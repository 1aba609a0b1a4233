package io.varve.disk.volume.raid;

import java.util.Optional;

/// On which members of RAID 4, 5 and 6 the parity and the data of a stripe lie.
///
/// Source: Linux `drivers/md/raid5.c`, `raid5_compute_sector`, and the numbers of `raid5.h`.
public final class ParityLayout {
    static final int NONE = -1;

    private static final int LEFT_ASYMMETRIC = 0;
    private static final int RIGHT_ASYMMETRIC = 1;
    private static final int LEFT_SYMMETRIC = 2;
    private static final int RIGHT_SYMMETRIC = 3;
    private static final int PARITY_FIRST = 4;
    private static final int PARITY_LAST = 5;
    private static final int ZERO_RESTART = 8;
    private static final int N_RESTART = 9;
    private static final int N_CONTINUE = 10;
    private static final int LEFT_ASYMMETRIC_6 = 16;
    private static final int RIGHT_ASYMMETRIC_6 = 17;
    private static final int LEFT_SYMMETRIC_6 = 18;
    private static final int RIGHT_SYMMETRIC_6 = 19;
    private static final int PARITY_FIRST_6 = 20;

    private final int level;
    private final int algorithm;

    private ParityLayout(int level, int algorithm) {
        this.level = level;
        this.algorithm = algorithm;
    }

    /// Empty when md has no such layout.
    public static Optional<ParityLayout> of(int level, long algorithm) {
        boolean known = switch (level) {
            case 4 -> true;
            case 5 -> algorithm >= LEFT_ASYMMETRIC && algorithm <= PARITY_LAST;
            case 6 ->
                algorithm >= LEFT_ASYMMETRIC && algorithm <= PARITY_LAST
                        || algorithm >= ZERO_RESTART && algorithm <= N_CONTINUE
                        || algorithm >= LEFT_ASYMMETRIC_6 && algorithm <= PARITY_FIRST_6;
            default -> false;
        };
        return known
                ? Optional.of(new ParityLayout(level, level == 4 ? PARITY_LAST : (int) algorithm))
                : Optional.empty();
    }

    int parities() {
        return level == 6 ? 2 : 1;
    }

    /// The member with the parity (P) of a stripe.
    int p(long stripe, int members) {
        int last = members - 1;
        return switch (algorithm) {
            case LEFT_ASYMMETRIC, LEFT_SYMMETRIC, N_CONTINUE -> last - (int) (stripe % members);
            case RIGHT_ASYMMETRIC, RIGHT_SYMMETRIC, ZERO_RESTART -> (int) (stripe % members);
            case PARITY_FIRST, PARITY_FIRST_6 -> 0;
            case PARITY_LAST -> members - parities();
            case N_RESTART -> last - (int) ((stripe + 1) % members);
            case LEFT_ASYMMETRIC_6, LEFT_SYMMETRIC_6 -> last - 1 - (int) (stripe % last);
            case RIGHT_ASYMMETRIC_6, RIGHT_SYMMETRIC_6 -> (int) (stripe % last);
            default -> throw new IllegalStateException("layout " + algorithm);
        };
    }

    /// The member with the second parity (Q) of a stripe of RAID 6.
    int q(long stripe, int members) {
        if (level != 6) {
            return NONE;
        }
        int p = p(stripe, members);
        return switch (algorithm) {
            case PARITY_LAST,
                    LEFT_ASYMMETRIC_6,
                    RIGHT_ASYMMETRIC_6,
                    LEFT_SYMMETRIC_6,
                    RIGHT_SYMMETRIC_6,
                    PARITY_FIRST_6 -> members - 1;
            case N_CONTINUE -> (p + members - 1) % members;
            default -> (p + 1) % members;
        };
    }

    /// The member with the data chunk `index` of a stripe.
    int data(int index, long stripe, int members) {
        int p = p(stripe, members);
        return switch (algorithm) {
            case LEFT_ASYMMETRIC, RIGHT_ASYMMETRIC, ZERO_RESTART, N_RESTART -> asymmetric(index, p, members);
            case LEFT_SYMMETRIC, RIGHT_SYMMETRIC -> (p + parities() + index) % members;
            case N_CONTINUE -> (p + 1 + index) % members;
            case PARITY_FIRST -> index + parities();
            case PARITY_FIRST_6 -> index + 1;
            case PARITY_LAST -> index;
            case LEFT_ASYMMETRIC_6, RIGHT_ASYMMETRIC_6 -> index >= p ? index + 1 : index;
            case LEFT_SYMMETRIC_6, RIGHT_SYMMETRIC_6 -> (p + 1 + index) % (members - 1);
            default -> throw new IllegalStateException("layout " + algorithm);
        };
    }

    private int asymmetric(int index, int p, int members) {
        if (level == 6 && p == members - 1) {
            // Q is on the first member
            return index + 1;
        }
        return index >= p ? index + parities() : index;
    }

    /// With which power of the generator the data of a member counts in Q.
    int power(int member, long stripe, int members) {
        if (algorithm >= ZERO_RESTART && algorithm <= N_CONTINUE) {
            return member;
        }
        int p = p(stripe, members);
        int q = q(stripe, members);
        int power = 0;
        for (int i = 1; i <= members; i++) {
            int at = (q + i) % members;
            if (at == member) {
                return power;
            }
            power += at == p || at == q ? 0 : 1;
        }
        throw new IllegalStateException("member " + member);
    }
}
