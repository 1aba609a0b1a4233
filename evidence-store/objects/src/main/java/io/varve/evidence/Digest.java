package io.varve.evidence;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// A SHA-256 digest, as 64 lower-case hexadecimal digits.
public record Digest(@JsonValue String hex) {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    @JsonCreator
    public Digest {
        if (!SHA256.matcher(hex).matches()) {
            throw new IllegalArgumentException("not a SHA-256 digest: " + hex);
        }
    }

    public static Digest of(byte[] content) {
        return of(sha256().digest(content), 0);
    }

    /// Takes the result of a finished calculation.
    public static Digest finish(MessageDigest calculation) {
        return of(calculation.digest(), 0);
    }

    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Digest of(byte[] raw, int start) {
        return new Digest(HexFormat.of().formatHex(raw, start, raw.length));
    }

    @Override
    public String toString() {
        return hex;
    }
}
