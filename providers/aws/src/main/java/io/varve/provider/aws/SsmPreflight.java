package io.varve.provider.aws;

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

/// What a triage over SSM will find and do, before anything is done.
final class SsmPreflight {
    private static final String AGENT = "SSM agent";
    private static final String TO_RUN = "to run the collector";

    private final SsmHosts hosts;

    SsmPreflight(SsmHosts hosts) {
        this.hosts = hosts;
    }

    Preflight of(Connection connection, Host host, String profile) {
        Optional<RemoteHost> found = Optional.empty();
        Check agent;
        try {
            RemoteHost remote = hosts.find(connection, host.instance());
            found = Optional.of(remote);
            agent = remote.online().equals(Optional.of(true))
                    ? Check.ok(
                            AGENT,
                            TO_RUN,
                            "connected, version " + remote.facts().getOrDefault("agent", "unknown"))
                    : new Check(
                            AGENT,
                            TO_RUN,
                            Result.FAILED,
                            "SSM knows the instance, and its agent is not connected",
                            "Start the agent or the instance; the capture tries again until its deadline.");
        } catch (ProviderException e) {
            agent = new Check(
                    AGENT,
                    TO_RUN,
                    Result.FAILED,
                    e.reason(),
                    "Give the instance a profile with AmazonSSMManagedInstanceCore, or capture its disks instead.");
        }
        return new Preflight(
                Optional.of(found.map(RemoteHost::name).orElse(host.instance())),
                found.flatMap(RemoteHost::platform).map(Platform::text),
                List.of(),
                found.flatMap(RemoteHost::online),
                Containment.UNKNOWN,
                List.of(agent, bucket()),
                List.of(
                        "Termination and scale-in protection are switched on, and put back at the end.",
                        "The SSM agent writes the collector into a folder for temporary files and runs it as the system's own user; it reads what the profile %s names, and all it wrote is removed at the end."
                                .formatted(profile),
                        "The instance sends what was collected to the bucket, to addresses that are good for one object and for fifteen minutes; objects are removed as they arrive here.",
                        "Each command is in SSM's history and in CloudTrail. Disks and network are left as they are."));
    }

    private Check bucket() {
        try {
            return Check.ok(
                    "Bucket for triage", "to bring files back", hosts.relay("-").text());
        } catch (ProviderException e) {
            return new Check(
                    "Bucket for triage",
                    "to bring files back",
                    Result.FAILED,
                    e.reason(),
                    "Name a bucket in the integration, see docs/providers/aws.");
        }
    }
}
