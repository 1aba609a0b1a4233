package io.varve.provider.crowdstrike;

import com.google.auto.service.AutoService;
import io.varve.provider.CaptureContext;
import io.varve.provider.Check;
import io.varve.provider.Check.Result;
import io.varve.provider.Connection;
import io.varve.provider.Preflight;
import io.varve.provider.Provider;
import io.varve.provider.ProviderException;
import io.varve.provider.collector.Channel.Terms;
import io.varve.provider.collector.ContainedCapture;
import io.varve.provider.collector.Platform;
import io.varve.provider.collector.RemoteHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Captures through CrowdStrike's Real Time Response, which reaches a host while it is contained. See
/// docs/providers/crowdstrike.md.
@AutoService(Provider.class)
public final class CrowdStrikeProvider implements Provider {
    private final Tenants tenants;
    private final CrowdStrikeHosts hosts;

    public CrowdStrikeProvider() {
        this(Tenants.SHARED);
    }

    CrowdStrikeProvider(Tenants tenants) {
        this.tenants = tenants;
        this.hosts = new CrowdStrikeHosts(tenants);
    }

    @Override
    public String name() {
        return "crowdstrike";
    }

    @Override
    public List<String> reaches() {
        return List.of("sensor_id");
    }

    @Override
    public void capture(CaptureContext context) throws ProviderException, InterruptedException {
        new ContainedCapture(hosts, tenants.clock(), tenants.waiting()).run(context);
    }

    @Override
    public Optional<Preflight> preflight(Connection connection, String target, String profile)
            throws ProviderException, InterruptedException {
        RemoteHost host = hosts.find(connection, target);
        Terms terms = FalconChannel.terms(connection, host);
        var checks = new ArrayList<Check>();
        checks.add(reachable(connection, host));
        checks.add(sessions(host));
        checks.addAll(new Scopes(tenants.of(connection).client()).toCapture());
        checks.add(Check.ok(
                "limits",
                "to bring the bytes back",
                "parts of %d MiB, %d at a time; each `get` brings at most 4 GiB; the collection waits for parts to be fetched, so the host needs about %d MiB free"
                        .formatted(terms.partSize() >> 20, terms.partsPerFetch(), 16 * terms.partSize() >> 20)));
        return Optional.of(new Preflight(
                Optional.of(host.name()),
                host.platform().map(Platform::text),
                host.others(),
                host.online(),
                hosts.containment(connection, host),
                checks,
                touches(host, terms, profile)));
    }

    private static Check reachable(Connection connection, RemoteHost host) {
        if (host.online().equals(Optional.of(true))) {
            return Check.ok("online", "to open a session", "the sensor is online");
        }
        String detail =
                host.online().isPresent() ? "the sensor is offline" : "CrowdStrike does not know whether it is online";
        String mend = connection.on("queue_offline", true)
                ? "The capture is queued and begins when the host is back."
                : "Bring the host online, or set queue_offline.";
        return new Check("online", "to open a session", Result.UNKNOWN, detail, mend);
    }

    private static Check sessions(RemoteHost host) {
        return CrowdStrikeHosts.obstacle(host)
                .map(text -> new Check("Real Time Response", "to reach the host", Result.FAILED, text, text))
                .orElseGet(() -> Check.ok("Real Time Response", "to reach the host", "enabled for this host"));
    }

    private static List<String> touches(RemoteHost host, Terms terms, String profile) {
        boolean windows = host.platform().equals(Optional.of(Platform.WINDOWS));
        return List.of(
                "The CrowdStrike sensor, which runs there already, writes the collector (one %s script) into a folder of this capture below %s and runs it as the system's own user."
                        .formatted(windows ? "PowerShell" : "shell", terms.workFolder()),
                "The collector reads what the profile %s names and writes its parts into a second folder below %s; both folders are removed at the end."
                        .formatted(profile, terms.workFolder()),
                "Nothing is installed, no connection is opened but the sensor's own, and containment is read and never changed.",
                "The session and its commands appear in Falcon's audit log; fetched files pass through CrowdStrike's cloud and are removed from it.");
    }
}
