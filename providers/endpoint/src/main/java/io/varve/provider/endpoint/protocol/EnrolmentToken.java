package io.varve.provider.endpoint.protocol;

import io.varve.evidence.Digest;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Lets one agent enrol once, and tells it which server certificate to believe.
///
/// Written `varve1.<fingerprint>.<secret>`. The server keeps only [#secretDigest].
///
/// @param fingerprint SHA-256 of the server certificate's DER
/// @param secret 32 hexadecimal digits
public record EnrolmentToken(Digest fingerprint, String secret) {
    private static final Pattern FORM = Pattern.compile("varve1\\.([0-9a-f]{64})\\.([0-9a-f]{32})");
    private static final SecureRandom RANDOM = new SecureRandom();

    public static EnrolmentToken mint(Digest fingerprint) {
        byte[] secret = new byte[16];
        RANDOM.nextBytes(secret);
        return new EnrolmentToken(fingerprint, HexFormat.of().formatHex(secret));
    }

    /// @throws IllegalArgumentException when the text is not a token
    public static EnrolmentToken parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new IllegalArgumentException("not an enrolment token (varve1.<fingerprint>.<secret>)");
        }
        return new EnrolmentToken(new Digest(form.group(1)), form.group(2));
    }

    /// What the server keeps and looks the token up by.
    public Digest secretDigest() {
        return Digest.of(secret.getBytes(StandardCharsets.US_ASCII));
    }

    /// The token as it is given to the agent. `toString` hides the secret.
    public String text() {
        return "varve1." + fingerprint + "." + secret;
    }

    @Override
    public String toString() {
        return "varve1." + fingerprint + ".…";
    }
}
