package io.varve.provider;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// A vendor or channel we acquire through. Found by [java.util.ServiceLoader]; runs in the worker only.
///
/// A provider never lifts or changes containment.
public interface Provider {
    /// Stable name, e.g. `endpoint`, `crowdstrike`.
    String name();

    /// Kinds of asset identifier this provider can reach a host by, best first, e.g.
    /// `agent_id`.
    List<String> reaches();

    /// Runs the capture, or goes on with one that was interrupted: every step is stored and done
    /// once. Returns when the bytes are uploaded and complete; the caller seals.
    ///
    /// @throws ProviderException with a kind and, where waiting helps, how long
    void capture(CaptureContext context) throws ProviderException, InterruptedException;

    /// Removes what the capture made outside and puts back what it changed: called when the evidence is sealed, and
    /// when
    /// the capture has ended without success. Doing it again does no harm.
    ///
    /// @throws ProviderException when something could not be removed; it is tried again later
    default void release(CaptureContext context) throws ProviderException, InterruptedException, IOException {}

    /// What the bytes are that a capture of this profile brings: a capture archive unless said
    /// otherwise.
    default String mediaType(String profile) {
        return "application/gzip";
    }

    /// Looks at a host and at the way to it, without touching it.
    ///
    /// @return empty when there is nothing to look at beforehand
    default Optional<Preflight> preflight(Connection connection, String target, String profile)
            throws ProviderException, InterruptedException {
        return Optional.empty();
    }
}
