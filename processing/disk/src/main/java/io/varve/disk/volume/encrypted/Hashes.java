package io.varve.disk.volume.encrypted;

import io.varve.disk.LayerException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.OptionalLong;
import org.bouncycastle.jcajce.provider.digest.RIPEMD160;
import org.bouncycastle.jcajce.provider.digest.Whirlpool;

/// The hashes that LUKS headers name.
final class Hashes {
    private Hashes() {}

    static MessageDigest of(String layer, String name) throws LayerException {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "sha1" -> jdk("SHA-1");
            case "sha224" -> jdk("SHA-224");
            case "sha256" -> jdk("SHA-256");
            case "sha384" -> jdk("SHA-384");
            case "sha512" -> jdk("SHA-512");
            case "sha3-256" -> jdk("SHA3-256");
            case "sha3-512" -> jdk("SHA3-512");
            case "ripemd160" -> new RIPEMD160.Digest();
            case "whirlpool" -> new Whirlpool.Digest();
            default ->
                throw new LayerException(
                        layer,
                        OptionalLong.of(0),
                        "the hash %s is not read".formatted(Printable.text(name)),
                        "give the volume's master key, or open it with cryptsetup and give a copy of the mapped device");
        };
    }

    /// Bytes that one compression of this hash takes in: what HMAC pads its key to.
    static int blockLength(MessageDigest hash) {
        return switch (hash.getAlgorithm()) {
            case "SHA-384", "SHA-512" -> 128;
            case "SHA3-256" -> 136;
            case "SHA3-512" -> 72;
            default -> 64;
        };
    }

    static MessageDigest sha256() {
        return jdk("SHA-256");
    }

    private static MessageDigest jdk(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JDK has no " + name, e);
        }
    }
}
