package io.varve.database;

import io.varve.acquisition.model.CaptureId;
import io.varve.acquisition.model.Organisation;
import java.time.Instant;
import java.util.Optional;

/// A capture order that an agent fetches.
///
/// @param upload name of the object its bytes are uploaded to
/// @param bytes received so far
/// @param text what the agent is doing, or why it failed
public record AgentOrder(
        CaptureId capture,
        Organisation organisation,
        String agent,
        String profile,
        String upload,
        State state,
        long bytes,
        String text,
        boolean cancelRequested,
        Instant placedAt,
        Optional<Instant> pickedUpAt,
        Optional<Instant> endedAt) {
    public enum State {
        PLACED,
        PICKED_UP,
        UPLOADED,
        FAILED
    }

    public static AgentOrder placed(
            CaptureId capture, Organisation organisation, String agent, String profile, String upload, Instant at) {
        return new AgentOrder(
                capture,
                organisation,
                agent,
                profile,
                upload,
                State.PLACED,
                0,
                "",
                false,
                at,
                Optional.empty(),
                Optional.empty());
    }
}
