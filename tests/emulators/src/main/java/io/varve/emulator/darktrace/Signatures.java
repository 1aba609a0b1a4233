package io.varve.emulator.darktrace;

import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Request;
import io.varve.emulator.kit.Response;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Checks that a request was signed by the holder of a token, over the bytes that were on the wire.
final class Signatures {
    private static final List<DateTimeFormatter> DATES = List.of(
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss", Locale.ROOT),
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT),
            DateTimeFormatter.ISO_DATE_TIME);

    private final Clock clock;
    private final Settings settings;
    private final Map<String, ApiToken> tokens = new ConcurrentHashMap<>();

    Signatures(Clock clock, Settings settings) {
        this.clock = clock;
        this.settings = settings;
    }

    void add(ApiToken token) {
        tokens.put(token.publicToken(), token);
    }

    /// The token of a caller that was checked.
    ApiToken holder(String publicToken) {
        return Objects.requireNonNull(tokens.get(publicToken));
    }

    /// The token that signed the call.
    ///
    /// @throws Unsigned with the appliance's answer when none did
    ApiToken check(Call call) throws Unsigned {
        Request request = call.request();
        String date = request.header("DTAPI-Date").orElse("");
        ApiToken token = tokens.get(request.header("DTAPI-Token").orElse(""));
        String signature = request.header("DTAPI-Signature").orElse("").toLowerCase(Locale.ROOT);
        if (token == null || !signature.equals(sign(token, date, signed(request)))) {
            throw new Unsigned("API SIGNATURE ERROR");
        }
        Optional<Instant> at = parse(date);
        boolean near = at.isPresent()
                && Duration.between(at.get(), clock.instant()).abs().compareTo(settings.skew()) <= 0;
        if (!near) {
            throw new Unsigned("API DATE ERROR");
        }
        return token;
    }

    /// A request that no known token signed.
    static final class Unsigned extends Exception {
        Unsigned(String message) {
            super(message);
        }

        Response toResponse() {
            return Response.bytes(
                    400,
                    "application/json",
                    "{\"error\":\"%s\"}".formatted(getMessage()).getBytes(StandardCharsets.UTF_8));
        }
    }

    private String signed(Request request) {
        if (request.body().length == 0) {
            return request.target();
        }
        boolean form = request.header("Content-Type").orElse("").startsWith("application/x-www-form-urlencoded");
        boolean pathOnly = form && settings.formSigning() == Settings.FormSigning.PATH_ONLY;
        return pathOnly ? request.target() : request.target() + "?" + request.text();
    }

    static String sign(ApiToken token, String date, String request) {
        String message = request + "\n" + token.publicToken() + "\n" + date;
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(token.privateToken().getBytes(StandardCharsets.US_ASCII), "HmacSHA1"));
            return HexFormat.of().formatHex(mac.doFinal(message.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<Instant> parse(String date) {
        for (DateTimeFormatter format : DATES) {
            try {
                return Optional.of(LocalDateTime.parse(date, format).toInstant(ZoneOffset.UTC));
            } catch (DateTimeException e) {
                // the next format, then
            }
        }
        return Optional.empty();
    }
}
