package io.varve.provider.endpoint;

import io.varve.provider.MemoryCapture;
import io.varve.provider.Orders;
import io.varve.provider.ProviderContractTest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

class EndpointProviderTest extends ProviderContractTest {
    private int begun;

    @Override
    protected Attempt attempt(OtherSide behaviour) {
        var time = new FakeTime();
        var machine = new Machine(behaviour);
        var provider = new EndpointProvider(time, time::pass);
        return new Attempt(provider, new MemoryCapture("agent-1", time.instant().plus(Duration.ofHours(1)), machine));
    }

    @Override
    protected int begun() {
        return begun;
    }

    /// Orders of one machine that gets a step further each time it is looked at.
    private final class Machine implements Orders {
        private final OtherSide behaviour;
        private final Map<String, Integer> looks = new HashMap<>();
        private boolean cancelled;

        Machine(OtherSide behaviour) {
            this.behaviour = behaviour;
        }

        @Override
        public void place(Order order) {
            if (looks.putIfAbsent(order.capture(), 0) == null) {
                begun++;
            }
        }

        @Override
        public Optional<OrderStatus> status(String capture) {
            return Optional.ofNullable(looks.computeIfPresent(capture, (name, count) -> count + 1))
                    .map(this::status);
        }

        private OrderStatus status(int look) {
            if (cancelled) {
                return new OrderStatus(State.FAILED, 0, "cancelled");
            }
            if (look < 3 || behaviour == OtherSide.OFFLINE) {
                return new OrderStatus(State.PLACED, 0, "");
            }
            if (look < 6 || behaviour == OtherSide.STUCK) {
                return new OrderStatus(State.PICKED_UP, 100, "collecting");
            }
            return behaviour == OtherSide.FAILS
                    ? new OrderStatus(State.FAILED, 0, "disk full")
                    : new OrderStatus(State.UPLOADED, 1000, "");
        }

        @Override
        public void cancel(String capture) {
            cancelled = true;
        }
    }

    /// A clock that only waiting moves.
    private static final class FakeTime extends Clock {
        private Instant now = Instant.parse("2026-11-22T00:00:00Z");

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
