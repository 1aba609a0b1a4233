package io.varve.provider.defender;

import com.google.auto.service.AutoService;
import io.varve.provider.CaptureContext;
import io.varve.provider.Connection;
import io.varve.provider.Preflight;
import io.varve.provider.Provider;
import io.varve.provider.ProviderException;
import io.varve.provider.Waiting;
import io.varve.provider.collector.ContainedCapture;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/// Captures hosts through Microsoft Defender for Endpoint, isolated or not: with the collector over live response, or
/// as Defender's own investigation package (profile `investigation-package`).
@AutoService(Provider.class)
public final class DefenderProvider implements Provider {
    private final Clock clock;
    private final Waiting waiting;
    private final Defenders defenders;
    private final DefenderHosts hosts;

    public DefenderProvider() {
        this(Clock.systemUTC(), Thread::sleep);
    }

    DefenderProvider(Clock clock, Waiting waiting) {
        this.clock = clock;
        this.waiting = waiting;
        this.defenders = new Defenders(clock, waiting);
        this.hosts = new DefenderHosts(defenders, clock, waiting);
    }

    @Override
    public String name() {
        return "defender";
    }

    @Override
    public List<String> reaches() {
        return List.of("sensor_id");
    }

    @Override
    public void capture(CaptureContext context) throws ProviderException, InterruptedException {
        var capture = new ContainedCapture(hosts, clock, waiting);
        if (context.profile().equals(InvestigationPackage.PROFILE)) {
            capture.run(context, new PackageCapture(defenders, context, clock, waiting));
            return;
        }
        capture.run(context);
    }

    @Override
    public String mediaType(String profile) {
        return profile.equals(InvestigationPackage.PROFILE) ? "application/zip" : Provider.super.mediaType(profile);
    }

    @Override
    public Optional<Preflight> preflight(Connection connection, String target, String profile)
            throws ProviderException, InterruptedException {
        return Optional.of(new DefenderPreflight(defenders, hosts).of(connection, target, profile));
    }
}
