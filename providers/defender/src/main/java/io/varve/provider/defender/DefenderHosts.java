package io.varve.provider.defender;

import io.varve.provider.CaptureContext;
import io.varve.provider.Connection;
import io.varve.provider.Containment;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.Waiting;
import io.varve.provider.collector.Channel;
import io.varve.provider.collector.HostDirectory;
import io.varve.provider.collector.RemoteHost;
import io.varve.provider.defender.MachineAction.Status;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The machines of a tenant.
///
/// Microsoft states isolation nowhere: it is derived from the machine's Isolate and Unisolate actions. Isolation that
/// Microsoft's automatic attack disruption set may be missing among them.
final class DefenderHosts implements HostDirectory {
    private static final int MOST_OTHERS = 20;

    private final Defenders defenders;
    private final Clock clock;
    private final Waiting waiting;

    DefenderHosts(Defenders defenders, Clock clock, Waiting waiting) {
        this.defenders = defenders;
        this.clock = clock;
        this.waiting = waiting;
    }

    /// @param target a machine id of 40 hexadecimal digits, or a DNS name
    @Override
    public RemoteHost find(Connection connection, String target) throws ProviderException, InterruptedException {
        Defender defender = defenders.of(connection);
        Optional<Machine> byId = Machine.isId(target) ? defender.machine(target) : Optional.empty();
        String name = byId.map(Machine::name).orElse(target);
        List<Machine> named = name.isEmpty() || Machine.isId(name) ? List.of() : defender.named(name);
        Machine chosen = byId.or(() -> named.stream().max(Comparator.comparing(Machine::lastSeen)))
                .orElseThrow(() -> new ProviderException(
                        Kind.NOT_FOUND, "Defender knows no machine %s (or has not seen it of late)".formatted(target)));
        var others = new ArrayList<String>();
        named.stream()
                .filter(machine -> !machine.id().equals(chosen.id()))
                .sorted(Comparator.comparing(Machine::lastSeen).reversed())
                .limit(MOST_OTHERS)
                .forEach(machine -> others.add(machine.inWords()));
        return new RemoteHost(
                chosen.id(),
                chosen.name().isEmpty() ? chosen.id() : chosen.name(),
                chosen.platform(),
                chosen.online(clock.instant()),
                List.copyOf(others),
                chosen.facts());
    }

    @Override
    public Containment containment(Connection connection, RemoteHost host)
            throws ProviderException, InterruptedException {
        Defender.Listed<MachineAction> listed = defenders
                .of(connection)
                .actions("machineId eq %s and (type eq 'Isolate' or type eq 'Unisolate')"
                        .formatted(MicrosoftApi.quoted(host.id())));
        if (!listed.complete()) {
            return Containment.UNKNOWN;
        }
        List<MachineAction> newestFirst = listed.rows().stream()
                .filter(action ->
                        action.type().equals("Isolate") || action.type().equals("Unisolate"))
                .sorted(Comparator.comparing(MachineAction::created).reversed())
                .toList();
        for (MachineAction action : newestFirst) {
            if (action.open()) {
                return Containment.PENDING;
            }
            if (action.status() == Status.SUCCEEDED) {
                return action.type().equals("Isolate") ? Containment.CONTAINED : Containment.NORMAL;
            }
        }
        return Containment.NORMAL;
    }

    @Override
    public Channel open(Connection connection, RemoteHost host, CaptureContext context)
            throws ProviderException, InterruptedException {
        Defender defender = defenders.of(connection);
        defender.api().require(Permission.LIVE_RESPONSE);
        try {
            return new LiveResponseChannel(defender, host, context, clock, waiting);
        } catch (IOException e) {
            throw new ProviderException(Kind.FAILED, "no room for files on their way: " + e.getMessage());
        }
    }
}
