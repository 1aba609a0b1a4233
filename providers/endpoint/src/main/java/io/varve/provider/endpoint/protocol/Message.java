package io.varve.provider.endpoint.protocol;

import io.varve.evidence.Digest;
import java.time.Instant;
import java.util.List;

/// Bodies of requests and answers, as JSON. Binary values are Base64.
public sealed interface Message {
    /// Asks to become an agent.
    record Enrol(String secret, byte[] publicKey, HostFacts host) implements Message {}

    /// @param orderKey Ed25519 key that orders are signed with, X.509 encoded
    record Enrolled(String agent, byte[] orderKey, Instant now) implements Message {}

    /// Waits for an order.
    ///
    /// @param seconds how long the agent is ready to wait
    record Poll(HostFacts host, int seconds) implements Message {}

    /// @param order JSON of an [Order], exactly as it was signed
    record SignedOrder(byte[] order, byte[] signature) implements Message {}

    /// How far the agent is.
    ///
    /// @param bytes sent so far
    record Progress(long bytes, String text) implements Message {}

    /// @param cancelled the agent is to stop
    record Heard(boolean cancelled) implements Message {}

    /// Parts the server has.
    record Parts(List<Part> parts, boolean cancelled) implements Message {}

    record Part(int number, long offset, long size, Digest sha256) implements Message {}

    /// @param parts digests of all parts in order
    record Complete(long size, List<Digest> parts) implements Message {}

    record Failed(String reason) implements Message {}

    /// Why a request was not done.
    ///
    /// @param code `unknown_agent`, `bad_token`, `bad_signature`, `stale`, `replayed`, `no_order`, `bad_request`,
    /// `too_large`, `conflict`, `not_found`, `unavailable`
    /// @param now the server's clock, for an agent whose own is wrong
    record Problem(String code, String detail, Instant now) implements Message {}
}
