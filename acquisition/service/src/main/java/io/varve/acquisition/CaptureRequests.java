package io.varve.acquisition;

import io.varve.acquisition.model.Capture;

/// Where requested captures go, all in the caller's transaction: kept, and unless they wait for approval, with their
/// evidence item and queued for a worker. One that was approved is submitted again.
public interface CaptureRequests {
    void submit(Capture capture);
}
