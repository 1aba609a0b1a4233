package io.varve.acquisition;

import io.varve.acquisition.model.Capture;

/// Where requested captures go: kept, with their evidence item, and queued for a worker, all in the caller's
/// transaction.
public interface CaptureRequests {
    void submit(Capture capture);
}
