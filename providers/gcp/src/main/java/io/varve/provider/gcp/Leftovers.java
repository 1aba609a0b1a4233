package io.varve.provider.gcp;

import com.google.cloud.compute.v1.AggregatedListDisksRequest;
import com.google.cloud.compute.v1.AggregatedListInstancesRequest;
import com.google.cloud.compute.v1.DeleteDiskRequest;
import com.google.cloud.compute.v1.DeleteInstanceRequest;
import com.google.cloud.compute.v1.Disk;
import com.google.cloud.compute.v1.DisksClient;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.InstancesClient;
import com.google.cloud.compute.v1.Operation;
import io.varve.provider.ProviderException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Machines and disks that an exporter which was stopped or failed left in the forensic project. They carry the
/// capture's label, as the exporter was told.
final class Leftovers {
    private final Cloud cloud;
    private final Names names;
    private final Operations operations;
    private final InstancesClient instances;
    private final DisksClient disks;
    private final String project;

    Leftovers(Cloud cloud, Names names, Operations operations) throws ProviderException {
        this.cloud = cloud;
        this.names = names;
        this.operations = operations;
        this.instances = cloud.instances();
        this.disks = cloud.disks();
        this.project = cloud.settings().forensic();
    }

    /// Removes them, machines first.
    List<String> remove() throws ProviderException, InterruptedException {
        var removed = new ArrayList<String>();
        for (Instance machine : machines()) {
            DeleteInstanceRequest request = DeleteInstanceRequest.newBuilder()
                    .setProject(project)
                    .setZone(last(machine.getZone()))
                    .setInstance(machine.getName())
                    .build();
            delete(
                    "removing the exporter's machine " + machine.getName(),
                    () -> instances.deleteCallable().call(request));
            removed.add("machine " + machine.getName());
        }
        for (Disk disk : disks()) {
            DeleteDiskRequest request = DeleteDiskRequest.newBuilder()
                    .setProject(project)
                    .setZone(last(disk.getZone()))
                    .setDisk(disk.getName())
                    .build();
            delete(
                    "removing the exporter's disk " + disk.getName(),
                    () -> disks.deleteCallable().call(request));
            removed.add("disk " + disk.getName());
        }
        return removed;
    }

    private void delete(String what, Calls.Call<Operation> call) throws ProviderException, InterruptedException {
        Optional<Operation> started = cloud.calls().find(what, call);
        if (started.isPresent()) {
            operations.await(project, started.get(), what);
        }
    }

    List<String> left() throws ProviderException, InterruptedException {
        var left = new ArrayList<String>();
        machines().forEach(machine -> left.add(machine.getName()));
        disks().forEach(disk -> left.add(disk.getName()));
        return left;
    }

    private List<Instance> machines() throws ProviderException, InterruptedException {
        AggregatedListInstancesRequest request = AggregatedListInstancesRequest.newBuilder()
                .setProject(project)
                .setFilter(names.filter())
                .build();
        String what = "listing machines of project " + project;
        return cloud
                .calls()
                .of(
                        what,
                        () -> Paged.all(what, instances.aggregatedList(request).iteratePages()))
                .stream()
                .flatMap(scope -> scope.getValue().getInstancesList().stream())
                .toList();
    }

    private List<Disk> disks() throws ProviderException, InterruptedException {
        AggregatedListDisksRequest request = AggregatedListDisksRequest.newBuilder()
                .setProject(project)
                .setFilter(names.filter())
                .build();
        String what = "listing disks of project " + project;
        return cloud
                .calls()
                .of(what, () -> Paged.all(what, disks.aggregatedList(request).iteratePages()))
                .stream()
                .flatMap(scope -> scope.getValue().getDisksList().stream())
                .toList();
    }

    private static String last(String link) {
        return link.substring(link.lastIndexOf('/') + 1);
    }
}
