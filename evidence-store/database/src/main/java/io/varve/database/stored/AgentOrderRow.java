package io.varve.database.stored;

import io.varve.acquisition.model.CaptureId;
import io.varve.acquisition.model.Organisation;
import io.varve.database.AgentOrder;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "agent_order")
@SuppressWarnings("NullAway.Init")
class AgentOrderRow {
    @Id
    UUID capture;

    String organisation;
    String agent;
    String profile;
    String upload;

    @Enumerated(EnumType.STRING)
    AgentOrder.State state;

    long bytes;
    String text;
    boolean cancelRequested;
    Instant placedAt;

    @Nullable
    Instant pickedUpAt;

    @Nullable
    Instant endedAt;

    static AgentOrderRow of(AgentOrder order) {
        AgentOrderRow row = new AgentOrderRow();
        row.capture = order.capture().value();
        row.organisation = order.organisation().value();
        row.agent = order.agent();
        row.profile = order.profile();
        row.upload = order.upload();
        row.state = order.state();
        row.bytes = order.bytes();
        row.text = order.text();
        row.cancelRequested = order.cancelRequested();
        row.placedAt = order.placedAt();
        row.pickedUpAt = order.pickedUpAt().orElse(null);
        row.endedAt = order.endedAt().orElse(null);
        return row;
    }

    AgentOrder order() {
        return new AgentOrder(
                new CaptureId(capture),
                new Organisation(organisation),
                agent,
                profile,
                upload,
                state,
                bytes,
                text,
                cancelRequested,
                placedAt,
                Optional.ofNullable(pickedUpAt),
                Optional.ofNullable(endedAt));
    }
}
