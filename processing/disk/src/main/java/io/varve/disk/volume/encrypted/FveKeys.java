package io.varve.disk.volume.encrypted;

import io.varve.binary.CorruptException;
import io.varve.disk.LayerException;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// From what a person has to BitLocker's volume master key: section 2 of *BitLocker Drive Encryption (BDE) format*.
record FveKeys(List<FveProtector> protectors, GivenKeys given) {
    private static final String LAYER = "BitLocker";
    private static final long ROUNDS = 0x10_0000;
    private static final int GROUPS = 8;

    /// Finds the volume master key.
    Optional<byte[]> find() throws LayerException {
        for (FveProtector protector : protectors) {
            Optional<byte[]> found =
                    protector.isClear() ? protector.clearKey().flatMap(protector::unwrap) : Optional.empty();
            if (found.isPresent()) {
                return found;
            }
        }
        Optional<byte[]> found = startup();
        return found.isPresent() ? found : stretched();
    }

    /// Startup keys cost nothing to try, at any protector that takes one.
    private Optional<byte[]> startup() throws LayerException {
        for (byte[] file : given.files("startup", "keyfile")) {
            byte[] key = external(file);
            for (FveProtector protector : protectors) {
                Optional<byte[]> found =
                        protector.flags() == FveProtector.STARTUP ? protector.unwrap(key) : Optional.empty();
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    /// The key in a `.BEK` file, or a file that is nothing but the key.
    private static byte[] external(byte[] file) throws LayerException {
        if (file.length == 32) {
            return file;
        }
        try {
            for (FveEntry entry : FveEntry.list(file, 48, file.length, "startup key")) {
                if (entry.type() == FveEntry.EXTERNAL_KEY) {
                    Optional<FveEntry> key = FveEntry.first(entry.inside(24), FveEntry.KEY);
                    if (key.isPresent()) {
                        return key.get().from(4, 32);
                    }
                }
            }
        } catch (CorruptException e) {
            // told below: the file is a person's, not evidence
        }
        throw new LayerException(
                LAYER, OptionalLong.empty(), "a startup key is no .BEK file", "give the file's bytes in base64");
    }

    private Optional<byte[]> stretched() throws LayerException {
        var work = new KeyWork(LAYER, KeyWork.MOST);
        Map<byte[], Integer> secrets = new LinkedHashMap<>();
        for (String recovery : given.list("recovery")) {
            secrets.put(Hashes.sha256().digest(recoveryKey(recovery)), FveProtector.RECOVERY);
        }
        for (String password : given.list("password")) {
            byte[] once = Hashes.sha256().digest(password.getBytes(StandardCharsets.UTF_16LE));
            secrets.put(Hashes.sha256().digest(once), FveProtector.PASSWORD);
        }
        for (Map.Entry<byte[], Integer> secret : secrets.entrySet()) {
            for (FveProtector protector : protectors) {
                Optional<byte[]> salt = protector.flags() == secret.getValue() ? protector.salt() : Optional.empty();
                if (salt.isPresent()) {
                    work.spend(ROUNDS, "protector " + protector.id(), 0);
                    Optional<byte[]> found = protector.unwrap(stretch(secret.getKey(), salt.get()));
                    if (found.isPresent()) {
                        return found;
                    }
                }
            }
        }
        return Optional.empty();
    }

    /// Eight groups of six digits, each a multiple of 11 that makes 16 bits.
    private static byte[] recoveryKey(String text) throws LayerException {
        String digits = text.replaceAll("[\\s-]", "");
        byte[] key = new byte[GROUPS * 2];
        boolean right = digits.matches("[0-9]{48}");
        for (int i = 0; right && i < GROUPS; i++) {
            int group = Integer.parseInt(digits, i * 6, i * 6 + 6, 10);
            right = group % 11 == 0 && group / 11 <= 0xffff;
            key[i * 2] = (byte) (group / 11);
            key[i * 2 + 1] = (byte) (group / 11 >> 8);
        }
        if (!right) {
            throw new LayerException(
                    LAYER,
                    OptionalLong.empty(),
                    "a recovery password is not eight groups of six digits that 11 divides",
                    "check it for a mistyped digit");
        }
        return key;
    }

    private static byte[] stretch(byte[] secret, byte[] salt) {
        MessageDigest hash = Hashes.sha256();
        byte[] chain = new byte[88];
        System.arraycopy(secret, 0, chain, 32, 32);
        System.arraycopy(salt, 0, chain, 64, 16);
        try {
            for (long round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < 4; i++) {
                    chain[80 + i] = (byte) (round >> 8 * i);
                }
                hash.update(chain);
                hash.digest(chain, 0, 32);
            }
        } catch (DigestException e) {
            throw new IllegalStateException(e);
        }
        return Arrays.copyOf(chain, 32);
    }
}
