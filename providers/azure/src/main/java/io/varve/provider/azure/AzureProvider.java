package io.varve.provider.azure;

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
import io.varve.provider.collector.object.Prefix;
import io.varve.provider.collector.object.PrefixCapture;
import io.varve.provider.collector.profile.Profiles;
import io.varve.provider.collector.record.RecordCapture;
import io.varve.provider.collector.record.RecordSource;
import io.varve.provider.image.BlockSource;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Captures all managed disks of a virtual machine: incremental snapshots, read page by page where they
/// are. The machine itself is not touched.
///
/// With a profile of the collector it looks into the live machine instead, by Run Command; with the profile
/// `cloud-logs` it gathers what Azure logged of the machine. Of a container it captures the blobs below a prefix.
@AutoService(Provider.class)
public final class AzureProvider implements Provider {
    static final String NAME = "azure";
    static final String DISK = "disk";

    /// Steps that hold the machine: of its disks, and of a triage, where the collector has a step `host` of
    /// its own.
    private static final String HOST = "host";

    private static final String NODE = "instance";

    private final Clock clock;
    private final Waiting waiting;
    private final Duration operationPoll;

    public AzureProvider() {
        this(Clock.systemUTC(), Thread::sleep, Duration.ofSeconds(1));
    }

    AzureProvider(Clock clock, Waiting waiting, Duration operationPoll) {
        this.clock = clock;
        this.waiting = waiting;
        this.operationPoll = operationPoll;
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
            new BlobCapture(operationPoll, clock).run(context);
            return;
        }
        boolean triage = Profiles.named(context.profile()).isPresent();
        boolean logs = context.profile().equals(RecordCapture.PROFILE);
        if (!triage && !logs && !context.profile().equals(DISK)) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "Azure captures disks, live machines by Run Command, and logs: there is no profile "
                            + context.profile());
        }
        if (context.cancelled()) {
            throw new ProviderException(Kind.CANCELLED, "cancelled before it began");
        }
        try {
            Cloud cloud = Cloud.of(context.connection(), operationPoll);
            if (logs) {
                logs(context, cloud);
            } else if (triage) {
                triage(context, cloud);
            } else {
                disks(context, cloud);
            }
        } catch (IOException e) {
            throw new ProviderException(Kind.FAILED, "the capture cannot be stored: " + e.getMessage());
        }
    }

    private void disks(CaptureContext context, Cloud cloud)
            throws ProviderException, InterruptedException, IOException {
        Machine machine = machine(context, cloud, HOST);
        if (context.step("image").isPresent()) {
            return;
        }
        context.progress(
                0, 0, "Taking snapshots of %s".formatted(machine.resource().name()));
        var snapshots = new Snapshots(cloud, machine, clock, waiting);
        List<Taken> taken = snapshots.take(context);
        snapshots.await(context, taken);
        if (context.step("source").isEmpty()) {
            context.completed("source", source(machine, taken));
        }
        context.image(disks(context, cloud, machine, taken));
        context.completed("image", "stored");
    }

    /// On the live machine, with the collector that goes to contained hosts.
    private void triage(CaptureContext context, Cloud cloud)
            throws ProviderException, InterruptedException, IOException {
        // without a container nothing is begun
        RunCommandHosts.relay(cloud, context.capture());
        Machine machine = machine(context, cloud, NODE);
        new ContainedCapture(new RunCommandHosts(cloud, machine, waiting), clock, waiting).run(context);
    }

    /// What Azure logged of the machine; nothing is changed.
    private void logs(CaptureContext context, Cloud cloud) throws ProviderException, InterruptedException, IOException {
        Machine machine = machine(context, cloud, NODE);
        if (context.step("collected").isPresent()) {
            return;
        }
        var sources = new ArrayList<RecordSource>();
        sources.add(new ActivityRecords(cloud, machine.resource(), clock));
        sources.add(new ConsoleRecords(cloud, machine.resource()));
        sources.addAll(FlowLogs.of(cloud, machine));
        if (cloud.settings().signIns()) {
            sources.add(new SignInRecords(cloud, machine.resource(), Pauses.capturing(context, waiting)));
        }
        new RecordCapture(context, clock, cloud.settings().logs())
                .run(
                        machine.resource().name(),
                        Map.of(
                                "cloud", NAME,
                                "account", machine.resource().subscription(),
                                "region", machine.region(),
                                "instance", machine.id(),
                                "vm_id", machine.vmId(),
                                "caller", machine.caller()),
                        sources);
    }

    private static Machine machine(CaptureContext context, Cloud cloud, String step)
            throws ProviderException, IOException {
        Optional<String> done = context.step(step);
        if (done.isPresent()) {
            return Machine.of(done.get());
        }
        var finding = new Finding(cloud);
        Machine machine = step.equals(HOST) ? finding.findWithDisks(context.target()) : finding.find(context.target());
        context.custody(
                "instance.found",
                "%s (%s, vmId %s, image %s)%s%s"
                        .formatted(
                                machine.resource(),
                                machine.size(),
                                machine.vmId(),
                                machine.image(),
                                machine.disks().isEmpty()
                                        ? ""
                                        : ", disks "
                                                + machine.disks().stream()
                                                        .map(Machine.Disk::name)
                                                        .toList(),
                                machine.leftOut().isEmpty()
                                        ? ""
                                        : "; left out: " + String.join(" ", machine.leftOut())),
                Lineage.of("azure")
                        .account(machine.resource().subscription())
                        .region(machine.region())
                        .instance(machine.id())
                        .caller(machine.caller()));
        context.completed(step, Machine.write(machine));
        return machine;
    }

    private List<BlockSource> disks(CaptureContext context, Cloud cloud, Machine machine, List<Taken> taken) {
        var disks = new ArrayList<BlockSource>();
        for (Taken one : taken) {
            var grant = new Grant(cloud, machine, one, context, clock);
            disks.add(new AzureDisk(grant, one, lineage(machine, one), Pauses.capturing(context, waiting)));
        }
        return disks;
    }

    private static Map<String, String> lineage(Machine machine, Taken taken) {
        return Map.of(
                "cloud", "azure",
                "account", machine.resource().subscription(),
                "region", machine.region(),
                "instance", machine.id(),
                "key", taken.key());
    }

    /// For the manifest.
    private static String source(Machine machine, List<Taken> taken) {
        var source = new TreeMap<String, String>();
        source.put("cloud", "azure");
        source.put("account", machine.resource().subscription());
        source.put("region", machine.region());
        source.put("instance", machine.id());
        source.put("vm_id", machine.vmId());
        source.put("image", machine.image());
        source.put("caller", machine.caller());
        if (!machine.leftOut().isEmpty()) {
            source.put("left_out", String.join(" ", machine.leftOut()));
        }
        for (Taken one : taken) {
            source.put(
                    one.disk(),
                    "%s, device %s, %d bytes and a VHD footer of 512 that is left out, %s%s%s"
                            .formatted(
                                    one.snapshot(),
                                    one.device(),
                                    one.bytes(),
                                    one.encryption(),
                                    one.key().isEmpty() ? "" : ", key " + one.key(),
                                    one.guest().isEmpty() ? "" : ". " + one.guest()));
        }
        return Machine.write(source);
    }

    @Override
    public void release(CaptureContext context) throws ProviderException, InterruptedException, IOException {
        boolean disks = context.profile().equals(DISK);
        Optional<String> found = context.step(disks ? HOST : NODE);
        if (found.isEmpty()
                || context.step("released").isPresent()
                || context.profile().equals(RecordCapture.PROFILE)
                || context.profile().equals(PrefixCapture.PROFILE)) {
            return;
        }
        Machine machine = Machine.of(found.get());
        Cloud cloud = Cloud.of(context.connection(), operationPoll);
        if (disks) {
            new Snapshots(cloud, machine, clock, waiting).remove(context);
        } else {
            releaseTriage(context, new RunCommandHosts(cloud, machine, waiting));
        }
        context.completed("released", "nothing left");
    }

    /// Commands first: one that still runs could write another blob.
    private static void releaseTriage(CaptureContext context, RunCommandHosts hosts)
            throws ProviderException, InterruptedException, IOException {
        Set<String> commands = hosts.shell(context).clear();
        if (!commands.isEmpty()) {
            context.custody("commands.removed", String.join(", ", commands));
        }
        List<String> blobs = hosts.relay(context.capture()).clear();
        if (!blobs.isEmpty()) {
            context.custody("relay.cleared", String.join(", ", blobs));
        }
    }

    @Override
    public Optional<Preflight> preflight(Connection connection, String target, String profile)
            throws ProviderException, InterruptedException {
        Cloud cloud = Cloud.of(connection, operationPoll);
        Optional<Prefix> wanted = Prefix.of(target, BlobCapture.SCHEME);
        if (wanted.isPresent()) {
            return Optional.of(BlobCapture.preflight(cloud, wanted.get()));
        }
        var finding = new Finding(cloud);
        if (profile.equals(RecordCapture.PROFILE)) {
            return Optional.of(ofLogs(cloud, finding.find(target)));
        }
        return Optional.of(
                Profiles.named(profile).isPresent()
                        ? new RunCommandPreflight(cloud, new RunCommandHosts(cloud, finding.find(target), waiting))
                                .of(connection, profile)
                        : ofDisks(cloud, finding.findWithDisks(target)));
    }

    private static Preflight ofLogs(Cloud cloud, Machine machine) {
        return ahead(
                machine,
                List.of(
                        Estimate.rights(cloud, machine, Feature.LOGS),
                        FlowLogs.check(cloud, machine),
                        Check.ok(
                                "Time",
                                "what is asked for",
                                "%d days back; Azure keeps the activity log for 90 days"
                                        .formatted(cloud.settings().logs().toDays()))),
                List.of(
                        "The activity log of the machine's resource group is read, its serial console's log where boot diagnostics are on, and flow logs of its network interfaces where they are made.",
                        cloud.settings().signIns()
                                ? "Sign-ins of Entra ID that came from its public addresses are asked of Microsoft Graph."
                                : "Sign-ins of Entra ID are not asked for: they are switched off in the integration.",
                        "Nothing is run, written or changed."));
    }

    private static Preflight ofDisks(Cloud cloud, Machine machine) {
        return ahead(
                machine,
                Estimate.of(cloud, machine),
                List.of(
                        "%d disks get an incremental snapshot, removed once the evidence is sealed."
                                .formatted(machine.disks().size()),
                        "Each snapshot can be read for a time through a signed address that only the worker holds.",
                        "Nothing is run or written on the machine."));
    }

    private static Preflight ahead(Machine machine, List<Check> checks, List<String> touches) {
        return new Preflight(
                Optional.of(machine.resource().name()),
                Optional.of(machine.system().toLowerCase(Locale.ROOT)).filter(system -> !system.isEmpty()),
                List.of(),
                Optional.empty(),
                Containment.UNKNOWN,
                checks,
                touches);
    }
}
