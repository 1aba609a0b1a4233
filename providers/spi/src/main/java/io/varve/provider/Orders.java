package io.varve.provider;

import java.util.Optional;

/// Capture orders for machines that call us (our own agent): placed by a provider in the worker, delivered and answered
/// through the server handlers in `web`.
public interface Orders {
    /// Places the order of this capture once; placing it again changes nothing.
    void place(Order order);

    Optional<OrderStatus> status(String capture);

    /// Asks the machine to stop; it confirms by failing the order with the reason `cancelled`.
    void cancel(String capture);

    /// @param agent the machine that is to fetch it
    /// @param upload name of the object its bytes are uploaded to
    record Order(String capture, String agent, String profile, String upload) {}

    enum State {
        PLACED,
        PICKED_UP,
        UPLOADED,
        FAILED
    }

    /// @param bytes received so far
    /// @param text what the machine is doing, or why it failed
    record OrderStatus(State state, long bytes, String text) {}
}
