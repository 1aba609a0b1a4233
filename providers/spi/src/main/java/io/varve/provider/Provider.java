package io.varve.provider;

/// A vendor or channel we acquire through. Found by [java.util.ServiceLoader]; runs in the worker only.
///
/// A provider never lifts or changes containment.
public interface Provider {
    /// Stable name, e.g. `endpoint`, `crowdstrike`.
    String name();

    /// Kinds of asset identifier this provider can reach a host by, best first, e.g. `agent_id`.
    java.util.List<String> reaches();

    /// Runs the capture, or goes on with one that was interrupted: every step is stored and done once. Returns when the
    /// bytes are uploaded and complete; the caller seals.
    ///
    /// @throws ProviderException with a kind and, where waiting helps, how long
    void capture(CaptureContext context) throws ProviderException, InterruptedException;
}
