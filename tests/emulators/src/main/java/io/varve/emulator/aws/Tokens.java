package io.varve.emulator.aws;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Tokens that nobody else can make, for one use, until a time. The same token is never given twice.
final class Tokens {
    private final Clock clock;
    private final byte[] key = new byte[32];
    private long given;

    Tokens(Clock clock) {
        this.clock = clock;
        new SecureRandom().nextBytes(key);
    }

    synchronized String give(String use, Duration life) {
        String content = "%d %d %s".formatted(clock.instant().plus(life).toEpochMilli(), ++given, use);
        return encode(content.getBytes(StandardCharsets.UTF_8)) + "." + encode(sign(content));
    }

    /// What it was given for, when it is one of ours and its time is not over.
    Optional<String> use(String token) {
        int dot = token.indexOf('.');
        if (dot < 0) {
            return Optional.empty();
        }
        String content;
        try {
            content = new String(Base64.getUrlDecoder().decode(token.substring(0, dot)), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (!encode(sign(content)).equals(token.substring(dot + 1))) {
            return Optional.empty();
        }
        String[] fields = content.split(" ", 3);
        boolean alive = clock.instant().isBefore(Instant.ofEpochMilli(Long.parseLong(fields[0])));
        return alive ? Optional.of(fields[2]) : Optional.empty();
    }

    private byte[] sign(String content) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(content.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
