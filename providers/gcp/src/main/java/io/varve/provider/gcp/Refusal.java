package io.varve.provider.gcp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.api.client.http.HttpResponseException;
import com.google.api.gax.httpjson.HttpJsonStatusCode;
import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.StatusCode;
import com.google.cloud.BaseServiceException;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// What one of Google's services answered instead of what was asked for, whichever of its client libraries told us.
///
/// @param status of HTTP; 0 when there was no answer
/// @param reason Google's own word, e.g. `rateLimitExceeded`; may be empty
record Refusal(int status, String reason, String message) {
    private static final Set<String> TOO_MANY =
            Set.of("rateLimitExceeded", "userRateLimitExceeded", "RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED");
    private static final JsonMapper JSON = new JsonMapper();

    static Refusal of(Exception failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 8; depth++) {
            if (cause instanceof HttpResponseException answer) {
                return ofBody(answer.getStatusCode(), Optional.ofNullable(answer.getContent()), message(failure));
            }
            cause = cause.getCause();
        }
        if (failure instanceof BaseServiceException storage && storage.getCode() > 0) {
            return new Refusal(
                    storage.getCode(), Optional.ofNullable(storage.getReason()).orElse(""), message(failure));
        }
        if (failure instanceof ApiException api && !isConnection(failure)) {
            return new Refusal(status(api), "", message(failure));
        }
        return new Refusal(0, "", message(failure));
    }

    private static int status(ApiException e) {
        return e.getStatusCode() instanceof HttpJsonStatusCode
                        && e.getStatusCode().getCode() != StatusCode.Code.UNKNOWN
                ? e.getStatusCode().getCode().getHttpStatusCode()
                : 0;
    }

    private static boolean isConnection(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketException || cause instanceof SocketTimeoutException) {
                return true;
            }
        }
        return false;
    }

    private static Refusal ofBody(int status, Optional<String> body, String otherwise) {
        try {
            JsonNode error = JSON.readTree(body.orElse("{}")).path("error");
            String reason = error.path("errors")
                    .path(0)
                    .path("reason")
                    .asText(error.path("status").asText());
            // a token endpoint says error and error_description
            String told =
                    error.isTextual() ? error.asText() : error.path("message").asText(otherwise);
            boolean unknown = error.isTextual() && status < 500;
            return new Refusal(unknown ? 401 : status, reason, told);
        } catch (JsonProcessingException e) {
            return new Refusal(status, "", otherwise);
        }
    }

    private static String message(Throwable e) {
        String text = e.getMessage();
        return text == null || text.isBlank() ? e.getClass().getSimpleName() : text;
    }

    boolean isTooMany() {
        return status == 429 || TOO_MANY.contains(reason);
    }

    boolean isGone() {
        return status == 404;
    }

    boolean isTaken() {
        return status == 409;
    }

    /// The token was taken back, or is over before its time.
    boolean isExpired() {
        return status == 401;
    }

    /// Nobody can know whether it was done: asking again may help.
    boolean isPassing() {
        return status == 0 || status >= 500 || status == 408;
    }

    ProviderException problem(String what) {
        String text = "%s: %s%s".formatted(what, message, status == 0 ? "" : " (" + code() + ")");
        if (isTooMany()) {
            return new ProviderException(Kind.THROTTLED, text, Optional.of(Duration.ofSeconds(60)));
        }
        if (status == 403 || status == 401) {
            return new ProviderException(Kind.FORBIDDEN, text);
        }
        if (status == 404) {
            return new ProviderException(Kind.NOT_FOUND, text);
        }
        if (status == 0) {
            return new ProviderException(
                    Kind.OFFLINE,
                    "%s: Google does not answer: %s".formatted(what, message),
                    Optional.of(Duration.ofMinutes(1)));
        }
        return isPassing() ? new ProviderException(Kind.FAILED, text) : new ProviderException(Kind.REFUSED, text);
    }

    private String code() {
        return reason.isEmpty() ? "HTTP " + status : reason;
    }

    /// Whether an exception of a client library is one of the service's or the line's, not a bug of ours.
    static boolean isOf(Exception e) {
        return e instanceof ApiException || e instanceof BaseServiceException || e instanceof IOException;
    }
}
