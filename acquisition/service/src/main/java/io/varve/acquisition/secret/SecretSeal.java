package io.varve.acquisition.secret;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.KeyAgreement;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Seals secrets with the workers' public key.
///
/// X25519 with a key pair made for this secret only, HKDF-SHA-256 over the agreed key, both public keys and the
/// purpose,
/// AES-256-GCM with the purpose as associated data: a sealed secret cannot be put in another's place. Written as
/// `v1.<public key of this secret>.<ciphertext>`, both Base64 for addresses.
public final class SecretSeal {
    static final String VERSION = "v1";
    private static final String CURVE = "X25519";
    private static final int TAG_BITS = 128;

    private final PublicKey workers;

    /// @param publicKey X.509 form, Base64
    /// @throws IllegalArgumentException when it is no such key
    public SecretSeal(String publicKey) {
        this.workers = publicKey(Base64.getDecoder().decode(publicKey));
    }

    /// @param purpose what the secret is for, e.g. `integration/<id>/client_secret`
    public String seal(String secret, String purpose) {
        try {
            KeyPair once = KeyPairGenerator.getInstance(CURVE).generateKeyPair();
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, once.getPrivate(), workers, once.getPublic(), workers, purpose);
            byte[] sealed = cipher.doFinal(secret.getBytes(StandardCharsets.UTF_8));
            Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
            return String.join(
                    ".", VERSION, base64.encodeToString(once.getPublic().getEncoded()), base64.encodeToString(sealed));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static PublicKey publicKey(byte[] encoded) {
        try {
            return KeyFactory.getInstance(CURVE).generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not an X25519 public key", e);
        }
    }

    /// Each agreed key is used once, so the nonce may come from it.
    static Cipher cipher(int mode, PrivateKey own, PublicKey other, PublicKey once, PublicKey workers, String purpose)
            throws GeneralSecurityException {
        KeyAgreement agreement = KeyAgreement.getInstance(CURVE);
        agreement.init(own);
        agreement.doPhase(other, true);
        byte[] agreed = agreement.generateSecret();
        byte[] info = ("varve secret " + VERSION + " " + purpose).getBytes(StandardCharsets.UTF_8);
        KDF kdf = KDF.getInstance("HKDF-SHA256");
        SecretKey key = kdf.deriveKey("AES", parameters(agreed, once, workers, info, "key", 32));
        byte[] nonce = kdf.deriveData(parameters(agreed, once, workers, info, "nonce", 12));
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(info);
        return cipher;
    }

    private static HKDFParameterSpec parameters(
            byte[] agreed, PublicKey once, PublicKey workers, byte[] info, String use, int length) {
        return HKDFParameterSpec.ofExtract()
                .addIKM(new SecretKeySpec(agreed, "X25519"))
                .addSalt(once.getEncoded())
                .addSalt(workers.getEncoded())
                .thenExpand(join(info, use), length);
    }

    private static byte[] join(byte[] info, String use) {
        return (new String(info, StandardCharsets.UTF_8) + "\n" + use).getBytes(StandardCharsets.UTF_8);
    }
}
