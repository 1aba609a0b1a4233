package io.varve.evidence;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;

/// An Ed25519 key that signs custody checkpoints. The private key never leaves its file.
public final class Signer {
    static final String FILE = "custody-signing.key";

    private final PrivateKey privateKey;
    private final byte[] publicKey;

    private Signer(PrivateKey privateKey, byte[] publicKey) {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    /// The key kept in a directory, made at the first call. The file is readable by its owner only and holds two lines
    /// of base64: PKCS#8 private key, X.509 public key.
    public static Signer in(Path directory) throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            make(file);
        }
        String[] lines = Files.readString(file).split("\n", -1);
        if (lines.length < 2) {
            throw new IOException(file + " is not a signing key; move it away to have a new one made");
        }
        try {
            byte[] open = Base64.getDecoder().decode(lines[1]);
            PrivateKey secret = KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(lines[0])));
            return new Signer(secret, open);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(file + " is not a signing key; move it away to have a new one made", e);
        }
    }

    private static void make(Path file) throws IOException {
        Path temporary = Files.createTempFile(
                file.getParent(),
                "key",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            Base64.Encoder base64 = Base64.getEncoder();
            Files.writeString(
                    temporary,
                    base64.encodeToString(pair.getPrivate().getEncoded()) + "\n"
                            + base64.encodeToString(pair.getPublic().getEncoded()) + "\n",
                    StandardOpenOption.SYNC);
            Files.createLink(file, temporary);
        } catch (FileAlreadyExistsException e) {
            return; // another process was first: its key is the key
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } finally {
            Files.delete(temporary);
        }
    }

    /// SHA-256 of the public key: what `verify --trust` pins.
    public Digest fingerprint() {
        return Digest.of(publicKey);
    }

    /// The public key in DER form, base64.
    public String publicKey() {
        return Base64.getEncoder().encodeToString(publicKey);
    }

    String sign(byte[] message) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(privateKey);
            signature.update(message);
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Whether the signature of the message was made with the key that has this fingerprint. Base64
    /// has several spellings of the same bytes: only the usual one counts.
    static boolean verify(Digest signer, String publicKey, byte[] message, Optional<String> signature) {
        return signature.isPresent()
                && usual(publicKey)
                && usual(signature.get())
                && signer.equals(Digest.of(Base64.getDecoder().decode(publicKey)))
                && verify(publicKey, message, signature.get());
    }

    private static boolean usual(String base64) {
        try {
            return Base64.getEncoder()
                    .encodeToString(Base64.getDecoder().decode(base64))
                    .equals(base64);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean verify(String publicKey, byte[] message, String signature) {
        try {
            Signature check = Signature.getInstance("Ed25519");
            check.initVerify(KeyFactory.getInstance("Ed25519")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(publicKey))));
            check.update(message);
            return check.verify(Base64.getDecoder().decode(signature));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }
}
