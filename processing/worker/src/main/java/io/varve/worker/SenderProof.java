package io.varve.worker;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.varve.acquisition.model.Integration;
import io.varve.acquisition.model.Integration.Inbound;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// What only a worker can check of a sender of alerts: a signature with a shared secret, or an OpenID Connect token.
@ApplicationScoped
public class SenderProof {
    /// A signed time may differ from ours by this much.
    private static final Duration SKEW = Duration.ofMinutes(5);

    private static final int KEYS_TIMEOUT_MILLIS = 5_000;
    private static final int LONGEST_KEYS = 1 << 18;
    private static final int MOST_KEY_SOURCES = 100;

    private final Connections connections;
    private final Map<String, JWKSource<SecurityContext>> keys = new ConcurrentHashMap<>();

    SenderProof(Connections connections) {
        this.connections = connections;
    }

    /// Why the sender is not believed; empty when it is.
    ///
    /// @throws ProviderException when it cannot be decided now
    Optional<String> refusal(Integration integration, Map<String, String> headers, byte[] body, Instant received)
            throws ProviderException {
        Inbound inbound = integration
                .inbound()
                .orElseThrow(() -> new ProviderException(Kind.REFUSED, "the integration takes no alerts"));
        return switch (inbound.kind()) {
            case HMAC -> signature(integration, inbound, headers, body, received);
            case OIDC -> token(inbound, headers, received);
            case HEADER, BASIC -> Optional.empty(); // checked when it came
        };
    }

    private Optional<String> signature(
            Integration integration, Inbound inbound, Map<String, String> headers, byte[] body, Instant received)
            throws ProviderException {
        String header = inbound.settings().getOrDefault("header", "").toLowerCase(Locale.ROOT);
        @Nullable String stated = headers.get(header);
        if (stated == null) {
            return Optional.of("the header %s is missing".formatted(header));
        }
        String prefix = inbound.settings().getOrDefault("prefix", "");
        if (!stated.startsWith(prefix)) {
            return Optional.of("the header %s does not begin with %s".formatted(header, prefix));
        }
        String timeHeader =
                inbound.settings().getOrDefault("timestamp_header", "").toLowerCase(Locale.ROOT);
        String time = timeHeader.isEmpty() ? "" : headers.getOrDefault(timeHeader, "");
        if (!timeHeader.isEmpty() && !isNow(time, received)) {
            return Optional.of("the time in the header %s is missing or more than %d minutes off"
                    .formatted(timeHeader, SKEW.toMinutes()));
        }
        byte[] expected = hmac(connections.secret(integration, "inbound_secret"), time, body);
        return same(expected, stated.substring(prefix.length()).strip())
                ? Optional.empty()
                : Optional.of("the signature in the header %s does not fit the body".formatted(header));
    }

    /// Seconds or milliseconds since 1970, or ISO 8601.
    private static boolean isNow(String text, Instant received) {
        try {
            Instant stated = text.matches("\\d{9,16}")
                    ? (text.length() > 11
                            ? Instant.ofEpochMilli(Long.parseLong(text))
                            : Instant.ofEpochSecond(Long.parseLong(text)))
                    : Instant.parse(text);
            return Duration.between(stated, received).abs().compareTo(SKEW) <= 0;
        } catch (java.time.DateTimeException e) {
            return false;
        }
    }

    /// Over the body alone, or over `time.body` where the sender signs a time with it.
    private static byte[] hmac(String secret, String time, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            if (!time.isEmpty()) {
                mac.update((time + ".").getBytes(StandardCharsets.UTF_8));
            }
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean same(byte[] expected, String stated) {
        try {
            byte[] decoded = stated.length() == 2 * expected.length
                    ? HexFormat.of().parseHex(stated.toLowerCase(Locale.ROOT))
                    : Base64.getDecoder().decode(stated);
            return MessageDigest.isEqual(expected, decoded);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private Optional<String> token(Inbound inbound, Map<String, String> headers, Instant received)
            throws ProviderException {
        String bearer = headers.getOrDefault("authorization", "");
        if (!bearer.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return Optional.of("it sent no bearer token");
        }
        var processor = new DefaultJWTProcessor<SecurityContext>();
        processor.setJWSKeySelector(
                new JWSVerificationKeySelector<>(Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256), keys(inbound)));
        processor.setJWTClaimsSetVerifier((claims, context) -> {});
        try {
            return claimed(inbound, processor.process(bearer.substring(7).strip(), null), received);
        } catch (ParseException | BadJOSEException e) {
            return Optional.of("its token is not valid: " + e.getMessage());
        } catch (com.nimbusds.jose.JOSEException e) {
            throw new ProviderException(Kind.FAILED, "the token issuer's keys cannot be had: " + e.getMessage());
        }
    }

    /// The token must be for us, from the issuer and for the account that were set, and valid when
    /// it arrived.
    private static Optional<String> claimed(Inbound inbound, JWTClaimsSet claims, Instant received)
            throws ParseException {
        Map<String, String> wanted = inbound.settings();
        if (!wanted.getOrDefault("issuer", "").equals(claims.getIssuer())) {
            return Optional.of("its token is from another issuer");
        }
        if (claims.getAudience() == null || !claims.getAudience().contains(wanted.getOrDefault("audience", ""))) {
            return Optional.of("its token is for another audience");
        }
        @Nullable Date end = claims.getExpirationTime();
        if (end == null || received.isAfter(end.toInstant().plus(SKEW))) {
            return Optional.of("its token has expired");
        }
        @Nullable Date begin = claims.getNotBeforeTime();
        if (begin != null && received.isBefore(begin.toInstant().minus(SKEW))) {
            return Optional.of("its token is not valid yet");
        }
        String subject = wanted.getOrDefault("subject", "");
        boolean known = subject.equals(claims.getSubject())
                || (subject.equals(claims.getStringClaim("email"))
                        && Boolean.TRUE.equals(claims.getBooleanClaim("email_verified")));
        return known ? Optional.empty() : Optional.of("its token is for another account");
    }

    private JWKSource<SecurityContext> keys(Inbound inbound) throws ProviderException {
        String address = inbound.settings().getOrDefault("keys_url", "");
        if (keys.size() > MOST_KEY_SOURCES) {
            keys.clear();
        }
        try {
            java.net.URL url = URI.create(address).toURL();
            return keys.computeIfAbsent(
                    address,
                    any -> JWKSourceBuilder.<SecurityContext>create(
                                    url,
                                    new DefaultResourceRetriever(
                                            KEYS_TIMEOUT_MILLIS, KEYS_TIMEOUT_MILLIS, LONGEST_KEYS))
                            .build());
        } catch (MalformedURLException | IllegalArgumentException e) {
            throw new ProviderException(Kind.REFUSED, "keys_url is no address");
        }
    }
}
