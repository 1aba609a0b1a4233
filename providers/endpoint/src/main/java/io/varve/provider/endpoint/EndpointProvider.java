package io.varve.provider.endpoint;

import com.google.auto.service.AutoService;
import io.varve.evidence.Seal;
import io.varve.provider.CaptureContext;
import io.varve.provider.Orders;
import io.varve.provider.Provider;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.Waiting;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Captures through our own agent: places an order and follows it until the agent has uploaded the archive.
///
/// Steps: `order` (when it was placed), `picked_up` (when that was seen), `uploaded` (bytes).
@AutoService(Provider.class)
public final class EndpointProvider implements Provider {
    private static final Duration LOOK_EVERY = Duration.ofMillis(300);
    private static final Duration OFFLINE_AFTER = Duration.ofSeconds(60);
    private static final Duration TRY_AGAIN = Duration.ofSeconds(30);
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(30);

    private final Clock clock;
    private final Waiting waiting;

    public EndpointProvider() {
        this(Clock.systemUTC(), Thread::sleep);
    }

    public EndpointProvider(Clock clock, Waiting waiting) {
        this.clock = clock;
        this.waiting = waiting;
    }

    @Override
    public String name() {
        return "endpoint";
    }

    @Override
    public List<String> reaches() {
        return List.of("agent_id");
    }

    @Override
    public void capture(CaptureContext context) throws ProviderException, InterruptedException {
        Orders orders = context.orders();
        Instant placed = place(context);
        Instant end = context.deadline();
        while (true) {
            Orders.OrderStatus status = orders.status(context.capture())
                    .orElseThrow(() -> new ProviderException(Kind.NOT_FOUND, "the order is gone"));
            switch (status.state()) {
                case UPLOADED -> {
                    uploaded(context, status);
                    return;
                }
                // An order is carried out once: asking again would only hear the same answer.
                case FAILED ->
                    throw new ProviderException(
                            status.text().equals("cancelled") ? Kind.CANCELLED : Kind.REFUSED, status.text());
                case PICKED_UP -> pickedUp(context, status);
                case PLACED -> {
                    if (!context.cancelled()) {
                        checkOnline(context, placed);
                    }
                }
            }
            if (context.cancelled()) {
                stop(context, status);
                throw new ProviderException(Kind.CANCELLED, "cancelled");
            }
            if (!clock.instant().isBefore(end)) {
                stop(context, status);
                throw new ProviderException(
                        status.state() == Orders.State.PLACED ? Kind.OFFLINE : Kind.REFUSED,
                        "not done by " + end + ": " + status.text());
            }
            waiting.pass(LOOK_EVERY);
        }
    }

    /// Placing is idempotent, so it is repeated when the step was not stored.
    private Instant place(CaptureContext context) throws ProviderException {
        Optional<String> before = context.step("order");
        if (before.isPresent()) {
            return Instant.parse(before.get());
        }
        String upload = context.evidence().object(Seal.DATA);
        context.orders().place(new Orders.Order(context.capture(), context.target(), context.profile(), upload));
        record(context, "ordered", "profile %s from agent %s".formatted(context.profile(), context.target()));
        Instant placed = clock.instant();
        context.completed("order", placed.toString());
        context.progress(0, 0, "waiting for the agent");
        return placed;
    }

    private void pickedUp(CaptureContext context, Orders.OrderStatus status) throws ProviderException {
        if (context.step("picked_up").isEmpty()) {
            record(context, "picked up", "agent " + context.target() + " began to collect");
            context.completed("picked_up", clock.instant().toString());
        }
        context.progress(status.bytes(), 0, status.text());
    }

    private void checkOnline(CaptureContext context, Instant placed) throws ProviderException {
        Instant now = clock.instant();
        if (now.isBefore(placed.plus(OFFLINE_AFTER)) || !now.isBefore(context.deadline())) {
            return;
        }
        throw new ProviderException(
                Kind.OFFLINE,
                "the agent has not called since the order was placed at " + placed,
                Optional.of(TRY_AGAIN));
    }

    private void uploaded(CaptureContext context, Orders.OrderStatus status) throws ProviderException {
        if (context.step("uploaded").isEmpty()) {
            record(context, "uploaded", status.bytes() + " bytes from agent " + context.target());
            context.completed("uploaded", Long.toString(status.bytes()));
        }
        context.progress(status.bytes(), status.bytes(), "uploaded");
    }

    /// Asks the agent to stop and waits a while for its word, so that it is not still writing when
    /// we return.
    private void stop(CaptureContext context, Orders.OrderStatus status) throws InterruptedException {
        context.orders().cancel(context.capture());
        Instant patience = clock.instant().plus(STOPS_WITHIN);
        boolean running = status.state() == Orders.State.PICKED_UP;
        while (running && clock.instant().isBefore(patience)) {
            waiting.pass(LOOK_EVERY);
            running = context.orders()
                    .status(context.capture())
                    .filter(now -> now.state() == Orders.State.PICKED_UP)
                    .isPresent();
        }
    }

    private static void record(CaptureContext context, String action, String detail) throws ProviderException {
        try {
            context.custody(action, detail);
        } catch (IOException e) {
            throw new ProviderException(
                    Kind.FAILED, "custody could not be written: " + e.getMessage(), Optional.of(TRY_AGAIN));
        }
    }
}
