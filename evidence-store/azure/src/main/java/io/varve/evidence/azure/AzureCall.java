package io.varve.evidence.azure;

import com.azure.core.exception.AzureException;
import com.azure.storage.blob.models.BlobStorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Supplier;

/// Calls of the Azure client, their failures as [IOException]s.
final class AzureCall {
    private AzureCall() {}

    static <T> T of(Supplier<T> call) throws IOException {
        try {
            return call.get();
        } catch (BlobStorageException e) {
            throw new AzureError(e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (AzureException | IllegalStateException e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        } catch (RuntimeException e) {
            if (e.getCause() instanceof IOException io) {
                throw new IOException(String.valueOf(io.getMessage()), e);
            }
            throw e;
        }
    }
}
