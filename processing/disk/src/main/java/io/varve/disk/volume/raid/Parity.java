package io.varve.disk.volume.raid;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.volume.Absent;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/// RAID 4, 5 and 6: what one member (RAID 6: or two) does not have is computed from the others.
public final class Parity implements Chunked {
    /// How much is computed at once.
    private static final int SLICE = 64 << 10;

    private final String layer;
    private final List<Bytes> members;
    private final ParityLayout layout;
    private final int chunk;
    private final int dataMembers;
    private final long size;

    /// @param members in their order; a missing one is [Absent]
    /// @param memberSize bytes of each that belong to the array
    public Parity(String layer, List<Bytes> members, ParityLayout layout, long chunk, long memberSize) {
        this.layer = layer;
        this.members = List.copyOf(members);
        this.layout = layout;
        this.chunk = Chunked.checked(chunk);
        this.dataMembers = members.size() - layout.parities();
        if (dataMembers < 1 || memberSize < 0 || memberSize > Long.MAX_VALUE / dataMembers) {
            throw new CorruptException("%s of %d members of %d bytes".formatted(layer, members.size(), memberSize));
        }
        this.size = memberSize / this.chunk * this.chunk * dataMembers;
    }

    @Override
    public int chunk() {
        return chunk;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void readChunk(long number, int inside, byte[] target, int start, int length) throws IOException {
        long stripe = number / dataMembers;
        int member = layout.data((int) (number % dataMembers), stripe, members.size());
        long place = stripe * chunk + inside;
        if (Members.read(members.get(member), place, target, start, length)) {
            return;
        }
        var rebuild = new Rebuild(stripe, member, Math.min(length, SLICE));
        for (int done = 0; done < length; done += SLICE) {
            rebuild.read(place + done, target, start + done, Math.min(SLICE, length - done));
        }
    }

    @Override
    public long chunkZeros(long number, int inside) throws IOException {
        long stripe = number / dataMembers;
        Bytes member = members.get(layout.data((int) (number % dataMembers), stripe, members.size()));
        return member instanceof Absent ? 0 : member.zeros(stripe * chunk + inside);
    }

    /// Computes the bytes of one member in one stripe.
    private final class Rebuild {
        private final long stripe;
        private final int wanted;
        private final byte[] sum;
        private final byte[] weighted;
        private final byte[] buffer;

        Rebuild(long stripe, int wanted, int length) {
            this.stripe = stripe;
            this.wanted = wanted;
            this.sum = new byte[length];
            this.weighted = new byte[layout.parities() == 2 ? length : 0];
            this.buffer = new byte[length];
        }

        void read(long place, byte[] target, int start, int length) throws IOException {
            int count = members.size();
            int p = layout.p(stripe, count);
            int q = layout.q(stripe, count);
            boolean hasP = Members.read(members.get(p), place, sum, 0, length);
            boolean hasQ = q != ParityLayout.NONE && Members.read(members.get(q), place, weighted, 0, length);
            if (!hasP) {
                Arrays.fill(sum, (byte) 0);
            }
            int second = ParityLayout.NONE;
            for (int member = 0; member < count; member++) {
                if (member == wanted || member == p || member == q) {
                    continue;
                }
                if (Members.read(members.get(member), place, buffer, 0, length)) {
                    add(member, hasQ, length);
                } else if (second == ParityLayout.NONE) {
                    second = member;
                } else {
                    throw Members.tooFew(layer, members, place);
                }
            }
            boolean one = second == ParityLayout.NONE;
            if (one && hasP) {
                System.arraycopy(sum, 0, target, start, length);
            } else if (one && hasQ) {
                fromQ(target, start, length);
            } else if (hasP && hasQ) {
                fromBoth(second, target, start, length);
            } else {
                throw Members.tooFew(layer, members, place);
            }
        }

        private void add(int member, boolean hasQ, int length) {
            for (int i = 0; i < length; i++) {
                sum[i] ^= buffer[i];
            }
            if (hasQ) {
                byte[] multiples = Galois.multiples(Galois.power(layout.power(member, stripe, members.size())));
                for (int i = 0; i < length; i++) {
                    weighted[i] ^= multiples[buffer[i] & 0xff];
                }
            }
        }

        private void fromQ(byte[] target, int start, int length) {
            int factor = Galois.power(layout.power(wanted, stripe, members.size()));
            byte[] divided = Galois.multiples(Galois.inverse(factor));
            for (int i = 0; i < length; i++) {
                target[start + i] = divided[weighted[i] & 0xff];
            }
        }

        /// From `x + y = sum` and `a x + b y = weighted` follows `x = (weighted + b sum) / (a + b)`.
        private void fromBoth(int second, byte[] target, int start, int length) {
            int a = Galois.power(layout.power(wanted, stripe, members.size()));
            int b = Galois.power(layout.power(second, stripe, members.size()));
            byte[] timesB = Galois.multiples(b);
            byte[] divided = Galois.multiples(Galois.inverse(a ^ b));
            for (int i = 0; i < length; i++) {
                target[start + i] = divided[(weighted[i] ^ timesB[sum[i] & 0xff]) & 0xff];
            }
        }
    }
}
