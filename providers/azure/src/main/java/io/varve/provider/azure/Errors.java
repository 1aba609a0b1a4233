package io.varve.provider.azure;

import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.management.exception.ManagementError;
import com.azure.core.management.exception.ManagementException;
import com.azure.storage.blob.models.BlobStorageException;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Azure's refusals, in our words. What Azure says of the data plane is never repeated: it may hold signatures.
final class Errors {
    private static final Pattern SIGN_IN = Pattern.compile("(AADSTS\\d{3,8}): ?([^\\r\\n]{0,200})");
    private static final int DEEPEST = 10;

    private Errors() {}

    static ProviderException of(String what, RuntimeException e) {
        Optional<ProviderException> signIn = signIn(what, e);
        if (signIn.isPresent()) {
            return signIn.get();
        }
        if (e instanceof HttpResponseException answer) {
            String code = code(answer);
            String text = "%s: %s (%s)".formatted(what, message(answer), code);
            int status = status(answer);
            if (status == 429) {
                return new ProviderException(
                        Kind.THROTTLED, text, Optional.of(retryAfter(answer).orElse(Duration.ofSeconds(30))));
            }
            return new ProviderException(kind(status), text);
        }
        return new ProviderException(
                Kind.OFFLINE,
                "%s: Azure does not answer (%s)".formatted(what, root(e)),
                Optional.of(Duration.ofMinutes(1)));
    }

    private static Kind kind(int status) {
        return switch (status) {
            case 401, 403 -> Kind.FORBIDDEN;
            case 404 -> Kind.NOT_FOUND;
            // another operation on the same resource is under way
            case 409 -> Kind.FAILED;
            default -> status == 0 || status >= 500 ? Kind.FAILED : Kind.REFUSED;
        };
    }

    private static Optional<ProviderException> signIn(String what, RuntimeException e) {
        Throwable cause = e;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++, cause = cause.getCause()) {
            Matcher reason = SIGN_IN.matcher(String.valueOf(cause.getMessage()));
            if (reason.find()) {
                return Optional.of(new ProviderException(
                        Kind.FORBIDDEN,
                        "%s: Microsoft refused the sign-in (%s): %s"
                                .formatted(what, reason.group(1), mend(reason.group(1), reason.group(2)))));
            }
        }
        return Optional.empty();
    }

    private static String mend(String code, String text) {
        return switch (code) {
            case "AADSTS7000215" -> "the client secret is wrong: enter the secret's value, not its id";
            case "AADSTS7000222" -> "the client secret has expired: make a new one and enter it";
            case "AADSTS700016" -> "the application is not known in this tenant: check the application id";
            case "AADSTS90002", "AADSTS900023" -> "there is no such tenant: check the tenant id";
            default -> text.strip();
        };
    }

    /// HTTP status; 0 when there is none.
    static int status(HttpResponseException e) {
        return e.getResponse() == null ? 0 : e.getResponse().getStatusCode();
    }

    static String code(HttpResponseException e) {
        if (e instanceof BlobStorageException blob && blob.getErrorCode() != null) {
            return blob.getErrorCode().toString();
        }
        if (e instanceof ManagementException management
                && management.getValue() != null
                && management.getValue().getCode() != null) {
            return management.getValue().getCode();
        }
        return "HTTP " + status(e);
    }

    private static String message(HttpResponseException e) {
        ManagementError error = e instanceof ManagementException management ? management.getValue() : null;
        return error == null || error.getMessage() == null ? "refused" : error.getMessage();
    }

    static Optional<Duration> retryAfter(HttpResponseException e) {
        String text = e.getResponse() == null ? null : e.getResponse().getHeaderValue(HttpHeaderName.RETRY_AFTER);
        return text != null && text.matches("\\d{1,4}")
                ? Optional.of(Duration.ofSeconds(Long.parseLong(text)))
                : Optional.empty();
    }

    static boolean isGone(RuntimeException e) {
        return e instanceof HttpResponseException answer && status(answer) == 404;
    }

    /// Another operation on the same resource is under way, or the resource is in no state for this one.
    static boolean isConflict(RuntimeException e) {
        return e instanceof HttpResponseException answer && status(answer) == 409;
    }

    /// Messages of connections may name addresses with what they were signed with: the kind of trouble is enough.
    static String root(RuntimeException e) {
        Throwable cause = e;
        for (int depth = 0; cause.getCause() != null && depth < DEEPEST; depth++) {
            cause = cause.getCause();
        }
        return cause.getClass().getSimpleName();
    }
}
