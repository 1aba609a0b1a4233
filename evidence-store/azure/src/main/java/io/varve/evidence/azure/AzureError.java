package io.varve.evidence.azure;

import com.azure.storage.blob.models.BlobStorageException;
import java.io.IOException;

/// The service answered with an error.
///
/// @see <a href="https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes">Blob error codes</a>
final class AzureError extends IOException {
    private final int status;
    private final String code;

    AzureError(BlobStorageException e) {
        super("%d %s".formatted(e.getStatusCode(), e.getErrorCode()), e);
        this.status = e.getStatusCode();
        this.code = String.valueOf(e.getErrorCode());
    }

    boolean missing() {
        return status == 404;
    }

    boolean taken() {
        return status == 412 || status == 409 && code.equals("BlobAlreadyExists");
    }

    boolean isProtected() {
        return status == 409 && (code.contains("Immutable") || code.contains("LegalHold") || code.contains("Policy"));
    }
}
