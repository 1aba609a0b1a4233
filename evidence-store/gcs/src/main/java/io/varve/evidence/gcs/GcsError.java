package io.varve.evidence.gcs;

import com.google.cloud.BaseServiceException;
import java.io.IOException;

/// The service answered with an error.
final class GcsError extends IOException {
    private final int status;

    GcsError(BaseServiceException e) {
        super("%d %s".formatted(e.getCode(), e.getMessage()), e);
        this.status = e.getCode();
    }

    boolean missing() {
        return status == 404;
    }

    /// A condition of the request does not hold: the name is taken.
    boolean taken() {
        return status == 412;
    }

    boolean denied() {
        return status == 403;
    }

    boolean outOfRange() {
        return status == 416;
    }
}
