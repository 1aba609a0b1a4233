package io.varve.database.stored;

import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Organisation;
import io.varve.database.Agent;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "agent")
@SuppressWarnings("NullAway.Init")
class AgentRow {
    @Id
    String id;

    String organisation;
    String publicKey;
    String host;
    String os;
    String version;

    @Nullable
    UUID asset;

    Instant enrolledAt;
    Instant lastSeen;

    static AgentRow of(Agent agent) {
        AgentRow row = new AgentRow();
        row.id = agent.id();
        row.organisation = agent.organisation().value();
        row.publicKey = agent.publicKey();
        row.host = agent.host();
        row.os = agent.os();
        row.version = agent.version();
        row.asset = agent.asset().map(AssetId::value).orElse(null);
        row.enrolledAt = agent.enrolledAt();
        row.lastSeen = agent.lastSeen();
        return row;
    }

    Agent agent() {
        return new Agent(
                id,
                new Organisation(organisation),
                publicKey,
                host,
                os,
                version,
                Optional.ofNullable(asset).map(AssetId::new),
                enrolledAt,
                lastSeen);
    }
}
