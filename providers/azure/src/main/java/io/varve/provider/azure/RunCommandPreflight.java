package io.varve.provider.azure;

import io.varve.provider.Check;
import io.varve.provider.Check.Result;
import io.varve.provider.Connection;
import io.varve.provider.Containment;
import io.varve.provider.Preflight;
import io.varve.provider.ProviderException;
import io.varve.provider.collector.Platform;
import io.varve.provider.collector.RemoteHost;
import java.util.List;
import java.util.Optional;

/// What a triage by Run Command will find and do, before anything is done.
final class RunCommandPreflight {
    private static final String AGENT = "VM agent";
    private static final String TO_RUN = "to run the collector";

    private final Cloud cloud;
    private final RunCommandHosts hosts;

    RunCommandPreflight(Cloud cloud, RunCommandHosts hosts) {
        this.cloud = cloud;
        this.hosts = hosts;
    }

    Preflight of(Connection connection, String profile) {
        Machine machine = hosts.machine();
        Optional<RemoteHost> found = Optional.empty();
        Check agent;
        try {
            RemoteHost remote = hosts.find(connection, machine.id());
            found = Optional.of(remote);
            agent = remote.online().equals(Optional.of(true))
                    ? Check.ok(
                            AGENT, TO_RUN, "ready, version " + remote.facts().getOrDefault("agent_version", "unknown"))
                    : new Check(
                            AGENT,
                            TO_RUN,
                            Result.FAILED,
                            hosts.offline(remote),
                            "Start the machine or its agent; the capture tries again until its deadline.");
        } catch (ProviderException e) {
            agent = new Check(AGENT, TO_RUN, Result.FAILED, e.reason(), "See docs/providers/azure.");
        }
        return new Preflight(
                Optional.of(
                        found.map(RemoteHost::name).orElse(machine.resource().name())),
                Platform.named(machine.system()).map(Platform::text),
                List.of(),
                found.flatMap(RemoteHost::online),
                Containment.UNKNOWN,
                List.of(Estimate.rights(cloud, machine, Feature.TRIAGE), agent, container(cloud)),
                List.of(
                        "The VM agent writes the collector into a folder for temporary files and runs it as the system's own user; it reads what the profile %s names, and all it wrote is removed at the end."
                                .formatted(profile),
                        "The machine sends what was collected to the container, to addresses that are good for one blob and for fifteen minutes; blobs are removed as they arrive here.",
                        "Each command is a resource below the machine for as long as it runs; the agent keeps its script and output in its own folder until then. The activity log names all of them.",
                        "Disks and network are left as they are; nothing keeps the machine from being removed meanwhile."));
    }

    /// Whether the container can be reached and addresses in it be signed; whether it can be written is not
    /// tried.
    static Check container(Cloud cloud) {
        String name = "Container for triage";
        String needed = "to bring files back";
        try {
            BlobRelay relay = RunCommandHosts.relay(cloud, "-");
            relay.reach();
            return Check.ok(name, needed, relay.text());
        } catch (ProviderException e) {
            return new Check(
                    name,
                    needed,
                    Result.FAILED,
                    e.reason(),
                    "Name a container in the integration, and give the role varve-relay on its storage account; see docs/providers/azure.");
        }
    }
}
