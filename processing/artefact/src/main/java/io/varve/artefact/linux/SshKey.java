package io.varve.artefact.linux;

import io.varve.event.Field;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/// A public key as OpenSSH's text files hold it.
///
/// @param fingerprint as `ssh-keygen -l` prints it; absent when the key is not base 64
record SshKey(
        @Field("ssh.key_type") String type,
        @Field("ssh.fingerprint") Optional<String> fingerprint,
        @Field("ssh.comment") String comment) {
    private static final Pattern TYPE = Pattern.compile(
            "(?:sk-)?(?:ssh|ecdsa)-[a-z0-9-]+(?:@openssh\\.com)?|rsa-sha2-(?:256|512)(?:-cert-v01@openssh\\.com)?");

    static boolean isType(String word) {
        return TYPE.matcher(word).matches();
    }

    static SshKey of(String type, String base64, String comment) {
        return new SshKey(type, fingerprint(base64), comment.strip());
    }

    private static Optional<String> fingerprint(String base64) {
        try {
            byte[] key = Base64.getDecoder().decode(base64);
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key);
            return Optional.of("SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Type and fingerprint in words.
    String name() {
        return type + fingerprint.map(text -> " " + text).orElse("") + (comment.isEmpty() ? "" : " " + comment);
    }
}
