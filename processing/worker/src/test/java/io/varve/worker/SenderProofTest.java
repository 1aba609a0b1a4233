package io.varve.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import io.varve.acquisition.model.Integration;
import io.varve.acquisition.model.Integration.Inbound;
import io.varve.acquisition.model.IntegrationId;
import io.varve.acquisition.model.Organisation;
import io.varve.acquisition.secret.SecretKeys;
import io.varve.acquisition.secret.SecretSeal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Alerts that a vendor sends are believed by their signature or token, and by nothing else.
@Tag("contained")
final class SenderProofTest {
    private static final byte[] BODY = "{\"id\":\"1\"}".getBytes(StandardCharsets.UTF_8);
    private static final Instant NOW = Instant.parse("2026-11-22T07:00:00Z");
    private static final String SECRET = "a shared secret of two";
    private static final String ISSUER = "https://accounts.example.com";
    private static final String AUDIENCE = "https://varve.example.com/alerts";
    private static final String ACCOUNT = "scc-push@example.iam.gserviceaccount.com";

    @TempDir
    Path folder = Path.of("");

    private HttpServer issuer = unset();
    private ECKey key = unset();
    private SecretKeys keys = unset();
    private SenderProof proof = unset();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeEach
    void start() throws Exception {
        key = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
        byte[] published = new JWKSet(key.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
        issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer.createContext("/certs", exchange -> {
            exchange.sendResponseHeaders(200, published.length);
            exchange.getResponseBody().write(published);
            exchange.close();
        });
        issuer.start();
        keys = SecretKeys.in(folder);
        proof = new SenderProof(new Connections(new NoIntegrations(), keys));
    }

    @AfterEach
    void stop() {
        issuer.stop(0);
    }

    @Test
    void a_body_is_believed_with_the_signature_of_the_shared_secret_only() throws Exception {
        Integration integration = signed(Map.of("header", "X-Signature", "prefix", "sha256="));
        String right = "sha256=" + HexFormat.of().formatHex(hmac(BODY));

        assertThat(refusal(integration, Map.of("x-signature", right))).isEmpty();
        assertThat(refusal(integration, Map.of("x-signature", right.replace('a', 'b'))))
                .isPresent();
        assertThat(refusal(integration, Map.of("x-signature", right.substring(7))))
                .isPresent();
        assertThat(refusal(integration, Map.of())).isPresent();
        assertThat(proof.refusal(integration, Map.of("x-signature", right), "{}".getBytes(StandardCharsets.UTF_8), NOW))
                .hasValueSatisfying(reason -> assertThat(reason).doesNotContain(SECRET));
    }

    @Test
    void a_signed_time_must_be_now_so_that_nothing_can_be_replayed() throws Exception {
        Integration integration = signed(Map.of("header", "X-Signature", "timestamp_header", "X-Time"));
        String now = Long.toString(NOW.getEpochSecond());
        String old = Long.toString(NOW.minus(Duration.ofMinutes(6)).getEpochSecond());

        assertThat(refusal(integration, Map.of("x-time", now, "x-signature", signature(now))))
                .isEmpty();
        assertThat(refusal(integration, Map.of("x-time", old, "x-signature", signature(old))))
                .isPresent();
        assertThat(refusal(integration, Map.of("x-time", now, "x-signature", signature(old))))
                .isPresent();
        assertThat(refusal(integration, Map.of("x-signature", signature(now)))).isPresent();
    }

    @Test
    void a_token_must_be_from_the_issuer_for_us_for_the_account_and_in_time() throws Exception {
        Integration integration = integration(
                new Inbound(
                        Inbound.Kind.OIDC,
                        "scc",
                        Map.of(
                                "issuer", ISSUER,
                                "audience", AUDIENCE,
                                "subject", ACCOUNT,
                                "keys_url",
                                        "http://127.0.0.1:"
                                                + issuer.getAddress().getPort() + "/certs")),
                Map.of());

        assertThat(refusal(integration, bearer(token(ISSUER, AUDIENCE, ACCOUNT, NOW.plusSeconds(60), key))))
                .isEmpty();
        assertThat(refusal(
                        integration,
                        bearer(token("https://evil.example", AUDIENCE, ACCOUNT, NOW.plusSeconds(60), key))))
                .isPresent();
        assertThat(refusal(integration, bearer(token(ISSUER, "other", ACCOUNT, NOW.plusSeconds(60), key))))
                .isPresent();
        assertThat(refusal(integration, bearer(token(ISSUER, AUDIENCE, "other@example.com", NOW.plusSeconds(60), key))))
                .isPresent();
        assertThat(refusal(integration, bearer(token(ISSUER, AUDIENCE, ACCOUNT, NOW.minusSeconds(3600), key))))
                .isPresent();
        ECKey strange = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
        assertThat(refusal(integration, bearer(token(ISSUER, AUDIENCE, ACCOUNT, NOW.plusSeconds(60), strange))))
                .isPresent();
        assertThat(refusal(integration, bearer("not.a.token"))).isPresent();
        assertThat(refusal(integration, Map.of())).isPresent();
    }

    private Optional<String> refusal(Integration integration, Map<String, String> headers) throws Exception {
        return proof.refusal(integration, headers, BODY, NOW);
    }

    private Integration signed(Map<String, String> settings) {
        return integration(new Inbound(Inbound.Kind.HMAC, "crowdstrike", settings), Map.of("inbound_secret", SECRET));
    }

    private Integration integration(Inbound inbound, Map<String, String> secrets) {
        IntegrationId id = IntegrationId.mint();
        var sealed = new HashMap<String, String>();
        secrets.forEach((name, secret) ->
                sealed.put(name, new SecretSeal(keys.publicKey()).seal(secret, Integration.purpose(id, name))));
        return new Integration(
                id,
                new Organisation("main"),
                "crowdstrike",
                "test",
                true,
                Set.of(),
                Map.of(),
                sealed,
                Optional.of(inbound),
                "test",
                NOW);
    }

    private static String signature(String time) throws Exception {
        return HexFormat.of()
                .formatHex(
                        hmac((time + "." + new String(BODY, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] hmac(byte[] message) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return mac.doFinal(message);
    }

    private static Map<String, String> bearer(String token) {
        return Map.of("authorization", "Bearer " + token);
    }

    private static String token(String issuer, String audience, String account, Instant end, ECKey key)
            throws JOSEException {
        var token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k1").build(),
                new JWTClaimsSet.Builder()
                        .issuer(issuer)
                        .audience(audience)
                        .subject("1234567890")
                        .claim("email", account)
                        .claim("email_verified", true)
                        .expirationTime(Date.from(end))
                        .build());
        token.sign(new ECDSASigner(key));
        return token.serialize();
    }
}
