package io.varve.provider.aws;

import com.google.auto.service.AutoService;
import io.varve.evidence.Lineage;
import io.varve.provider.CaptureContext;
import io.varve.provider.Check;
import io.varve.provider.Connection;
import io.varve.provider.Containment;
import io.varve.provider.Pauses;
import io.varve.provider.Preflight;
import io.varve.provider.Provider;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.Waiting;
import io.varve.provider.collector.ContainedCapture;
import io.varve.provider.collector.function.FunctionArn;
import io.varve.provider.collector.object.Prefix;
import io.varve.provider.collector.object.PrefixCapture;
import io.varve.provider.collector.profile.Profiles;
import io.varve.provider.collector.record.RecordCapture;
import io.varve.provider.collector.record.RecordSource;
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
///
/// With a profile of the collector it looks into the live instance instead, over SSM; with the profile
/// `cloud-logs` it gathers what the account logged of the instance. Of a bucket it captures the objects below
/// a prefix, of a function of Lambda its code, its set-up and its logs, of an ECS task a container, by exec.
@AutoService(Provider.class)
public final class AwsProvider implements Provider {
    static final String NAME = "aws";
    static final String DISK = "disk";

    /// Steps that hold the instance: of its disks, and of a triage, where the collector has a step `host` of its own.
    private static final String HOST = "host";

    private static final String NODE = "instance";

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
        return profile.equals(DISK) ? "application/octet-stream" : Provider.super.mediaType(profile);
    }

    @Override
    public void capture(CaptureContext context) throws ProviderException, InterruptedException {
        if (context.profile().equals(PrefixCapture.PROFILE)
                || Prefix.of(context.target()).isPresent()) {
            objects(context);
            return;
        }
        if (context.profile().equals(FunctionArn.PROFILE)
                || FunctionArn.of(context.target()).isPresent()) {
            function(context);
            return;
        }
        if (TaskAddress.isTask(context.target())) {
            task(context);
            return;
        }
        boolean triage = Profiles.named(context.profile()).isPresent();
        boolean logs = context.profile().equals(RecordCapture.PROFILE);
        if (!triage && !logs && !context.profile().equals(DISK)) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "AWS captures disks, live instances over SSM, and logs: there is no profile " + context.profile());
        }
        if (context.cancelled()) {
            throw new ProviderException(Kind.CANCELLED, "cancelled before it began");
        }
        try (Cloud cloud = cloud(context)) {
            Host host = host(context, cloud, triage ? NODE : HOST);
            Place place = cloud.place(host.assumed(), host.region());
            if (logs) {
                logs(context, cloud, place, host);
            } else if (triage) {
                triage(context, cloud, place, host);
            } else {
                disks(context, cloud, place, host);
            }
        } catch (IOException e) {
            throw new ProviderException(Kind.FAILED, "the capture cannot be stored: " + e.getMessage());
        }
    }

    private void disks(CaptureContext context, Cloud cloud, Place place, Host host)
            throws ProviderException, InterruptedException, IOException {
        if (context.step("image").isPresent()) {
            return;
        }
        protect(context, place, host, () -> KeyCheck.expectUsable(place, host.volumes()));
        Pauses pauses = Pauses.capturing(context, waiting);
        var snapshots = new Snapshots(place, clock, pauses);
        List<Taken> taken = snapshots.take(context, host);
        snapshots.await(
                context,
                taken.stream().map(Taken::snapshot).toList(),
                cloud.settings().poll());
        Reading reading = new CopyOut(cloud, place, host, clock, pauses).reading(context, taken);
        if (context.step("source").isEmpty()) {
            context.completed("source", source(host, reading));
        }
        context.image(disks(cloud, reading, host, pauses));
        context.completed("image", "stored");
    }

    /// On the live instance, with the collector that goes to contained hosts.
    private void triage(CaptureContext context, Cloud cloud, Place place, Host host)
            throws ProviderException, InterruptedException, IOException {
        var hosts = new SsmHosts(place, host.instance(), cloud.settings(), waiting);
        protect(context, place, host, () -> hosts.relay(context.capture()));
        new ContainedCapture(hosts, clock, waiting).run(context);
    }

    /// Of a container of an ECS task.
    private void task(CaptureContext context) throws ProviderException, InterruptedException {
        if (context.cancelled()) {
            throw new ProviderException(Kind.CANCELLED, "cancelled before it began");
        }
        try (Cloud cloud = cloud(context)) {
            new TaskCapture(context, cloud, clock, waiting).run();
        } catch (IOException e) {
            throw new ProviderException(Kind.FAILED, "the capture cannot be stored: " + e.getMessage());
        }
    }

    private void objects(CaptureContext context) throws ProviderException, InterruptedException {
        Prefix wanted = PrefixCapture.wanted(context, S3Bucket.SCHEME);
        try (Cloud cloud = cloud(context);
                S3Bucket bucket =
                        S3Bucket.find(cloud, wanted.bucket(), new Asking(Pauses.capturing(context, waiting)))) {
            Place place = bucket.place();
            new PrefixCapture(context, clock, PrefixCapture.Limits.USUAL)
                    .run(
                            bucket,
                            wanted.prefix(),
                            new PrefixCapture.Where(
                                    "%s, as %s".formatted(place.text(), place.caller()),
                                    Lineage.of(NAME)
                                            .account(place.account())
                                            .region(place.region())
                                            .caller(place.caller()),
                                    Map.of(
                                            "cloud", NAME,
                                            "account", place.account(),
                                            "region", place.region(),
                                            "caller", place.caller())));
        }
    }

    private void function(CaptureContext context) throws ProviderException, InterruptedException {
        FunctionArn wanted = FunctionCapture.wanted(context);
        try (Cloud cloud = cloud(context)) {
            new FunctionCapture(cloud, wanted, new Asking(Pauses.capturing(context, waiting))).run(context, clock);
        }
    }

    /// What the account logged of the instance; nothing is changed.
    private void logs(CaptureContext context, Cloud cloud, Place place, Host host)
            throws ProviderException, InterruptedException, IOException {
        var asking = new Asking(Pauses.capturing(context, waiting));
        var sources = new ArrayList<RecordSource>();
        sources.add(new TrailRecords(place, List.of(host.instance()), host.instance(), asking));
        sources.add(new FindingRecords(place, FindingRecords.INSTANCE, host.instance(), asking));
        sources.add(new CommandRecords(place, host.instance(), asking));
        sources.add(new ConsoleRecords(place, host.instance(), asking));
        sources.addAll(FlowRecords.of(place, host.instance(), cloud.settings().flowObjects(), asking));
        new RecordCapture(context, clock, cloud.settings().logs())
                .run(
                        host.instance(),
                        Map.of(
                                "cloud", NAME,
                                "account", host.account(),
                                "region", host.region(),
                                "instance", host.instance(),
                                "caller", host.caller()),
                        sources);
    }

    private interface Before {
        void check() throws ProviderException;
    }

    private static void protect(CaptureContext context, Place place, Host host, Before before)
            throws ProviderException, IOException {
        context.progress(0, 0, "Protecting %s from being removed".formatted(host.instance()));
        before.check();
        new Protection(place, host).set(context);
    }

    /// Snapshots, and the place they are read in.
    record Reading(Place place, List<Taken> snapshots) {}

    private static Cloud cloud(CaptureContext context) throws ProviderException {
        return Cloud.of(context.connection(), "varve-" + context.capture());
    }

    private static Host host(CaptureContext context, Cloud cloud, String step)
            throws ProviderException, InterruptedException, IOException {
        Optional<String> done = context.step(step);
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
        context.completed(step, Host.write(host));
        return host;
    }

    private List<BlockSource> disks(Cloud cloud, Reading reading, Host host, Pauses pauses) {
        var disks = new ArrayList<BlockSource>();
        for (Taken taken : reading.snapshots()) {
            disks.add(new EbsDisk(
                    reading.place(),
                    taken,
                    lineage(host, taken),
                    cloud.settings().blocksPerSecond(),
                    waiting,
                    pauses));
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

    /// Newest first: copies, snapshots, what is left in the bucket, then what protected the instance.
    @Override
    public void release(CaptureContext context) throws ProviderException, InterruptedException, IOException {
        if (TaskAddress.isTask(context.target())) {
            try (Cloud cloud = cloud(context)) {
                new TaskCapture(context, cloud, clock, waiting).release();
            }
            return;
        }
        boolean triage = !context.profile().equals(DISK);
        Optional<String> found = context.step(triage ? NODE : HOST);
        if (found.isEmpty()
                || context.step("released").isPresent()
                || context.profile().equals(RecordCapture.PROFILE)
                || context.profile().equals(PrefixCapture.PROFILE)
                || context.profile().equals(FunctionArn.PROFILE)) {
            return;
        }
        Host host = Host.of(found.get());
        try (Cloud cloud = cloud(context)) {
            Place place = cloud.place(host.assumed(), host.region());
            if (triage) {
                releaseTriage(context, cloud, place, host);
                return;
            }
            Pauses pauses = Pauses.always(waiting);
            var removed = new ArrayList<String>();
            try {
                removed.addAll(new CopyOut(cloud, place, host, clock, pauses).remove(context));
                removed.addAll(new Snapshots(place, clock, pauses).remove(context.capture()));
                if (!removed.isEmpty()) {
                    context.custody("snapshots.removed", String.join(", ", removed));
                }
            } finally {
                // what cannot be removed now must not keep the customer's instance protected
                new Protection(place, host).restore(context);
            }
            context.completed("released", "%d snapshots".formatted(removed.size()));
        }
    }

    private void releaseTriage(CaptureContext context, Cloud cloud, Place place, Host host)
            throws ProviderException, IOException {
        List<String> left;
        try {
            left = new SsmHosts(place, host.instance(), cloud.settings(), waiting)
                    .relay(context.capture())
                    .clear();
            if (!left.isEmpty()) {
                context.custody("relay.cleared", String.join(", ", left));
            }
        } finally {
            new Protection(place, host).restore(context);
        }
        context.completed("released", "%d objects".formatted(left.size()));
    }

    @Override
    public Optional<Preflight> preflight(Connection connection, String target, String profile)
            throws ProviderException, InterruptedException {
        try (Cloud cloud = Cloud.of(connection, "varve-preflight")) {
            Optional<Prefix> wanted = Prefix.of(target, S3Bucket.SCHEME);
            if (wanted.isPresent()) {
                return Optional.of(ofObjects(cloud, wanted.get()));
            }
            Optional<FunctionArn> function = FunctionArn.of(target);
            if (function.isPresent()) {
                return Optional.of(
                        new FunctionCapture(cloud, function.get(), new Asking(Pauses.always(waiting))).preflight());
            }
            if (TaskAddress.isTask(target)) {
                return Optional.of(
                        TaskPreflight.of(cloud, TaskAddress.of(target), profile, new Asking(Pauses.always(waiting))));
            }
            Host host = new Finding(cloud).find(target);
            Place place = cloud.place(host.assumed(), host.region());
            if (profile.equals(RecordCapture.PROFILE)) {
                return Optional.of(ofLogs(cloud, host));
            }
            return Optional.of(
                    Profiles.named(profile).isPresent()
                            ? new SsmPreflight(new SsmHosts(place, host.instance(), cloud.settings(), waiting))
                                    .of(connection, host, profile)
                            : ofDisks(place, host));
        }
    }

    private Preflight ofObjects(Cloud cloud, Prefix wanted) throws ProviderException, InterruptedException {
        try (S3Bucket bucket = S3Bucket.find(cloud, wanted.bucket(), new Asking(Pauses.always(waiting)))) {
            return new Preflight(
                    Optional.of(bucket.text()),
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    Containment.UNKNOWN,
                    List.of(Check.ok(
                            "Bucket",
                            "to be read",
                            "%s, below %s"
                                    .formatted(
                                            bucket.place().text(),
                                            wanted.prefix().isEmpty() ? "its root" : wanted.prefix()))),
                    List.of(
                            "All versions and deletions are listed; the latest version of each object is read.",
                            "Nothing is written, changed or restored from an archive class."));
        }
    }

    private static Preflight ofLogs(Cloud cloud, Host host) {
        return new Preflight(
                Optional.of(host.instance()),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Containment.UNKNOWN,
                List.of(Check.ok(
                        "Time",
                        "what is asked for",
                        "%d days back; CloudTrail keeps 90 days of management events, SSM 30 days of commands"
                                .formatted(cloud.settings().logs().toDays()))),
                List.of(
                        "CloudTrail, GuardDuty, SSM, CloudWatch Logs and the console's output are read.",
                        "Nothing is run, written or changed."));
    }

    private static Preflight ofDisks(Place place, Host host) {
        return new Preflight(
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
                        "Nothing is run or written on the instance."));
    }
}
