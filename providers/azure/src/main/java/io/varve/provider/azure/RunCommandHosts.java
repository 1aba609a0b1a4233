package io.varve.provider.azure;

import com.azure.resourcemanager.compute.fluent.models.VirtualMachineInstanceViewInner;
import com.azure.resourcemanager.compute.models.InstanceViewStatus;
import io.varve.provider.CaptureContext;
import io.varve.provider.Connection;
import io.varve.provider.Containment;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.Waiting;
import io.varve.provider.collector.Channel;
import io.varve.provider.collector.HostDirectory;
import io.varve.provider.collector.Platform;
import io.varve.provider.collector.RemoteHost;
import io.varve.provider.collector.relay.RelayChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A machine whose VM agent takes commands, as the collector's host.
final class RunCommandHosts implements HostDirectory {
    /// Each look at the collector is a command, which takes Azure some time.
    private static final Duration LOOK = Duration.ofSeconds(15);

    private static final Duration TRY_AGAIN = Duration.ofMinutes(1);
    private static final String POWER = "PowerState/";
    private static final String READY = "ProvisioningState/succeeded";

    private final Cloud cloud;
    private final Machine machine;
    private final Waiting waiting;

    RunCommandHosts(Cloud cloud, Machine machine, Waiting waiting) {
        this.cloud = cloud;
        this.machine = machine;
        this.waiting = waiting;
    }

    Machine machine() {
        return machine;
    }

    @Override
    public RemoteHost find(Connection connection, String target) throws ProviderException {
        VirtualMachineInstanceViewInner view = view();
        String power = power(view);
        String agent = agent(view);
        var facts = new TreeMap<>(Map.of(
                "subscription", machine.resource().subscription(),
                "region", machine.region(),
                "vm_id", machine.vmId(),
                "caller", machine.caller(),
                "power", power,
                "agent", agent));
        fact(
                facts,
                "agent_version",
                view.vmAgent() == null ? null : view.vmAgent().vmAgentVersion());
        fact(facts, "system", view.osName());
        fact(facts, "version", view.osVersion());
        return new RemoteHost(
                machine.id(),
                Optional.ofNullable(view.computerName())
                        .filter(name -> !name.isBlank())
                        .orElse(machine.resource().name()),
                Platform.named(machine.system()),
                Optional.of(power.equals("running") && agent.equals("ready")),
                List.of(),
                facts);
    }

    private VirtualMachineInstanceViewInner view() throws ProviderException {
        String name = machine.resource().name();
        try {
            return cloud.compute(machine.resource().subscription())
                    .getVirtualMachines()
                    .instanceView(machine.resource().group(), name);
        } catch (RuntimeException e) {
            throw Errors.of("asking whether %s runs".formatted(name), e);
        }
    }

    private static String power(VirtualMachineInstanceViewInner view) {
        return statuses(view.statuses()).stream()
                .map(status -> String.valueOf(status.code()))
                .filter(code -> code.startsWith(POWER))
                .map(code -> code.substring(POWER.length()))
                .findFirst()
                .orElse("unknown");
    }

    /// `ready`, or Azure's words.
    private static String agent(VirtualMachineInstanceViewInner view) {
        List<InstanceViewStatus> statuses =
                statuses(view.vmAgent() == null ? null : view.vmAgent().statuses());
        if (statuses.stream().anyMatch(status -> READY.equalsIgnoreCase(status.code()))) {
            return "ready";
        }
        return statuses.stream()
                .map(status -> String.valueOf(status.displayStatus()))
                .findFirst()
                .orElse("not heard of");
    }

    private static List<InstanceViewStatus> statuses(@Nullable List<InstanceViewStatus> statuses) {
        return statuses == null ? List.of() : statuses;
    }

    private static void fact(Map<String, String> facts, String name, @Nullable String value) {
        if (value != null && !value.isBlank()) {
            facts.put(name, value);
        }
    }

    /// Azure has no such state of a machine.
    @Override
    public Containment containment(Connection connection, RemoteHost host) {
        return Containment.UNKNOWN;
    }

    @Override
    public Channel open(Connection connection, RemoteHost host, CaptureContext context) throws ProviderException {
        Platform platform = host.platform()
                .orElseThrow(() -> new ProviderException(
                        Kind.REFUSED,
                        "Azure does not say what system %s runs"
                                .formatted(machine.resource().name())));
        if (!host.online().equals(Optional.of(true))) {
            throw new ProviderException(Kind.OFFLINE, offline(host), Optional.of(TRY_AGAIN));
        }
        return new RelayChannel(shell(context), relay(context.capture()), context, platform, LOOK);
    }

    String offline(RemoteHost host) {
        return "%s takes no command: the machine is %s, its VM agent is %s"
                .formatted(
                        machine.resource().name(),
                        host.facts().getOrDefault("power", "unknown"),
                        host.facts().getOrDefault("agent", "unknown"));
    }

    RunCommandShell shell(CaptureContext context) {
        return new RunCommandShell(cloud, machine, context, waiting);
    }

    BlobRelay relay(String capture) throws ProviderException {
        return relay(cloud, capture);
    }

    static BlobRelay relay(Cloud cloud, String capture) throws ProviderException {
        Settings.Container container = cloud.settings()
                .relay()
                .orElseThrow(
                        () -> new ProviderException(
                                Kind.REFUSED,
                                "a triage by Run Command needs a container that its files pass through: set \"Storage account for triage\" and \"Container for triage\" in the integration"));
        return new BlobRelay(cloud.container(container), capture);
    }
}
