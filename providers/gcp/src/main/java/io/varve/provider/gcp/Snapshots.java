package io.varve.provider.gcp;

import com.fasterxml.jackson.core.type.TypeReference;
import com.google.cloud.compute.v1.CreateSnapshotDiskRequest;
import com.google.cloud.compute.v1.DeleteSnapshotRequest;
import com.google.cloud.compute.v1.DisksClient;
import com.google.cloud.compute.v1.InsertSnapshotRequest;
import com.google.cloud.compute.v1.ListSnapshotsRequest;
import com.google.cloud.compute.v1.Operation;
import com.google.cloud.compute.v1.Snapshot;
import com.google.cloud.compute.v1.SnapshotsClient;
import io.varve.evidence.Lineage;
import io.varve.provider.CaptureContext;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Snapshots of a capture: made once for each disk, all asked for at the same moment, found again by their names.
///
/// Google has no snapshot of several disks at one instant but for instances that are made ready for it: those of one
/// capture are as far apart as their requests.
final class Snapshots {
    private final Cloud cloud;
    private final Names names;
    private final Operations operations;
    private final SnapshotsClient snapshots;

    Snapshots(Cloud cloud, Names names, Operations operations) throws ProviderException {
        this.cloud = cloud;
        this.names = names;
        this.operations = operations;
        this.snapshots = cloud.snapshots();
    }

    /// A disk of which a request for a snapshot was sent, or an earlier attempt's is there.
    private record Asked(Host.Disk disk, String snapshot, Optional<Operation> operation) {}

    /// Returns when all are ready.
    List<Taken> take(CaptureContext context, Host host, Patience patience)
            throws ProviderException, InterruptedException, IOException {
        Optional<String> done = context.step("snapshots");
        if (done.isPresent()) {
            return Steps.read(done.get(), new TypeReference<>() {});
        }
        context.progress(
                0, 0, "Taking snapshots of %d disks".formatted(host.disks().size()));
        List<Asked> asked = ask(host);
        for (Asked one : asked) {
            if (one.operation().isPresent()) {
                context.custody(
                        "snapshot.created",
                        "%s of disk %s, operation %s"
                                .formatted(
                                        one.snapshot(),
                                        one.disk().name(),
                                        one.operation().get().getName()),
                        lineage(
                                host,
                                one.disk(),
                                one.snapshot(),
                                one.operation().get()));
            }
        }
        var taken = new ArrayList<Taken>();
        for (Asked one : asked) {
            taken.add(ready(host, one, patience));
        }
        context.completed("snapshots", Steps.write(taken));
        return List.copyOf(taken);
    }

    private static Lineage lineage(Host host, Host.Disk disk, String snapshot, Operation operation) {
        Lineage lineage = Lineage.of("gcp")
                .account(host.project())
                .region(host.zone())
                .instance(host.id())
                .volume(disk.name())
                .snapshot(snapshot)
                .requests(List.of(operation.getName()))
                .caller(host.caller());
        return disk.key().isEmpty() ? lineage : lineage.key(disk.key());
    }

    private List<Asked> ask(Host host) throws ProviderException, InterruptedException {
        DisksClient disks = cloud.disks();
        var answers = new ArrayList<Future<Asked>>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Host.Disk disk : host.disks()) {
                answers.add(threads.submit(() -> asked(disks, host, disk)));
            }
            var asked = new ArrayList<Asked>();
            for (Future<Asked> answer : answers) {
                asked.add(answer.get());
            }
            return asked;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ProviderException refused) {
                throw refused;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private Asked asked(DisksClient disks, Host host, Host.Disk disk) throws ProviderException, InterruptedException {
        String name = names.of(host, disk);
        Optional<Snapshot> before = find(host.project(), name);
        if (before.isPresent() && !isFailed(before.get())) {
            return new Asked(disk, name, Optional.empty());
        }
        if (before.isPresent()) {
            delete(host.project(), name);
        }
        return new Asked(disk, name, create(disks, host, disk, name));
    }

    private Optional<Snapshot> find(String project, String name) throws ProviderException, InterruptedException {
        return cloud.calls().find("looking for the snapshot " + name, () -> snapshots.get(project, name));
    }

    private static boolean isFailed(Snapshot snapshot) {
        return snapshot.getStatus().equals("FAILED");
    }

    /// Without the guest's help: nothing is run on the instance.
    private Optional<Operation> create(DisksClient disks, Host host, Host.Disk disk, String name)
            throws ProviderException, InterruptedException {
        Snapshot.Builder snapshot = Snapshot.newBuilder()
                .setName(name)
                .setDescription("Varve capture " + names.capture())
                .putAllLabels(names.labels())
                .addAllStorageLocations(cloud.settings().locations());
        String request = Names.request();
        String what = "taking a snapshot of disk " + disk.name();
        if (disk.region().isEmpty()) {
            CreateSnapshotDiskRequest create = CreateSnapshotDiskRequest.newBuilder()
                    .setProject(host.project())
                    .setZone(host.zone())
                    .setDisk(disk.name())
                    .setGuestFlush(false)
                    .setRequestId(request)
                    .setSnapshotResource(snapshot)
                    .build();
            return cloud.calls().make(what, () -> disks.createSnapshotCallable().call(create));
        }
        InsertSnapshotRequest insert = InsertSnapshotRequest.newBuilder()
                .setProject(host.project())
                .setRequestId(request)
                .setSnapshotResource(snapshot.setSourceDisk(
                        "projects/%s/regions/%s/disks/%s".formatted(host.project(), disk.region(), disk.name())))
                .build();
        return cloud.calls().make(what, () -> snapshots.insertCallable().call(insert));
    }

    private Taken ready(Host host, Asked asked, Patience patience) throws ProviderException, InterruptedException {
        String what = "waiting for the snapshot of disk " + asked.disk().name();
        if (asked.operation().isPresent()) {
            operations.await(host.project(), asked.operation().get(), what);
        }
        while (true) {
            Snapshot now = find(host.project(), asked.snapshot())
                    .orElseThrow(() -> new ProviderException(
                            Kind.FAILED,
                            "no snapshot of disk %s was made"
                                    .formatted(asked.disk().name())));
            if (isFailed(now)) {
                throw new ProviderException(
                        Kind.FAILED,
                        "the snapshot %s of disk %s failed"
                                .formatted(now.getName(), asked.disk().name()));
            }
            if (now.getStatus().equals("READY")) {
                return new Taken(
                        asked.disk().name(),
                        asked.disk().device(),
                        now.getName(),
                        now.getDiskSizeGb(),
                        now.getStorageBytes(),
                        now.getSnapshotEncryptionKey().getKmsKeyName());
            }
            patience.pass(what);
        }
    }

    private void delete(String project, String name) throws ProviderException, InterruptedException {
        String what = "removing the snapshot " + name;
        DeleteSnapshotRequest request = DeleteSnapshotRequest.newBuilder()
                .setProject(project)
                .setSnapshot(name)
                .build();
        Optional<Operation> started =
                cloud.calls().find(what, () -> snapshots.deleteCallable().call(request));
        if (started.isPresent()) {
            operations.await(project, started.get(), what);
        }
    }

    /// Removes every snapshot of the capture, and those of any capture whose time is long over.
    ///
    /// @return names of what was removed
    List<String> remove(String project, Patience patience) throws ProviderException, InterruptedException {
        var removed = new ArrayList<String>();
        for (Snapshot snapshot : list(project, names.filter())) {
            delete(project, snapshot.getName());
            removed.add(snapshot.getName());
        }
        for (Snapshot snapshot : list(project, "labels.%s:*".formatted(Names.EXPIRES))) {
            if (Names.isOver(snapshot.getLabelsMap(), patience.now())) {
                delete(project, snapshot.getName());
                removed.add(snapshot.getName());
            }
        }
        return removed;
    }

    /// Names of the capture's snapshots that are still there.
    List<String> left(String project) throws ProviderException, InterruptedException {
        return list(project, names.filter()).stream().map(Snapshot::getName).toList();
    }

    private List<Snapshot> list(String project, String filter) throws ProviderException, InterruptedException {
        ListSnapshotsRequest request = ListSnapshotsRequest.newBuilder()
                .setProject(project)
                .setFilter(filter)
                .build();
        String what = "listing snapshots of project " + project;
        return cloud.calls()
                .of(what, () -> Paged.all(what, snapshots.list(request).iteratePages()));
    }
}
