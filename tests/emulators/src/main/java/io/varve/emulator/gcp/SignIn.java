package io.varve.emulator.gcp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// The token endpoint: takes what a service account signed with its key (RFC 7523), gives tokens for an hour.
final class SignIn {
    static final String EMAIL = "varve@forensic-project.iam.gserviceaccount.com";
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration HOUR = Duration.ofHours(1);

    private final Clock clock;
    private final KeyPair key;
    private final Map<String, Instant> tokens = new ConcurrentHashMap<>();

    SignIn(Clock clock) {
        this.clock = clock;
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            this.key = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// As the console hands it out.
    String keyFile(String url) {
        String pem = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(key.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
        ObjectNode file = JSON.createObjectNode()
                .put("type", "service_account")
                .put("project_id", "forensic-project")
                .put("private_key_id", "0123456789abcdef0123456789abcdef01234567")
                .put("private_key", pem)
                .put("client_email", EMAIL)
                .put("client_id", "100000000000000000001")
                .put("token_uri", url + "/token");
        return file.toString();
    }

    /// All tokens there are, are not taken any more.
    void revoke() {
        tokens.clear();
    }

    boolean knows(Call call) {
        String header = call.request().header("authorization").orElse("");
        Instant ends = header.startsWith("Bearer ") ? tokens.get(header.substring(7)) : null;
        return ends != null && clock.instant().isBefore(ends);
    }

    Response token(Call call) throws IOException {
        String assertion = call.request().form("assertion").orElse("");
        boolean grant = call.request()
                .form("grant_type")
                .filter("urn:ietf:params:oauth:grant-type:jwt-bearer"::equals)
                .isPresent();
        if (!grant || !isOurs(assertion)) {
            return Response.json(
                    400,
                    JSON.createObjectNode()
                            .put("error", "invalid_grant")
                            .put("error_description", "Invalid JWT Signature."));
        }
        String token = "ya29." + UUID.randomUUID();
        tokens.put(token, clock.instant().plus(HOUR));
        return Response.json(
                200,
                JSON.createObjectNode()
                        .put("access_token", token)
                        .put("expires_in", HOUR.toSeconds())
                        .put("token_type", "Bearer"));
    }

    private boolean isOurs(String assertion) {
        String[] parts = assertion.split("\\.", -1);
        if (parts.length != 3) {
            return false;
        }
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(key.getPublic());
            signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
            JsonNode claims =
                    JSON.readTree(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
            return signature.verify(Base64.getUrlDecoder().decode(parts[2]))
                    && claims.path("iss").asText().equals(EMAIL)
                    && claims.path("scope").asText().contains("cloud-platform");
        } catch (GeneralSecurityException | JsonProcessingException | IllegalArgumentException e) {
            return false;
        }
    }
}
