package io.varve.web.endpoint;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.varve.acquisition.AssetIdentity;
import io.varve.acquisition.Sighting;
import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.CaptureId;
import io.varve.acquisition.model.Organisation;
import io.varve.database.AgentOrder;
import io.varve.database.AgentOrders;
import io.varve.database.Agents;
import io.varve.database.Audit;
import io.varve.database.EnrolmentTokens;
import io.varve.database.EnrolmentTokens.EnrolmentToken;
import io.varve.database.Locks;
import io.varve.evidence.CustodyLogs;
import io.varve.evidence.Digest;
import io.varve.evidence.EvidenceKey;
import io.varve.evidence.ObjectStore;
import io.varve.provider.endpoint.protocol.HostFacts;
import io.varve.provider.endpoint.server.EndpointBackend;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// What the agents' port needs from database and object store.
@ApplicationScoped
public class StoredAgents implements EndpointBackend {
    /// An agent that calls more often is written down this often.
    private static final Duration NOTED = Duration.ofSeconds(10);

    private static final int ID_DIGITS = 24;

    private final Agents agents;
    private final AgentOrders orders;
    private final EnrolmentTokens tokens;
    private final AssetIdentity identity;
    private final Locks locks;
    private final Audit audit;
    private final ObjectStore objects;
    private final CustodyLogs logs;
    private final Clock clock;

    StoredAgents(
            Agents agents,
            AgentOrders orders,
            EnrolmentTokens tokens,
            AssetIdentity identity,
            Locks locks,
            Audit audit,
            ObjectStore objects,
            CustodyLogs logs,
            Clock clock) {
        this.agents = agents;
        this.orders = orders;
        this.tokens = tokens;
        this.identity = identity;
        this.locks = locks;
        this.audit = audit;
        this.objects = objects;
        this.logs = logs;
        this.clock = clock;
    }

    @Override
    public Optional<String> enrol(Digest token, byte[] publicKey, HostFacts host, String address) {
        Instant now = clock.instant();
        String id = "agent-" + Digest.of(publicKey).hex().substring(0, ID_DIGITS);
        if (agents.find(id).isPresent()) {
            return Optional.of(id); // the first answer was lost on the way; the key is proof enough
        }
        return QuarkusTransaction.requiringNew()
                .call(() -> tokens.redeem(token, now).map(used -> {
                    keep(id, used, publicKey, host, address, now);
                    return id;
                }));
    }

    private void keep(String id, EnrolmentToken token, byte[] publicKey, HostFacts host, String address, Instant now) {
        Organisation organisation = token.organisation();
        locks.transaction("acquisition:" + organisation);
        Asset asset = identity.enrol(organisation, sighting(id, host, address, now));
        agents.save(new io.varve.database.Agent(
                id,
                organisation,
                Base64.getEncoder().encodeToString(publicKey),
                host.name(),
                host.os(),
                host.version(),
                Optional.of(asset.id()),
                now,
                now));
        audit.add(new Audit.Entry(
                now,
                organisation,
                "agent:" + id,
                "agent_enrolled",
                id,
                "%s, token of %s".formatted(host.name(), token.issuedBy()),
                address));
    }

    private static Sighting sighting(String id, HostFacts host, String address, Instant now) {
        var addresses = new ArrayList<>(host.addresses());
        addresses.add(address);
        Optional<String> fqdn = Optional.of(host.fqdn()).filter(name -> !name.isEmpty());
        return Sighting.ofAgent(id, host.name(), fqdn, addresses, now);
    }

    @Override
    public Optional<Agent> agent(String id) {
        return agents.find(id).map(agent -> new Agent(id, Base64.getDecoder().decode(agent.publicKey())));
    }

    @Override
    public void seen(String id, HostFacts host, String address) {
        Instant now = clock.instant();
        Optional<io.varve.database.Agent> known = agents.find(id);
        if (known.isEmpty() || known.get().lastSeen().isAfter(now.minus(NOTED))) {
            return;
        }
        io.varve.database.Agent agent = known.get();
        boolean renew = !agent.host().equals(host.name())
                || agent.lastSeen().truncatedTo(ChronoUnit.HOURS).isBefore(now.truncatedTo(ChronoUnit.HOURS));
        // Names and addresses are looked at again once an hour.
        if (!renew) {
            agents.seen(id, now);
            return;
        }
        QuarkusTransaction.requiringNew().run(() -> {
            locks.transaction("acquisition:" + agent.organisation());
            Asset asset = identity.enrol(agent.organisation(), sighting(id, host, address, now));
            agents.save(new io.varve.database.Agent(
                    id,
                    agent.organisation(),
                    agent.publicKey(),
                    host.name(),
                    host.os(),
                    host.version(),
                    Optional.of(asset.id()),
                    agent.enrolledAt(),
                    now));
        });
    }

    @Override
    public Optional<PendingOrder> nextOrder(String agent) {
        return orders.open(agent).stream()
                .filter(order -> order.state() == AgentOrder.State.PLACED && !order.cancelRequested())
                .findFirst()
                .map(StoredAgents::pending);
    }

    @Override
    public Optional<PendingOrder> order(String agent, String capture) {
        return capture(capture)
                .flatMap(orders::find)
                .filter(order -> order.agent().equals(agent))
                .map(StoredAgents::pending);
    }

    @Override
    public void pickedUp(String capture) {
        CaptureId id = CaptureId.of(capture);
        orders.pickedUp(id, clock.instant());
        orders.find(id).ifPresent(order -> custody(order, "capture.picked_up", "the agent fetched the order"));
    }

    @Override
    public void progress(String capture, long bytes, String text) {
        orders.progress(CaptureId.of(capture), bytes, text);
    }

    @Override
    public ObjectStore objects() {
        return objects;
    }

    @Override
    public void uploaded(String capture, long size, List<Digest> parts) {
        CaptureId id = CaptureId.of(capture);
        orders.find(id)
                .ifPresent(order ->
                        custody(order, "capture.received", "%d bytes in %d parts".formatted(size, parts.size())));
        orders.uploaded(id, size, clock.instant());
    }

    @Override
    public void failed(String capture, String reason) {
        orders.failed(CaptureId.of(capture), reason, clock.instant());
    }

    private void custody(AgentOrder order, String action, String detail) {
        try {
            logs.of(evidence(order)).appendOnce("agent:" + order.agent(), action, detail);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// `organisation/evidence/ev-…/data` belongs to the evidence `organisation/ev-…`.
    private static EvidenceKey evidence(AgentOrder order) {
        return new EvidenceKey(order.organisation() + "/" + order.upload().split("/", -1)[2]);
    }

    private static Optional<CaptureId> capture(String text) {
        try {
            return Optional.of(CaptureId.of(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static PendingOrder pending(AgentOrder order) {
        boolean ended = order.state() == AgentOrder.State.UPLOADED || order.state() == AgentOrder.State.FAILED;
        return new PendingOrder(
                order.capture().toString(), order.profile(), order.upload(), order.cancelRequested(), ended);
    }
}
