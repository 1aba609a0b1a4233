package io.varve.provider.endpoint.server;

import io.varve.evidence.Digest;
import io.varve.evidence.ObjectStore;
import io.varve.provider.collector.profile.Profile;
import io.varve.provider.collector.profile.Profiles;
import io.varve.provider.endpoint.protocol.HostFacts;
import java.util.List;
import java.util.Optional;

/// What [EndpointServer] needs from database and object store; implemented by `web`.
///
/// Called from many virtual threads at once. Every call is short; an unchecked exception is answered with 503 and the
/// agent tries again, so each method must bear being called twice.
public interface EndpointBackend {
    /// Uses up the one-time token and keeps the new agent, in one transaction.
    ///
    /// @param token [io.varve.provider.endpoint.protocol.EnrolmentToken#secretDigest]
    /// @param publicKey Ed25519, X.509 encoded: what the agent signs its requests with
    /// @param address where the agent called from
    /// @return id of the new agent (letters, digits, `-`); empty when the token is unknown, used or expired. The
    /// same token with the same public key again answers the same id (the first answer was lost on the way)
    Optional<String> enrol(Digest token, byte[] publicKey, HostFacts host, String address);

    /// An enrolled agent that has not been removed.
    Optional<Agent> agent(String id);

    /// The agent called for orders: it is online until it stays away for longer than a minute.
    void seen(String agent, HostFacts host, String address);

    /// The oldest order for this agent that is placed and neither picked up nor cancelled. Asked twice a second while
    /// an agent waits; [EndpointServer#wake] makes it asked at once.
    Optional<PendingOrder> nextOrder(String agent);

    /// The order of this capture, in whatever state, when it was placed for this agent.
    Optional<PendingOrder> order(String agent, String capture);

    /// What a profile name of an order means; the profiles that come with Varve unless overridden.
    default Optional<Profile> profile(String name) {
        return Profiles.named(name);
    }

    void pickedUp(String capture);

    /// @param bytes received so far
    void progress(String capture, long bytes, String text);

    /// Where uploads go: the object named by [PendingOrder#upload]. Sealing is the worker's.
    ObjectStore objects();

    /// The object is complete.
    ///
    /// @param parts digests of its parts in order, as the agent computed them and the server checked them
    void uploaded(String capture, long size, List<Digest> parts);

    /// The agent gave up; `cancelled` is its answer to a wish to stop. The upload has been aborted.
    void failed(String capture, String reason);

    /// @param publicKey Ed25519, X.509 encoded
    record Agent(String id, byte[] publicKey) {}

    /// @param upload name of the object
    /// @param cancelled somebody asked to stop
    /// @param ended uploaded or failed: nothing more is taken for it
    record PendingOrder(String capture, String profile, String upload, boolean cancelled, boolean ended) {}
}
