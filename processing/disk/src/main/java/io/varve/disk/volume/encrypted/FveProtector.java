package io.varve.disk.volume.encrypted;

import io.varve.binary.CorruptException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.CCMBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/// One way to BitLocker's volume master key: a password, a recovery password, a startup key, a TPM, or none at all.
///
/// @param id as `manage-bde -protectors -get` shows it
/// @param flags what protects the key
record FveProtector(String id, int flags, List<FveEntry> properties) {
    static final int TPM = 0x0100;
    static final int STARTUP = 0x0200;
    static final int PIN = 0x0400;
    static final int RECOVERY = 0x0800;
    static final int PASSWORD = 0x2000;

    private static final int FIELDS = 28;
    private static final int NONCE = 12;
    private static final int MAC = 16;
    /// Bytes of an unwrapped key before the key itself.
    private static final int KEY_FIELDS = 12;
    private static final int LONGEST = 256;

    static List<FveProtector> of(FveMetadata metadata) {
        var protectors = new ArrayList<FveProtector>();
        for (FveEntry entry : metadata.of(FveEntry.VOLUME_MASTER_KEY, FveEntry.PROTECTOR)) {
            if (entry.data().length >= FIELDS) {
                String id = Guid.text(entry.data(), 0);
                protectors.add(new FveProtector(id, entry.u16(26) & 0xff00, properties(entry)));
            }
        }
        return protectors;
    }

    /// A damaged protector is still named, though it opens nothing.
    private static List<FveEntry> properties(FveEntry entry) {
        try {
            return entry.inside(FIELDS);
        } catch (CorruptException e) {
            return List.of();
        }
    }

    boolean isClear() {
        return flags == 0;
    }

    String kind() {
        if (isClear()) {
            return "clear key";
        }
        var parts = new ArrayList<String>();
        add(parts, TPM, "TPM");
        add(parts, PIN, "PIN");
        add(parts, STARTUP, "startup key");
        add(parts, RECOVERY, "recovery password");
        add(parts, PASSWORD, "password");
        return parts.isEmpty() ? "unknown 0x%04x".formatted(flags) : String.join("+", parts);
    }

    private void add(List<String> parts, int flag, String name) {
        if ((flags & flag) != 0) {
            parts.add(name);
        }
    }

    /// The key in clear that a clear-key protector holds.
    Optional<byte[]> clearKey() {
        return field(FveEntry.KEY, 32);
    }

    /// The salt that passwords are stretched with.
    Optional<byte[]> salt() {
        return field(FveEntry.STRETCH_KEY, 16);
    }

    private Optional<byte[]> field(int type, int length) {
        return FveEntry.first(properties, type)
                .filter(entry -> entry.data().length >= 4 + length)
                .map(entry -> entry.from(4, length));
    }

    /// The volume master key, when this key unwraps it.
    Optional<byte[]> unwrap(byte[] key) {
        return FveEntry.first(properties, FveEntry.CCM_KEY)
                .filter(FveProtector::unwraps)
                .flatMap(entry -> unwrap(entry, key))
                .map(Unwrapped::key)
                .filter(found -> found.length == 32);
    }

    /// Whether an encrypted key has a length that one can have.
    private static boolean unwraps(FveEntry entry) {
        int sealed = entry.data().length - NONCE - MAC;
        return sealed >= KEY_FIELDS && sealed <= LONGEST;
    }

    /// @param method cipher that the key is for
    record Unwrapped(int method, byte[] key) {}

    /// AES-CCM (RFC 3610) with a nonce of 12 bytes, the MAC of 16 bytes first.
    static Optional<Unwrapped> unwrap(FveEntry entry, byte[] key) {
        byte[] data = entry.data();
        int sealed = data.length - NONCE - MAC;
        if (!unwraps(entry)) {
            throw new CorruptException("BitLocker encrypted key has %d bytes".formatted(data.length));
        }
        byte[] packet = new byte[sealed + MAC];
        System.arraycopy(data, NONCE + MAC, packet, 0, sealed);
        System.arraycopy(data, NONCE, packet, sealed, MAC);
        var cipher = CCMBlockCipher.newInstance(AESEngine.newInstance());
        cipher.init(false, new AEADParameters(new KeyParameter(key), MAC * 8, Arrays.copyOf(data, NONCE)));
        try {
            byte[] clear = new byte[sealed];
            int done = cipher.processBytes(packet, 0, packet.length, clear, 0);
            cipher.doFinal(clear, done);
            int method = clear[8] & 0xff | (clear[9] & 0xff) << 8;
            return Optional.of(new Unwrapped(method, Arrays.copyOfRange(clear, KEY_FIELDS, clear.length)));
        } catch (InvalidCipherTextException e) {
            return Optional.empty();
        }
    }
}
