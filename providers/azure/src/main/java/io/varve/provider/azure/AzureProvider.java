package io.varve.provider.azure;

import com.google.auto.service.AutoService;
import io.varve.evidence.Lineage;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Captures all managed disks of a virtual machine: incremental snapshots, read page by page where they are. The
/// machine itself is not touched.
@AutoService(Provider.class)
public final class AzureProvider implements Provider {
    static final String NAME = "azure";
    static final String DISK = "disk";

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
        return "application/octet-stream";
    }

    @Override
    public void capture(CaptureContext context) throws ProviderException, InterruptedException {
        if (!context.profile().equals(DISK)) {
            throw new ProviderException(
                    Kind.REFUSED, "Azure captures disks: ask for profile disk, not " + context.profile());
        }
        if (context.cancelled()) {
            throw new ProviderException(Kind.CANCELLED, "cancelled before it began");
        }
        try {
            Cloud cloud = Cloud.of(context.connection(), operationPoll);
            Machine machine = machine(context, cloud);
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
        } catch (IOException e) {
            throw new ProviderException(Kind.FAILED, "the image cannot be stored: " + e.getMessage());
        }
    }

    private static Machine machine(CaptureContext context, Cloud cloud) throws ProviderException, IOException {
        Optional<String> done = context.step("host");
        if (done.isPresent()) {
            return Machine.of(done.get());
        }
        Machine machine = new Finding(cloud).find(context.target());
        context.custody(
                "instance.found",
                "%s (%s, vmId %s, image %s), disks %s%s"
                        .formatted(
                                machine.resource(),
                                machine.size(),
                                machine.vmId(),
                                machine.image(),
                                machine.disks().stream().map(Machine.Disk::name).toList(),
                                machine.leftOut().isEmpty()
                                        ? ""
                                        : "; left out: " + String.join(" ", machine.leftOut())),
                Lineage.of("azure")
                        .account(machine.resource().subscription())
                        .region(machine.region())
                        .instance(machine.id())
                        .caller(machine.caller()));
        context.completed("host", Machine.write(machine));
        return machine;
    }

    private List<BlockSource> disks(CaptureContext context, Cloud cloud, Machine machine, List<Taken> taken) {
        var disks = new ArrayList<BlockSource>();
        for (Taken one : taken) {
            var grant = new Grant(cloud, machine, one, context, clock);
            disks.add(new AzureDisk(grant, one, lineage(machine, one), waiting));
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
        Optional<String> found = context.step("host");
        if (found.isEmpty() || context.step("released").isPresent()) {
            return;
        }
        Machine machine = Machine.of(found.get());
        Cloud cloud = Cloud.of(context.connection(), operationPoll);
        new Snapshots(cloud, machine, clock, waiting).remove(context);
        context.completed("released", "nothing left");
    }

    @Override
    public Optional<Preflight> preflight(Connection connection, String target, String profile)
            throws ProviderException, InterruptedException {
        Cloud cloud = Cloud.of(connection, operationPoll);
        var finding = new Finding(cloud);
        Machine machine = finding.find(target);
        return Optional.of(new Preflight(
                Optional.of(machine.resource().name()),
                Optional.of(machine.system().toLowerCase(Locale.ROOT)).filter(system -> !system.isEmpty()),
                List.of(),
                Optional.empty(),
                Containment.UNKNOWN,
                Estimate.of(cloud, machine),
                List.of(
                        "%d disks get an incremental snapshot, removed once the evidence is sealed."
                                .formatted(machine.disks().size()),
                        "Each snapshot can be read for a time through a signed address that only the worker holds.",
                        "Nothing is run or written on the machine.")));
    }
}
