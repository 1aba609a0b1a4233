package io.varve.provider.aws;

import com.google.auto.service.AutoService;
import io.varve.provider.CaptureContext;
import io.varve.provider.Connection;
import io.varve.provider.Containment;
import io.varve.provider.Preflight;
import io.varve.provider.Provider;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.Waiting;
import io.varve.provider.image.BlockSource;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Captures all disks of an EC2 instance: snapshots of one moment, read block by block where they are, or copied to a
/// forensic account first. The instance is not touched but for what keeps it from being removed meanwhile.
@AutoService(Provider.class)
public final class AwsProvider implements Provider {
    static final String NAME = "aws";
    static final String DISK = "disk";

    private final Clock clock;
    private final Waiting waiting;

    public AwsProvider() {
        this(Clock.systemUTC(), Thread::sleep);
    }

    AwsProvider(Clock clock, Waiting waiting) {
        this.clock = clock;
        this.waiting = waiting;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<String> reaches() {
        return List.of("instance_id");
    }

    @Override
    public String mediaType(String profile) {
        return "application/octet-stream";
    }

    @Override
    public void capture(CaptureContext context) throws ProviderException, InterruptedException {
        if (!context.profile().equals(DISK)) {
            throw new ProviderException(
                    Kind.REFUSED, "AWS captures disks: ask for profile disk, not " + context.profile());
        }
        if (context.cancelled()) {
            throw new ProviderException(Kind.CANCELLED, "cancelled before it began");
        }
        try (Cloud cloud = cloud(context)) {
            Host host = host(context, cloud);
            Place place = cloud.place(host.assumed(), host.region());
            if (context.step("image").isPresent()) {
                return;
            }
            context.progress(0, 0, "Protecting %s from being removed".formatted(host.instance()));
            KeyCheck.expectUsable(place, host.volumes());
            new Protection(place, host).set(context);
            var snapshots = new Snapshots(place, clock, waiting);
            List<Taken> taken = snapshots.take(context, host);
            snapshots.await(
                    context,
                    taken.stream().map(Taken::snapshot).toList(),
                    cloud.settings().poll());
            Reading reading = new CopyOut(cloud, place, host, clock, waiting).reading(context, taken);
            if (context.step("source").isEmpty()) {
                context.completed("source", source(host, reading));
            }
            context.image(disks(cloud, reading, host));
            context.completed("image", "stored");
        } catch (IOException e) {
            throw new ProviderException(Kind.FAILED, "the image cannot be stored: " + e.getMessage());
        }
    }

    /// Snapshots, and the place they are read in.
    record Reading(Place place, List<Taken> snapshots) {}

    private static Cloud cloud(CaptureContext context) throws ProviderException {
        return Cloud.of(context.connection(), "varve-" + context.capture());
    }

    private static Host host(CaptureContext context, Cloud cloud)
            throws ProviderException, InterruptedException, IOException {
        Optional<String> done = context.step("host");
        if (done.isPresent()) {
            return Host.of(done.get());
        }
        Host host = new Finding(cloud).find(context.target());
        context.custody(
                "instance.found",
                "%s (%s, image %s) in account %s, region %s, volumes %s, as %s"
                        .formatted(
                                host.instance(),
                                host.type(),
                                host.image(),
                                host.account(),
                                host.region(),
                                host.volumes().stream().map(Host.Volume::volume).toList(),
                                host.caller()));
        context.completed("host", Host.write(host));
        return host;
    }

    private List<BlockSource> disks(Cloud cloud, Reading reading, Host host) {
        var disks = new ArrayList<BlockSource>();
        for (Taken taken : reading.snapshots()) {
            disks.add(new EbsDisk(
                    reading.place(),
                    taken,
                    lineage(host, taken),
                    cloud.settings().blocksPerSecond(),
                    waiting));
        }
        return disks;
    }

    /// For the manifest.
    private static String source(Host host, Reading reading) {
        var source = new TreeMap<String, String>();
        source.put("cloud", "aws");
        source.put("account", host.account());
        source.put("region", host.region());
        source.put("instance", host.instance());
        source.put("image", host.image());
        source.put("caller", reading.place().caller());
        for (Taken taken : reading.snapshots()) {
            source.put(
                    taken.volume(),
                    "%s, device %s, %d GiB%s"
                            .formatted(
                                    taken.snapshot(),
                                    taken.device(),
                                    taken.gibibytes(),
                                    taken.key().isEmpty() ? "" : ", key " + taken.key()));
        }
        return Host.write(source);
    }

    private static Map<String, String> lineage(Host host, Taken taken) {
        return Map.of(
                "cloud", "aws",
                "account", host.account(),
                "region", host.region(),
                "instance", host.instance(),
                "key", taken.key());
    }

    /// Newest first: copies, snapshots, then what protected the instance.
    @Override
    public void release(CaptureContext context) throws ProviderException, InterruptedException, IOException {
        Optional<String> found = context.step("host");
        if (found.isEmpty() || context.step("released").isPresent()) {
            return;
        }
        Host host = Host.of(found.get());
        try (Cloud cloud = cloud(context)) {
            Place place = cloud.place(host.assumed(), host.region());
            List<String> removed = new ArrayList<>(new CopyOut(cloud, place, host, clock, waiting).remove(context));
            removed.addAll(new Snapshots(place, clock, waiting).remove(context.capture()));
            if (!removed.isEmpty()) {
                context.custody("snapshots.removed", String.join(", ", removed));
            }
            new Protection(place, host).restore(context);
            context.completed("released", "%d snapshots".formatted(removed.size()));
        }
    }

    @Override
    public Optional<Preflight> preflight(Connection connection, String target, String profile)
            throws ProviderException, InterruptedException {
        try (Cloud cloud = Cloud.of(connection, "varve-preflight")) {
            Host host = new Finding(cloud).find(target);
            Place place = cloud.place(host.assumed(), host.region());
            return Optional.of(new Preflight(
                    Optional.of(host.instance()),
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    Containment.UNKNOWN,
                    Estimate.of(place, host),
                    List.of(
                            "Termination and scale-in protection are switched on, and put back at the end.",
                            "%d volumes get a snapshot, removed once the evidence is sealed."
                                    .formatted(host.volumes().size()),
                            "Nothing is run or written on the instance.")));
        }
    }
}
