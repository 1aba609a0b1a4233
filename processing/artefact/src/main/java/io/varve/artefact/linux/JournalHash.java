package io.varve.artefact.linux;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The two hashes of journal files: SipHash-2-4 keyed by the file id, and Bob Jenkins' lookup3 in older files.
///
/// SipHash: Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012). lookup3:
/// burtleburtle.net/bob/c/lookup3.c.
final class JournalHash {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private long v0;
    private long v1;
    private long v2;
    private long v3;

    private JournalHash(long key0, long key1) {
        v0 = key0 ^ 0x736f6d6570736575L;
        v1 = key1 ^ 0x646f72616e646f6dL;
        v2 = key0 ^ 0x6c7967656e657261L;
        v3 = key1 ^ 0x7465646279746573L;
    }

    /// @param key 16 bytes: the file id
    static long sip(byte[] data, byte[] key) {
        var state = new JournalHash((long) LONG.get(key, 0), (long) LONG.get(key, 8));
        int whole = data.length & ~7;
        for (int i = 0; i < whole; i += 8) {
            state.mix((long) LONG.get(data, i));
        }
        long last = (long) data.length << 56;
        for (int i = whole; i < data.length; i++) {
            last |= (data[i] & 0xffL) << (8 * (i - whole));
        }
        state.mix(last);
        return state.finish();
    }

    private void mix(long word) {
        v3 ^= word;
        round();
        round();
        v0 ^= word;
    }

    private long finish() {
        v2 ^= 0xff;
        for (int i = 0; i < 4; i++) {
            round();
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private void round() {
        v0 += v1;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v3;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v2 = Long.rotateLeft(v2, 32);
    }

    static long jenkins(byte[] data) {
        int a = 0xdeadbeef + data.length;
        int b = a;
        int c = a;
        int i = 0;
        for (; data.length - i > 12; i += 12) {
            a += (int) INT.get(data, i);
            b += (int) INT.get(data, i + 4);
            c += (int) INT.get(data, i + 8);
            a = (a - c) ^ Integer.rotateLeft(c, 4);
            c += b;
            b = (b - a) ^ Integer.rotateLeft(a, 6);
            a += c;
            c = (c - b) ^ Integer.rotateLeft(b, 8);
            b += a;
            a = (a - c) ^ Integer.rotateLeft(c, 16);
            c += b;
            b = (b - a) ^ Integer.rotateLeft(a, 19);
            a += c;
            c = (c - b) ^ Integer.rotateLeft(b, 4);
            b += a;
        }
        if (i < data.length) {
            byte[] rest = java.util.Arrays.copyOfRange(data, i, i + 12);
            a += (int) INT.get(rest, 0);
            b += (int) INT.get(rest, 4);
            c += (int) INT.get(rest, 8);
            c = (c ^ b) - Integer.rotateLeft(b, 14);
            a = (a ^ c) - Integer.rotateLeft(c, 11);
            b = (b ^ a) - Integer.rotateLeft(a, 25);
            c = (c ^ b) - Integer.rotateLeft(b, 16);
            a = (a ^ c) - Integer.rotateLeft(c, 4);
            b = (b ^ a) - Integer.rotateLeft(a, 14);
            c = (c ^ b) - Integer.rotateLeft(b, 24);
        }
        return (long) c << 32 | (b & 0xffff_ffffL);
    }
}
