package io.varve.database;

import io.varve.acquisition.model.CaptureId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The orders for agents: placed by the worker, delivered and answered by the web server. An order that was uploaded or
/// failed does not change any more.
public interface AgentOrders {
    /// Placing the order of a capture again changes nothing.
    void place(AgentOrder order);

    Optional<AgentOrder> find(CaptureId capture);

    /// Orders of this agent that have not ended, oldest first.
    List<AgentOrder> open(String agent);

    void pickedUp(CaptureId capture, Instant at);

    /// Says how far the upload is; false when the order has ended.
    boolean progress(CaptureId capture, long bytes, String text);

    void uploaded(CaptureId capture, long bytes, Instant at);

    void failed(CaptureId capture, String reason, Instant at);

    /// Asks the agent to stop.
    void cancel(CaptureId capture);
}
