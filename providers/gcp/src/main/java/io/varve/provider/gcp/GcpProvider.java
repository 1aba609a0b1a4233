package io.varve.provider.gcp;

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
import io.varve.provider.collector.object.Prefix;
import io.varve.provider.collector.object.PrefixCapture;
import io.varve.provider.collector.record.RecordCapture;
import io.varve.provider.image.BlockSource;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Captures all persistent disks of a Compute Engine instance: snapshots, images of them in a forensic project, exports
/// of these to a bucket, read from there in ranges. The instance is not touched but for what keeps it from being
/// removed meanwhile. Or captures what Google logged of it, or the objects below a prefix of a bucket, and changes
/// nothing.
@AutoService(Provider.class)
public final class GcpProvider implements Provider {
    static final String NAME = "gcp";
    static final String DISK = "disk";
    private static final Duration GRACE = Duration.ofDays(1);

    private final Clock clock;
    private final Waiting waiting;

    public GcpProvider() {
        this(Clock.systemUTC(), Thread::sleep);
    }

    GcpProvider(Clock clock, Waiting waiting) {
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
        if (!List.of(DISK, RecordCapture.PROFILE).contains(context.profile())) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "Google Cloud captures disks, logs and objects of buckets: ask for profile %s, %s or %s, not %s"
                            .formatted(DISK, RecordCapture.PROFILE, PrefixCapture.PROFILE, context.profile()));
        }
        if (context.cancelled()) {
            throw new ProviderException(Kind.CANCELLED, "cancelled before it began");
        }
        Pauses pauses = Pauses.capturing(context, waiting);
        try (Cloud cloud = Cloud.of(context.connection(), pauses)) {
            Host host = host(context, cloud);
            if (isLogs(context)) {
                logs(context, cloud, host, pauses);
            } else if (context.step("image").isEmpty()) {
                disks(context, cloud, host, pauses);
            }
        } catch (IOException e) {
            throw new ProviderException(Kind.FAILED, "the capture cannot be stored: " + e.getMessage());
        }
    }

    private void objects(CaptureContext context) throws ProviderException, InterruptedException {
        Prefix wanted = PrefixCapture.wanted(context, GcsBucket.SCHEME);
        try (Cloud cloud = Cloud.of(context.connection(), Pauses.capturing(context, waiting))) {
            GcsBucket bucket = GcsBucket.find(cloud, wanted.bucket());
            new PrefixCapture(context, clock, PrefixCapture.Limits.USUAL)
                    .run(
                            bucket,
                            wanted.prefix(),
                            new PrefixCapture.Where(
                                    "project %s, %s, as %s"
                                            .formatted(bucket.project(), bucket.location(), cloud.caller()),
                                    Lineage.of(NAME)
                                            .account(bucket.project())
                                            .region(bucket.location())
                                            .caller(cloud.caller()),
                                    Map.of(
                                            "cloud", NAME,
                                            "project", bucket.project(),
                                            "location", bucket.location(),
                                            "caller", cloud.caller())));
        }
    }

    private static boolean isLogs(CaptureContext context) {
        return context.profile().equals(RecordCapture.PROFILE);
    }

    private void logs(CaptureContext context, Cloud cloud, Host host, Pauses pauses)
            throws ProviderException, InterruptedException, IOException {
        Patience patience = Patience.capturing(context, clock, pauses, CloudLogs.BETWEEN_PAGES);
        var cloudWords = new TreeMap<String, String>(lineage(host));
        cloudWords.put("caller", host.caller());
        new RecordCapture(context, clock, cloud.settings().logTime())
                .run(host.instance(), cloudWords, CloudLogs.of(cloud, host, patience, context.scratch()));
    }

    private void disks(CaptureContext context, Cloud cloud, Host host, Pauses pauses)
            throws ProviderException, InterruptedException, IOException {
        context.progress(0, 0, "Protecting %s from being removed".formatted(host.instance()));
        KeyCheck.expectReadable(host);
        Names names = names(context);
        Patience patience =
                Patience.capturing(context, clock, pauses, cloud.settings().poll());
        var operations = new Operations(cloud, patience);
        new Protection(cloud, host, operations).set(context);
        List<Taken> taken = new Snapshots(cloud, names, operations).take(context, host, patience);
        new Images(cloud, names, operations).make(context, host, taken, patience);
        List<Exported> exported = new Exports(cloud, names).make(context, taken, patience);
        if (context.step("source").isEmpty()) {
            context.completed("source", source(host, cloud, taken, exported));
        }
        context.image(disks(cloud, host, exported));
        context.completed("image", "stored");
    }

    private static Names names(CaptureContext context) {
        return new Names(
                context.capture(), context.evidence().id(), context.deadline().plus(GRACE));
    }

    private static Host host(CaptureContext context, Cloud cloud)
            throws ProviderException, InterruptedException, IOException {
        Optional<String> done = context.step("host");
        if (done.isPresent()) {
            return Host.of(done.get());
        }
        var finding = new Finding(cloud);
        Host host = isLogs(context) ? finding.bare(context.target()) : finding.find(context.target());
        context.custody(
                "instance.found",
                words(host),
                Lineage.of(NAME)
                        .account(host.project())
                        .region(host.zone())
                        .instance(host.id())
                        .caller(host.caller()));
        context.completed("host", Steps.write(host));
        return host;
    }

    private static String words(Host host) {
        var words = new StringBuilder("%s (%s, %s)".formatted(host.resource(), host.id(), host.type()));
        if (!host.disks().isEmpty()) {
            words.append(", disks ")
                    .append(host.disks().stream().map(Host.Disk::name).toList());
        }
        if (!host.scratch().isEmpty()) {
            words.append("; not captured, local SSDs: ").append(String.join(", ", host.scratch()));
        }
        return words.toString();
    }

    private static List<BlockSource> disks(Cloud cloud, Host host, List<Exported> exported) {
        var disks = new ArrayList<BlockSource>();
        for (Exported one : exported) {
            disks.add(new GcsDisk(cloud, one, lineage(host)));
        }
        return disks;
    }

    private static Map<String, String> lineage(Host host) {
        return Map.of(
                "cloud", NAME,
                "project", host.project(),
                "zone", host.zone(),
                "instance", host.instance(),
                "instance_id", host.id());
    }

    /// For the manifest.
    private static String source(Host host, Cloud cloud, List<Taken> taken, List<Exported> exported) {
        var source = new TreeMap<String, String>(lineage(host));
        source.put("caller", host.caller());
        source.put("forensic_project", cloud.settings().forensic());
        for (int i = 0; i < taken.size(); i++) {
            Taken one = taken.get(i);
            source.put(
                    "disk " + one.disk(),
                    "%s, device %s, %d GiB%s; exported as QCOW2, CRC32C %s"
                            .formatted(
                                    one.snapshot(),
                                    one.device(),
                                    one.gibibytes(),
                                    one.key().isEmpty() ? "" : ", key " + one.key(),
                                    exported.get(i).crc32c()));
        }
        return Steps.write(source);
    }

    /// Newest first: builds, what they made, images, snapshots, then what protected the instance. Says so when all of
    /// it is gone, and not before. A capture of logs or objects made nothing.
    @Override
    public void release(CaptureContext context) throws ProviderException, InterruptedException, IOException {
        Optional<String> found = context.step("host");
        if (!context.profile().equals(DISK)
                || found.isEmpty()
                || context.step("released").isPresent()) {
            return;
        }
        Host host = Host.of(found.get());
        Pauses pauses = Pauses.always(waiting);
        try (Cloud cloud = Cloud.of(context.connection(), pauses)) {
            Patience patience =
                    Patience.releasing(context, clock, pauses, cloud.settings().poll());
            int removed;
            try {
                removed = remove(context, cloud, host, patience);
            } finally {
                // what cannot be removed now must not keep the customer's instance protected
                new Protection(cloud, host, new Operations(cloud, patience)).restore(context);
            }
            context.completed("released", "%d things".formatted(removed));
        }
    }

    private static int remove(CaptureContext context, Cloud cloud, Host host, Patience patience)
            throws ProviderException, InterruptedException, IOException {
        Names names = names(context);
        var operations = new Operations(cloud, patience);
        var exports = new Exports(cloud, names);
        var leftovers = new Leftovers(cloud, names, operations);
        var images = new Images(cloud, names, operations);
        var snapshots = new Snapshots(cloud, names, operations);
        var removed = new ArrayList<String>();
        removed.addAll(exports.stop(patience));
        removed.addAll(leftovers.remove());
        removed.addAll(exports.remove());
        removed.addAll(images.remove(patience));
        removed.addAll(snapshots.remove(host.project(), patience));
        var left = new ArrayList<String>();
        left.addAll(leftovers.left());
        left.addAll(exports.left());
        left.addAll(images.left());
        left.addAll(snapshots.left(host.project()));
        if (!removed.isEmpty()) {
            context.custody("snapshots.removed", String.join(", ", removed));
        }
        if (!left.isEmpty()) {
            throw new ProviderException(Kind.FAILED, "still there: " + String.join(", ", left));
        }
        return removed.size();
    }

    @Override
    public Optional<Preflight> preflight(Connection connection, String target, String profile)
            throws ProviderException, InterruptedException {
        try (Cloud cloud = Cloud.of(connection, Pauses.always(waiting))) {
            Optional<Prefix> wanted = Prefix.of(target, GcsBucket.SCHEME);
            if (wanted.isPresent()) {
                return Optional.of(ofObjects(cloud, wanted.get()));
            }
            if (profile.equals(RecordCapture.PROFILE)) {
                return Optional.of(CloudLogs.preflight(cloud, new Finding(cloud).bare(target)));
            }
            Host host = new Finding(cloud).find(target);
            return Optional.of(new Preflight(
                    Optional.of(host.instance()),
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    Containment.UNKNOWN,
                    Estimate.of(host),
                    List.of(
                            "Deletion protection is switched on and auto-delete of disks off, and put back at the end.",
                            "%d disks get a snapshot each; images and exports of them are made in project %s. All are removed once the evidence is sealed."
                                    .formatted(
                                            host.disks().size(),
                                            cloud.settings().forensic()),
                            "Nothing can be read before an export ends: Google has no way to read blocks of a snapshot.",
                            "Nothing is run or written on the instance.")));
        }
    }

    private static Preflight ofObjects(Cloud cloud, Prefix wanted) throws ProviderException, InterruptedException {
        GcsBucket bucket = GcsBucket.find(cloud, wanted.bucket());
        return new Preflight(
                Optional.of(bucket.text()),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Containment.UNKNOWN,
                List.of(Check.ok(
                        "Bucket",
                        "to be read",
                        "project %s, %s, below %s"
                                .formatted(
                                        bucket.project(),
                                        bucket.location(),
                                        wanted.prefix().isEmpty() ? "its root" : wanted.prefix()))),
                List.of(
                        "All generations are listed; the latest of each object is read.",
                        "Google takes a fee for reading objects of the classes Nearline, Coldline and Archive.",
                        "Nothing is written or changed."));
    }
}
