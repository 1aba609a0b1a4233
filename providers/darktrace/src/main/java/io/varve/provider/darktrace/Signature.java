package io.varve.provider.darktrace;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Darktrace's signature of a request: HMAC-SHA1 over target, public token and date, in hexadecimal.
final class Signature {
    private static final String ALGORITHM = "HmacSHA1";

    private Signature() {}

    /// @param target path and query as they are on the wire; of a POST also `?` and the body
    /// @param date as in the header `DTAPI-Date`
    static String of(String privateToken, String publicToken, String date, String target) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(privateToken.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            String message = target + "\n" + publicToken + "\n" + date;
            return HexFormat.of().formatHex(mac.doFinal(message.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
