package io.varve.provider.aws;

import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/// AWS's refusals, in our words.
final class Errors {
    private static final Set<String> TOO_MANY = Set.of(
            "RequestLimitExceeded",
            "Throttling",
            "ThrottlingException",
            "RequestThrottledException",
            "TooManyRequestsException",
            "SnapshotCreationPerVolumeRateExceeded");
    private static final Set<String> FORBIDDEN =
            Set.of("UnauthorizedOperation", "AccessDenied", "AccessDeniedException", "AuthFailure", "OptInRequired");
    private static final Set<String> UNKNOWN_KEY = Set.of(
            "InvalidClientTokenId", "SignatureDoesNotMatch", "UnrecognizedClientException", "InvalidAccessKeyId");

    private static final Set<String> GONE =
            Set.of("ClusterNotFoundException", "ResourceNotFoundException", "ServiceNotFoundException");

    private Errors() {}

    static ProviderException of(String what, SdkException e) {
        if (e instanceof AwsServiceException answer) {
            String code = code(answer);
            String text = "%s: %s (%s)".formatted(what, message(answer), code);
            if (isTooMany(answer)) {
                return new ProviderException(Kind.THROTTLED, text, Optional.of(Duration.ofSeconds(30)));
            }
            if (FORBIDDEN.contains(code) || UNKNOWN_KEY.contains(code)) {
                return new ProviderException(Kind.FORBIDDEN, text);
            }
            if (code.endsWith("NotFound") || GONE.contains(code)) {
                return new ProviderException(Kind.NOT_FOUND, text);
            }
            if (code.equals("TargetNotConnectedException")) {
                return new ProviderException(Kind.OFFLINE, text, Optional.of(Duration.ofMinutes(1)));
            }
            return answer.statusCode() >= 500 || isExpired(answer)
                    ? new ProviderException(Kind.FAILED, text)
                    : new ProviderException(Kind.REFUSED, text);
        }
        return new ProviderException(
                Kind.OFFLINE,
                "%s: AWS does not answer: %s".formatted(what, e.getMessage()),
                Optional.of(Duration.ofMinutes(1)));
    }

    static String code(AwsServiceException e) {
        return e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null
                ? "HTTP " + e.statusCode()
                : e.awsErrorDetails().errorCode();
    }

    private static String message(AwsServiceException e) {
        String text = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorMessage();
        return text == null ? "refused" : text;
    }

    static boolean isTooMany(AwsServiceException e) {
        return TOO_MANY.contains(code(e)) || e.statusCode() == 429;
    }

    /// The session of an assumed role is over before its time.
    static boolean isExpired(AwsServiceException e) {
        return Set.of("ExpiredToken", "ExpiredTokenException", "RequestExpired").contains(code(e));
    }

    static boolean isGone(AwsServiceException e) {
        String code = code(e);
        return code.endsWith("NotFound") || GONE.contains(code);
    }
}
