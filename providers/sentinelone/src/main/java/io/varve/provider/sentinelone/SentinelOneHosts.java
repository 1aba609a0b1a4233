package io.varve.provider.sentinelone;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.provider.CaptureContext;
import io.varve.provider.Connection;
import io.varve.provider.Containment;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.Waiting;
import io.varve.provider.collector.Channel;
import io.varve.provider.collector.HostDirectory;
import io.varve.provider.collector.RemoteHost;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The agents of a SentinelOne tenant. A host is named by its agent's id, its agent's uuid, or its computer name.
final class SentinelOneHosts implements HostDirectory {
    private static final int MOST_AGENTS = 1000;
    private static final int LONGEST_TARGET = 255;

    /// Alerts that know an agent by its UUID alone mark it with this.
    private static final String UUID = "uuid-";

    private final Clock clock;
    private final Waiting waiting;

    SentinelOneHosts(Clock clock, Waiting waiting) {
        this.clock = clock;
        this.waiting = waiting;
    }

    @Override
    public RemoteHost find(Connection connection, String target) throws ProviderException, InterruptedException {
        var client = new SentinelOne(connection, clock, waiting);
        List<Agent> agents = agents(client, target);
        List<Agent> usable = agents.stream()
                .filter(agent -> !agent.gone())
                .sorted(Comparator.comparing(Agent::lastActive).reversed())
                .toList();
        if (usable.isEmpty()) {
            throw new ProviderException(
                    Kind.NOT_FOUND,
                    agents.isEmpty()
                            ? "SentinelOne knows no agent " + SentinelOne.printable(target, 100)
                            : "every agent %s of SentinelOne is decommissioned or uninstalled"
                                    .formatted(SentinelOne.printable(target, 100)));
        }
        Agent chosen = usable.getFirst();
        return chosen.host(agents.stream().filter(agent -> agent != chosen).toList());
    }

    @Override
    public Containment containment(Connection connection, RemoteHost host)
            throws ProviderException, InterruptedException {
        return agent(new SentinelOne(connection, clock, waiting), host.id()).containment();
    }

    @Override
    public Channel open(Connection connection, RemoteHost host, CaptureContext context) throws ProviderException {
        return new RemoteScriptChannel(new SentinelOne(connection, clock, waiting), host, context);
    }

    /// The agent as the console sees it now.
    static Agent agent(SentinelOne client, String id) throws ProviderException, InterruptedException {
        for (JsonNode row :
                client.read(Right.ENDPOINTS, "/agents", Map.of("ids", id)).path("data")) {
            Agent agent = Agent.of(row);
            if (agent.id().equals(id)) {
                return agent;
            }
        }
        throw new ProviderException(Kind.NOT_FOUND, "SentinelOne does not list agent %s any more".formatted(id));
    }

    private static List<Agent> agents(SentinelOne client, String target)
            throws ProviderException, InterruptedException {
        if (target.isBlank() || target.length() > LONGEST_TARGET) {
            throw new ProviderException(Kind.NOT_FOUND, "no host is named");
        }
        var agents = new ArrayList<Agent>();
        String wanted = target.startsWith(UUID) ? target.substring(UUID.length()) : target;
        for (String filter : filters(wanted)) {
            var query = new LinkedHashMap<>(client.scope());
            query.put(filter, wanted);
            for (JsonNode row : client.rows(Right.ENDPOINTS, "/agents", query, MOST_AGENTS)) {
                agents.add(Agent.of(row));
            }
            if (!agents.isEmpty()) {
                break;
            }
        }
        return agents;
    }

    /// The filters that can mean this target, in the order they are tried.
    private static List<String> filters(String target) {
        if (SentinelOne.id(target)) {
            return List.of("ids", "computerName");
        }
        if (target.matches("[0-9a-fA-F]{32,40}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
            return List.of("uuid", "computerName");
        }
        return List.of("computerName");
    }
}
