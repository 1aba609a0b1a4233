package io.varve.worker;

import io.varve.acquisition.model.CaptureId;
import io.varve.acquisition.model.Organisation;
import io.varve.database.AgentOrder;
import io.varve.database.AgentOrders;
import io.varve.provider.Orders;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Optional;

/// Orders for agents, kept in the database: the worker places them, the web server delivers them.
@ApplicationScoped
public class DatabaseOrders {
    private final AgentOrders orders;
    private final Clock clock;

    DatabaseOrders(AgentOrders orders, Clock clock) {
        this.orders = orders;
        this.clock = clock;
    }

    Orders of(Organisation organisation) {
        return new Orders() {
            @Override
            public void place(Order order) {
                orders.place(AgentOrder.placed(
                        CaptureId.of(order.capture()),
                        organisation,
                        order.agent(),
                        order.profile(),
                        order.upload(),
                        clock.instant()));
            }

            @Override
            public Optional<OrderStatus> status(String capture) {
                return orders.find(CaptureId.of(capture)).map(DatabaseOrders::status);
            }

            @Override
            public void cancel(String capture) {
                orders.cancel(CaptureId.of(capture));
            }
        };
    }

    private static Orders.OrderStatus status(AgentOrder order) {
        Orders.State state = switch (order.state()) {
            case PLACED -> Orders.State.PLACED;
            case PICKED_UP -> Orders.State.PICKED_UP;
            case UPLOADED -> Orders.State.UPLOADED;
            case FAILED -> Orders.State.FAILED;
        };
        return new Orders.OrderStatus(state, order.bytes(), order.text());
    }
}
