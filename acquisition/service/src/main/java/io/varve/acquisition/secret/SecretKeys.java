package io.varve.acquisition.secret;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.crypto.Cipher;

/// The workers' key pair: opens what [SecretSeal] sealed. The private key lies in one file outside the database that
/// only its owner can read; all workers share it.
public final class SecretKeys {
    private static final String FILE = "secrets.key";

    private final PrivateKey privateKey;
    private final PublicKey publicKey;

    private SecretKeys(PrivateKey privateKey, PublicKey publicKey) {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    /// The keys kept in a folder, made at the first call: two lines of Base64, PKCS#8 and X.509.
    public static SecretKeys in(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            make(file);
        }
        String[] lines = Files.readString(file).split("\n", -1);
        try {
            return new SecretKeys(
                    KeyFactory.getInstance("X25519")
                            .generatePrivate(
                                    new PKCS8EncodedKeySpec(Base64.getDecoder().decode(lines[0]))),
                    SecretSeal.publicKey(Base64.getDecoder().decode(lines[1])));
        } catch (GeneralSecurityException | IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw new IOException(file + " holds no keys for secrets; restore it, or every secret is entered again", e);
        }
    }

    /// X.509 form, Base64: what [SecretSeal] takes.
    public String publicKey() {
        return Base64.getEncoder().encodeToString(publicKey.getEncoded());
    }

    /// @throws UnsealedException when it was sealed for another key or purpose, or altered
    public String open(String sealed, String purpose) throws UnsealedException {
        String[] parts = sealed.split("\\.", -1);
        if (parts.length != 3 || !parts[0].equals(SecretSeal.VERSION)) {
            throw new UnsealedException(purpose, null);
        }
        try {
            PublicKey once = SecretSeal.publicKey(Base64.getUrlDecoder().decode(parts[1]));
            Cipher cipher = SecretSeal.cipher(Cipher.DECRYPT_MODE, privateKey, once, once, publicKey, purpose);
            return new String(cipher.doFinal(Base64.getUrlDecoder().decode(parts[2])), StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new UnsealedException(purpose, e);
        }
    }

    private static void make(Path file) throws IOException {
        Path temporary = Files.createTempFile(
                file.getParent(),
                "key",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            KeyPair pair = KeyPairGenerator.getInstance("X25519").generateKeyPair();
            Base64.Encoder base64 = Base64.getEncoder();
            Files.writeString(
                    temporary,
                    base64.encodeToString(pair.getPrivate().getEncoded()) + "\n"
                            + base64.encodeToString(pair.getPublic().getEncoded()) + "\n",
                    StandardOpenOption.SYNC);
            Files.createLink(file, temporary);
        } catch (FileAlreadyExistsException e) {
            return; // another worker was first: its keys are the keys
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } finally {
            Files.delete(temporary);
        }
    }
}
