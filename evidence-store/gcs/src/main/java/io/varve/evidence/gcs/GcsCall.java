package io.varve.evidence.gcs;

import com.google.cloud.BaseServiceException;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Calls of the storage client, their failures as [IOException]s.
final class GcsCall {
    private GcsCall() {}

    @FunctionalInterface
    interface Call<T> {
        T run() throws IOException;
    }

    static <T> T of(Call<T> call) throws IOException {
        try {
            return call.run();
        } catch (BaseServiceException e) {
            throw new GcsError(e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (IOException e) {
            if (e.getCause() instanceof BaseServiceException cause) {
                throw new GcsError(cause);
            }
            throw e;
        }
    }
}
