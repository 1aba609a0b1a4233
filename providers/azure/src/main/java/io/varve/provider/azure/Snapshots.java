package io.varve.provider.azure;

import com.azure.core.exception.HttpResponseException;
import com.azure.core.util.Context;
import com.azure.resourcemanager.compute.fluent.SnapshotsClient;
import com.azure.resourcemanager.compute.fluent.models.SnapshotInner;
import com.azure.resourcemanager.compute.models.CreationData;
import com.azure.resourcemanager.compute.models.DataAccessAuthMode;
import com.azure.resourcemanager.compute.models.DiskCreateOption;
import com.azure.resourcemanager.compute.models.NetworkAccessPolicy;
import com.fasterxml.jackson.core.type.TypeReference;
import io.varve.evidence.Digest;
import io.varve.evidence.Lineage;
import io.varve.provider.CaptureContext;
import io.varve.provider.Pauses;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.Waiting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Snapshots of a capture: made once under names that follow from capture and disk, found again by them, waited for,
/// removed.
final class Snapshots {
    /// Names the capture they belong to.
    static final String TAG = "varve-capture";

    /// From when on nobody needs them, whatever happened to their capture.
    static final String EXPIRES = "varve-expires";

    private static final Duration GRACE = Duration.ofDays(1);
    private static final float COMPLETE = 100;

    private final Cloud cloud;
    private final Machine machine;
    private final SnapshotsClient snapshots;
    private final Clock clock;
    private final Waiting waiting;

    Snapshots(Cloud cloud, Machine machine, Clock clock, Waiting waiting) {
        this.cloud = cloud;
        this.machine = machine;
        this.snapshots = cloud.compute(machine.resource().subscription()).getSnapshots();
        this.clock = clock;
        this.waiting = waiting;
    }

    /// All disks at the same time. A request whose answer was lost is found by its name.
    List<Taken> take(CaptureContext context) throws ProviderException, InterruptedException, IOException {
        Optional<String> done = context.step("snapshots");
        if (done.isPresent()) {
            return Machine.read(done.get(), new TypeReference<>() {});
        }
        var answers = new ArrayList<Future<SnapshotInner>>();
        var taken = new ArrayList<Taken>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Machine.Disk disk : machine.disks()) {
                answers.add(threads.submit(() -> made(context, disk)));
            }
        }
        for (int i = 0; i < answers.size(); i++) {
            Machine.Disk disk = machine.disks().get(i);
            SnapshotInner snapshot = answer(answers.get(i));
            taken.add(taken(disk, snapshot));
            context.custody(
                    "snapshot.created",
                    "%s of disk %s (%s) of %s"
                            .formatted(snapshot.name(), disk.name(), disk.device(), machine.resource()),
                    lineage(disk.name(), snapshot.id()));
        }
        context.completed("snapshots", Machine.write(taken));
        return List.copyOf(taken);
    }

    private static SnapshotInner answer(Future<SnapshotInner> answer) throws ProviderException, InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ProviderException problem) {
                throw problem;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private SnapshotInner made(CaptureContext context, Machine.Disk disk) throws ProviderException {
        ResourceId name = name(context.capture(), disk);
        try {
            Optional<SnapshotInner> before = find(name);
            if (before.isPresent()) {
                return own(before.get(), context, name);
            }
            return snapshots.createOrUpdate(name.group(), name.name(), wanted(context, disk));
        } catch (RuntimeException e) {
            throw Errors.of("taking a snapshot of disk " + disk.name(), e);
        }
    }

    private static SnapshotInner own(SnapshotInner found, CaptureContext context, ResourceId name)
            throws ProviderException {
        if (!context.capture().equals(tag(found, TAG))) {
            throw new ProviderException(Kind.REFUSED, "%s is there already and not of this capture".formatted(name));
        }
        return found;
    }

    private SnapshotInner wanted(CaptureContext context, Machine.Disk disk) {
        SnapshotInner snapshot = new SnapshotInner()
                .withLocation(machine.region())
                .withIncremental(true)
                .withTags(Map.of(
                        TAG,
                        context.capture(),
                        "varve-evidence",
                        context.evidence().id(),
                        EXPIRES,
                        context.deadline().plus(GRACE).toString()))
                .withCreationData(new CreationData()
                        .withCreateOption(DiskCreateOption.COPY)
                        .withSourceResourceId(disk.id()));
        return cloud.settings()
                .diskAccess()
                .map(access -> snapshot.withNetworkAccessPolicy(NetworkAccessPolicy.ALLOW_PRIVATE)
                        .withDiskAccessId(access))
                .orElseGet(() -> snapshot.withNetworkAccessPolicy(NetworkAccessPolicy.ALLOW_ALL));
    }

    private static Taken taken(Machine.Disk disk, SnapshotInner snapshot) throws ProviderException {
        Long bytes = snapshot.diskSizeBytes();
        if (bytes == null || bytes <= 0 || bytes % AzureDisk.BLOCK != 0) {
            throw new ProviderException(
                    Kind.REFUSED, "the snapshot of %s is of %s bytes: no whole blocks".formatted(disk.name(), bytes));
        }
        return new Taken(
                disk.name(),
                disk.device(),
                ResourceId.required(snapshot.id()).toString(),
                bytes,
                Encryption.of(snapshot.encryption()),
                Encryption.key(snapshot.encryption()),
                disk.guest(),
                DataAccessAuthMode.AZURE_ACTIVE_DIRECTORY.equals(snapshot.dataAccessAuthMode()));
    }

    /// Returns when all are complete.
    void await(CaptureContext context, List<Taken> taken) throws ProviderException, InterruptedException {
        Pauses pauses = Pauses.capturing(context, waiting);
        while (true) {
            var missing = new ArrayList<String>();
            for (Taken one : taken) {
                float percent = percent(one);
                if (percent < COMPLETE) {
                    missing.add("%s %.0f %%".formatted(one.disk(), percent));
                }
            }
            if (missing.isEmpty()) {
                return;
            }
            expectTime(context);
            context.progress(0, 0, "Waiting for the snapshots: " + String.join(", ", missing));
            pauses.pass(cloud.settings().poll(), "waiting for snapshots");
        }
    }

    private float percent(Taken one) throws ProviderException {
        SnapshotInner now;
        try {
            now = snapshots.getByResourceGroup(
                    one.resource().group(), one.resource().name());
        } catch (RuntimeException e) {
            throw Errors.of("waiting for the snapshot of " + one.disk(), e);
        }
        String state = String.valueOf(now.provisioningState());
        if (state.equalsIgnoreCase("Failed") || now.copyCompletionError() != null) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "the snapshot of %s failed: %s"
                            .formatted(
                                    one.disk(),
                                    now.copyCompletionError() == null
                                            ? state
                                            : now.copyCompletionError().errorMessage()));
        }
        if (now.completionPercent() != null) {
            return now.completionPercent();
        }
        // where nothing is copied in the background, Azure states no share
        return state.equalsIgnoreCase("Succeeded") ? COMPLETE : 0;
    }

    private void expectTime(CaptureContext context) throws ProviderException {
        if (context.cancelled()) {
            throw new ProviderException(Kind.CANCELLED, "cancelled while waiting for snapshots");
        }
        if (!clock.instant().isBefore(context.deadline())) {
            throw new ProviderException(Kind.REFUSED, "the snapshots were not complete in time");
        }
    }

    /// Ends the access to every snapshot of the capture and removes it, and those of any capture whose time is long
    /// over. All of them are seen to be gone when this returns.
    void remove(CaptureContext context) throws ProviderException, IOException {
        Set<ResourceId> all = new LinkedHashSet<>();
        for (Machine.Disk disk : machine.disks()) {
            ResourceId name = name(context.capture(), disk);
            if (isOurs(name, context.capture())) {
                all.add(name);
            }
        }
        all.addAll(expired());
        for (ResourceId one : all) {
            remove(context, one);
        }
    }

    private boolean isOurs(ResourceId name, String capture) throws ProviderException {
        try {
            return find(name).filter(found -> capture.equals(tag(found, TAG))).isPresent();
        } catch (RuntimeException e) {
            throw Errors.of("looking for snapshots of the capture", e);
        }
    }

    private void remove(CaptureContext context, ResourceId one) throws ProviderException, IOException {
        try {
            unlessGone(() -> snapshots.revokeAccess(one.group(), one.name()));
            unlessGone(() -> snapshots.delete(one.group(), one.name()));
            if (find(one).isPresent()) {
                throw new ProviderException(Kind.FAILED, "%s is still there after it was removed".formatted(one));
            }
        } catch (RuntimeException e) {
            throw Errors.of("removing the snapshot " + one, e);
        }
        context.custody(
                "snapshot.removed", "%s, access to it ended".formatted(one.name()), lineage("", one.toString()));
    }

    private static void unlessGone(Runnable change) {
        try {
            change.run();
        } catch (HttpResponseException e) {
            if (!Errors.isGone(e)) {
                throw e;
            }
        }
    }

    private List<ResourceId> expired() throws ProviderException {
        var over = new ArrayList<ResourceId>();
        try {
            for (String group : groups()) {
                snapshots.listByResourceGroup(group).stream()
                        .filter(found -> !tag(found, TAG).isEmpty() && isOver(tag(found, EXPIRES)))
                        .map(found -> ResourceId.required(found.id()))
                        .forEach(over::add);
            }
        } catch (RuntimeException e) {
            throw Errors.of("looking for forgotten snapshots", e);
        }
        return over;
    }

    private Set<String> groups() {
        var groups = new LinkedHashSet<String>();
        machine.disks().forEach(disk -> groups.add(group(disk)));
        return groups;
    }

    private boolean isOver(String time) {
        try {
            return Instant.parse(time).isBefore(clock.instant());
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private Optional<SnapshotInner> find(ResourceId name) {
        try {
            return Optional.of(snapshots
                    .getByResourceGroupWithResponse(name.group(), name.name(), Context.NONE)
                    .getValue());
        } catch (HttpResponseException e) {
            if (Errors.isGone(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static String tag(SnapshotInner snapshot, String name) {
        return snapshot.tags() == null ? "" : snapshot.tags().getOrDefault(name, "");
    }

    /// At most 80 characters of those Azure allows.
    private ResourceId name(String capture, Machine.Disk disk) {
        String id = HexFormat.of()
                .formatHex(Digest.sha256()
                        .digest("%s %s"
                                .formatted(capture, disk.id().toLowerCase(Locale.ROOT))
                                .getBytes(StandardCharsets.UTF_8)));
        return new ResourceId(
                machine.resource().subscription(), group(disk), "snapshots", "varve-" + id.substring(0, 32));
    }

    private String group(Machine.Disk disk) {
        return machine.snapshotGroup().isEmpty()
                ? ResourceId.required(disk.id()).group()
                : machine.snapshotGroup();
    }

    private Lineage lineage(String disk, String snapshot) {
        return lineage(cloud, machine, disk, snapshot);
    }

    /// With the ids of the requests that changed the snapshot since this was last asked.
    static Lineage lineage(Cloud cloud, Machine machine, String disk, String snapshot) {
        Lineage lineage = Lineage.of("azure")
                .account(machine.resource().subscription())
                .region(machine.region())
                .instance(machine.id())
                .snapshot(snapshot)
                .requests(cloud.requests().take(snapshot))
                .caller(machine.caller());
        return disk.isEmpty() ? lineage : lineage.volume(disk);
    }
}
