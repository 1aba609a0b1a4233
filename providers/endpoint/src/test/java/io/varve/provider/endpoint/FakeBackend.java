package io.varve.provider.endpoint;

import io.varve.evidence.Digest;
import io.varve.evidence.ObjectStore;
import io.varve.provider.Orders;
import io.varve.provider.collector.profile.Profile;
import io.varve.provider.endpoint.protocol.EnrolmentToken;
import io.varve.provider.endpoint.protocol.HostFacts;
import io.varve.provider.endpoint.server.EndpointBackend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What `web` keeps in the database, kept in maps.
final class FakeBackend implements EndpointBackend, Orders {
    private final ObjectStore objects;
    private final Map<Digest, Optional<String>> tokens = new LinkedHashMap<>();
    private final Map<String, Agent> agents = new LinkedHashMap<>();
    private final Map<String, Order> orders = new LinkedHashMap<>();
    private final Map<String, OrderStatus> states = new LinkedHashMap<>();
    private final List<String> cancelled = new ArrayList<>();
    private final Map<String, Profile> profiles = new LinkedHashMap<>();
    private final Map<String, HostFacts> hosts = new LinkedHashMap<>();

    FakeBackend(ObjectStore objects) {
        this.objects = objects;
    }

    synchronized String token(Digest fingerprint) {
        EnrolmentToken token = EnrolmentToken.mint(fingerprint);
        tokens.put(token.secretDigest(), Optional.empty());
        return token.text();
    }

    /// The server's memory is rolled back: the order is as it was placed.
    synchronized void forget(String capture) {
        states.put(capture, new OrderStatus(State.PLACED, 0, ""));
    }

    synchronized void profile(Profile profile) {
        profiles.put(profile.name(), profile);
    }

    @Override
    public synchronized Optional<Profile> profile(String name) {
        return Optional.ofNullable(profiles.get(name));
    }

    synchronized Optional<HostFacts> host(String agent) {
        return Optional.ofNullable(hosts.get(agent));
    }

    @Override
    public synchronized Optional<String> enrol(Digest token, byte[] publicKey, HostFacts host, String address) {
        Optional<String> user = tokens.get(token);
        if (user == null) {
            return Optional.empty();
        }
        if (user.isPresent()) {
            return user.filter(agent -> agent(agent)
                    .filter(known -> Arrays.equals(known.publicKey(), publicKey))
                    .isPresent());
        }
        String id = "agent-" + (agents.size() + 1);
        agents.put(id, new Agent(id, publicKey));
        tokens.put(token, Optional.of(id));
        return Optional.of(id);
    }

    @Override
    public synchronized Optional<Agent> agent(String id) {
        return Optional.ofNullable(agents.get(id));
    }

    @Override
    public synchronized void seen(String agent, HostFacts host, String address) {
        hosts.put(agent, host);
    }

    @Override
    public synchronized Optional<PendingOrder> nextOrder(String agent) {
        return orders.values().stream()
                .filter(order -> order.agent().equals(agent) && !cancelled.contains(order.capture()))
                .filter(order -> status(order.capture()).orElseThrow().state() == State.PLACED)
                .findFirst()
                .map(this::pending);
    }

    @Override
    public synchronized Optional<PendingOrder> order(String agent, String capture) {
        return Optional.ofNullable(orders.get(capture))
                .filter(order -> order.agent().equals(agent))
                .map(this::pending);
    }

    private PendingOrder pending(Order order) {
        State state = status(order.capture()).orElseThrow().state();
        return new PendingOrder(
                order.capture(),
                order.profile(),
                order.upload(),
                cancelled.contains(order.capture()),
                state == State.UPLOADED || state == State.FAILED);
    }

    @Override
    public synchronized void pickedUp(String capture) {
        states.put(capture, new OrderStatus(State.PICKED_UP, 0, "picked up"));
    }

    @Override
    public synchronized void progress(String capture, long bytes, String text) {
        states.put(capture, new OrderStatus(State.PICKED_UP, bytes, text));
    }

    @Override
    public ObjectStore objects() {
        return objects;
    }

    @Override
    public synchronized void uploaded(String capture, long size, List<Digest> parts) {
        states.put(capture, new OrderStatus(State.UPLOADED, size, parts.size() + " parts"));
    }

    @Override
    public synchronized void failed(String capture, String reason) {
        states.put(capture, new OrderStatus(State.FAILED, 0, reason));
    }

    @Override
    public synchronized void place(Order order) {
        if (orders.putIfAbsent(order.capture(), order) == null) {
            states.put(order.capture(), new OrderStatus(State.PLACED, 0, ""));
        }
    }

    @Override
    public synchronized Optional<OrderStatus> status(String capture) {
        return Optional.ofNullable(states.get(capture));
    }

    @Override
    public synchronized void cancel(String capture) {
        cancelled.add(capture);
    }
}
