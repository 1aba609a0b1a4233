package io.varve.provider.endpoint.protocol;

import io.varve.evidence.Digest;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// What an agent signs of every request: method, path with query, time, nonce and digest of the body.
///
/// @param agent who calls
/// @param at milliseconds since 1970 by the server's clock, as the agent knows it
/// @param nonce 32 hexadecimal digits, never used twice
/// @param body digest of the request body
public record RequestSignature(String agent, long at, String nonce, Digest body, byte[] signature) {
    public static final String AGENT = "Varve-Agent";
    public static final String TIME = "Varve-Time";
    public static final String NONCE = "Varve-Nonce";
    public static final String BODY = "Varve-Body-SHA256";
    public static final String SIGNATURE = "Varve-Signature";

    private static final Pattern AGENT_FORM = Pattern.compile("[A-Za-z0-9-]{1,64}");
    private static final Pattern NONCE_FORM = Pattern.compile("[0-9a-f]{32}");
    private static final SecureRandom RANDOM = new SecureRandom();

    public RequestSignature {
        if (!AGENT_FORM.matcher(agent).matches() || !NONCE_FORM.matcher(nonce).matches()) {
            throw new IllegalArgumentException("malformed agent or nonce");
        }
    }

    public static RequestSignature sign(
            PrivateKey key, String agent, String method, String target, Instant at, Digest body) {
        byte[] random = new byte[16];
        RANDOM.nextBytes(random);
        String nonce = HexFormat.of().formatHex(random);
        long time = at.toEpochMilli();
        return new RequestSignature(
                agent, time, nonce, body, Keys.sign(key, content(agent, method, target, time, nonce, body)));
    }

    /// @param target path with query, exactly as it stands in the request line
    public boolean verify(PublicKey key, String method, String target) {
        return Keys.verify(key, content(agent, method, target, at, nonce, body), signature);
    }

    public String signatureText() {
        return Base64.getEncoder().encodeToString(signature);
    }

    private static byte[] content(String agent, String method, String target, long at, String nonce, Digest body) {
        return String.join("\n", "varve-request/1", agent, method, target, Long.toString(at), nonce, body.hex())
                .getBytes(StandardCharsets.UTF_8);
    }
}
