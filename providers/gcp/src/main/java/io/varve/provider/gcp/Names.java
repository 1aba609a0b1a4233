package io.varve.provider.gcp;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/// Names of what a capture makes: the same for the same capture and disk, so that it is found again.
///
/// Labels hold lower-case letters, digits, `_` and `-`, 63 at most; names begin with a letter.
record Names(String capture, String evidence, Instant expires) {
    static final String CAPTURE = "varve-capture";
    static final String EVIDENCE = "varve-evidence";

    /// From when on nobody needs it, whatever became of its capture: seconds since 1970.
    static final String EXPIRES = "varve-expires";

    private static final int LONGEST = 63;

    static String label(String text) {
        String plain = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]", "-");
        return plain.substring(0, Math.min(LONGEST, plain.length()));
    }

    Map<String, String> labels() {
        return Map.of(
                CAPTURE, label(capture), EVIDENCE, label(evidence), EXPIRES, Long.toString(expires.getEpochSecond()));
    }

    /// A filter of Compute Engine for what this capture made.
    String filter() {
        return "labels.%s=%s".formatted(CAPTURE, label(capture));
    }

    /// Of a disk's snapshot and image.
    String of(Host host, Host.Disk disk) {
        return "varve-" + digest(String.join(" ", capture, host.id(), host.zone(), disk.region(), disk.name()));
    }

    /// Google does a request with the same id once, and hands a failed one back for an hour: the id is kept for calls
    /// whose answer was lost only. What was made before is found by its name.
    static String request() {
        return UUID.randomUUID().toString();
    }

    /// Where in the bucket everything of this capture lies.
    String folder() {
        return "varve/%s/".formatted(label(capture));
    }

    /// Whether what has these labels is needed no more; false when it is not of ours.
    static boolean isOver(Map<String, String> labels, Instant now) {
        String time = labels.getOrDefault(EXPIRES, "");
        return time.matches("\\d{1,12}")
                && Instant.ofEpochSecond(Long.parseLong(time)).isBefore(now);
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
