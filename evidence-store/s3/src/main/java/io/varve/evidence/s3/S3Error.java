package io.varve.evidence.s3;

import java.io.IOException;
import java.util.Set;

/// The target answered with an error.
///
/// @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html">S3 error responses</a>
final class S3Error extends IOException {
    private static final Set<String> PASSING =
            Set.of("SlowDown", "RequestTimeout", "InternalError", "ServiceUnavailable", "ConditionalRequestConflict");
    private final int status;
    private final String code;

    S3Error(String request, int status, String code, String message) {
        super("%s: %d %s %s".formatted(request, status, code, message).strip());
        this.status = status;
        this.code = code;
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    boolean missing() {
        return status == 404;
    }

    /// A condition of the request does not hold: the name is taken.
    boolean conditionFailed() {
        return status == 412;
    }

    boolean denied() {
        return status == 403;
    }

    /// The same request later may work.
    boolean passing() {
        return status == 429 || status >= 500 && status != 501 || PASSING.contains(code);
    }
}
