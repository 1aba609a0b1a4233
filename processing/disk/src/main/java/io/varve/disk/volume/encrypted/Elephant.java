package io.varve.disk.volume.encrypted;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;

/// The diffuser of BitLocker's first ciphers, which mixes a sector after CBC decryption: Niels Ferguson, *AES-CBC +
/// Elephant diffuser* (Microsoft, 2006).
///
/// @param tweakKey the second key
/// @param sectorSize bytes mixed with each other
record Elephant(byte[] tweakKey, int sectorSize) {
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int ROUNDS_A = 5;
    private static final int ROUNDS_B = 3;

    Worker worker() {
        return new Worker(this);
    }

    /// The cipher and buffers that one thread uses at a time.
    static final class Worker {
        private final int sectorSize;
        private final int[] words;
        private final byte[] number = new byte[32];
        private final byte[] sectorKey = new byte[32];
        private final Cipher tweak;

        Worker(Elephant elephant) {
            sectorSize = elephant.sectorSize;
            words = new int[sectorSize / 4];
            try {
                tweak = AesSectors.encryption(elephant.tweakKey);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("AES of the JDK is missing", e);
            }
        }

        /// Undoes diffuser B, then A, then the sector key, over whole sectors.
        void undo(long place, byte[] data, int start, int length) throws GeneralSecurityException {
            for (int done = 0; done < length; done += sectorSize) {
                LONGS.set(number, 0, place + done);
                LONGS.set(number, 16, place + done);
                number[31] = (byte) 0x80;
                tweak.update(number, 0, number.length, sectorKey, 0);
                sector(data, start + done);
            }
        }

        private void sector(byte[] data, int start) {
            for (int i = 0; i < words.length; i++) {
                words[i] = (int) INTS.get(data, start + i * 4);
            }
            for (int round = 0; round < ROUNDS_B; round++) {
                undoB();
            }
            for (int round = 0; round < ROUNDS_A; round++) {
                undoA();
            }
            for (int i = 0; i < words.length; i++) {
                INTS.set(data, start + i * 4, words[i] ^ (int) INTS.get(sectorKey, i * 4 & 31));
            }
        }

        private void undoB() {
            int mask = words.length - 1;
            for (int i = 0; i < words.length; i += 4) {
                words[i] += words[i + 2 & mask] ^ words[i + 5 & mask];
                words[i + 1] += words[i + 3 & mask] ^ Integer.rotateLeft(words[i + 6 & mask], 10);
                words[i + 2] += words[i + 4 & mask] ^ words[i + 7 & mask];
                words[i + 3] += words[i + 5 & mask] ^ Integer.rotateLeft(words[i + 8 & mask], 25);
            }
        }

        private void undoA() {
            int mask = words.length - 1;
            for (int i = 0; i < words.length; i += 4) {
                words[i] += words[i - 2 & mask] ^ Integer.rotateLeft(words[i - 5 & mask], 9);
                words[i + 1] += words[i - 1 & mask] ^ words[i - 4 & mask];
                words[i + 2] += words[i & mask] ^ Integer.rotateLeft(words[i - 3 & mask], 13);
                words[i + 3] += words[i + 1 & mask] ^ words[i - 2 & mask];
            }
        }
    }
}
