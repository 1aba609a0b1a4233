package io.varve.provider.sentinelone;

import com.google.auto.service.AutoService;
import io.varve.provider.CaptureContext;
import io.varve.provider.Connection;
import io.varve.provider.Preflight;
import io.varve.provider.Provider;
import io.varve.provider.ProviderException;
import io.varve.provider.Waiting;
import io.varve.provider.collector.ContainedCapture;
import io.varve.provider.collector.Platform;
import io.varve.provider.collector.RemoteHost;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/// Captures hosts, in network quarantine or not, over SentinelOne's remote scripts and file fetch.
@AutoService(Provider.class)
public final class SentinelOneProvider implements Provider {
    static final String NAME = "sentinelone";

    private final Clock clock;
    private final Waiting waiting;
    private final SentinelOneHosts hosts;

    public SentinelOneProvider() {
        this(Clock.systemUTC(), Thread::sleep);
    }

    public SentinelOneProvider(Clock clock, Waiting waiting) {
        this.clock = clock;
        this.waiting = waiting;
        this.hosts = new SentinelOneHosts(clock, waiting);
    }

    @Override
    public String name() {
        return NAME;
    }

    /// `sensor_id` is the agent's id or uuid.
    @Override
    public List<String> reaches() {
        return List.of("sensor_id", "host_name");
    }

    @Override
    public void capture(CaptureContext context) throws ProviderException, InterruptedException {
        var capture = new ContainedCapture(hosts, clock, waiting);
        if (context.profile().equals(ThreatFile.PROFILE)) {
            capture.run(context, new ThreatFile(new SentinelOne(context.connection(), clock, waiting), context));
            return;
        }
        capture.run(context);
    }

    @Override
    public String mediaType(String profile) {
        return profile.equals(ThreatFile.PROFILE) ? "application/zip" : Provider.super.mediaType(profile);
    }

    @Override
    public Optional<Preflight> preflight(Connection connection, String target, String profile)
            throws ProviderException, InterruptedException {
        RemoteHost host = hosts.find(connection, target);
        var client = new SentinelOne(connection, clock, waiting);
        Settings settings = Settings.of(connection, host.platform().orElse(Platform.LINUX));
        return Optional.of(new Preflight(
                Optional.of(host.name()),
                host.platform().map(Platform::text),
                host.others(),
                host.online(),
                hosts.containment(connection, host),
                new SentinelOneCheck(client).captures(),
                profile.equals(ThreatFile.PROFILE)
                        ? List.of(
                                "SentinelOne's agent uploads the file of the host's newest threat; nothing else is touched")
                        : touches(settings)));
    }

    private static List<String> touches(Settings settings) {
        return List.of(
                "SentinelOne's agent runs the collector script, detached, at the lowest priority; each look at it is a short run of the same script",
                "the collector writes parts of at most %,d bytes into a folder of its own in %s and removes each when it has arrived"
                        .formatted(settings.partSize(), settings.workFolder()),
                "results pass through the vendor's cloud as zips encrypted with a password of their own each",
                "at the end the collector's folder, the script on the host and the script in the console's library are removed",
                "the network quarantine of the host is read and never changed");
    }
}
