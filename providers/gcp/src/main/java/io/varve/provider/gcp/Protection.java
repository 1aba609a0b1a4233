package io.varve.provider.gcp;

import com.fasterxml.jackson.core.type.TypeReference;
import com.google.cloud.compute.v1.AttachedDisk;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.InstancesClient;
import com.google.cloud.compute.v1.Operation;
import com.google.cloud.compute.v1.SetDeletionProtectionInstanceRequest;
import com.google.cloud.compute.v1.SetDiskAutoDeleteInstanceRequest;
import io.varve.evidence.Lineage;
import io.varve.provider.CaptureContext;
import io.varve.provider.ProviderException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Keeps an instance and its disks from being removed while they are captured, and puts back what was there before.
///
/// What an instance group made cannot be protected from deletion; its disks outlive it all the same.
final class Protection {
    /// Step that holds what was there before, stored before anything is changed.
    private static final String BEFORE = "protection_before";

    private static final String SET = "protection";
    private static final String RESTORED = "protection_restored";

    private final Cloud cloud;
    private final Host host;
    private final Operations operations;
    private final InstancesClient instances;

    Protection(Cloud cloud, Host host, Operations operations) throws ProviderException {
        this.cloud = cloud;
        this.host = host;
        this.operations = operations;
        this.instances = cloud.instances();
    }

    /// @param devices whose disks went away with the instance
    record Before(boolean deletion, List<String> devices) {}

    void set(CaptureContext context) throws ProviderException, InterruptedException, IOException {
        if (context.step(SET).isPresent()) {
            return;
        }
        if (context.step(BEFORE).isEmpty()) {
            Instance now = look("reading what protects " + host.instance());
            context.completed(BEFORE, Steps.write(before(now)));
        }
        Before before = before(context);
        if (isProtectable() && !before.deletion()) {
            deletion(true);
        }
        for (String device : before.devices()) {
            autoDelete(device, false);
        }
        context.custody(
                "protection.set",
                "%s: %s, %d disks that went away with it"
                        .formatted(
                                host.instance(), words(before), before.devices().size()),
                lineage());
        context.completed(SET, "set");
    }

    private static Before before(Instance now) {
        return new Before(
                now.getDeletionProtection(),
                now.getDisksList().stream()
                        .filter(AttachedDisk::getAutoDelete)
                        .filter(disk -> !disk.getSource().isEmpty())
                        .map(AttachedDisk::getDeviceName)
                        .toList());
    }

    private static Before before(CaptureContext context) {
        return Steps.read(context.step(BEFORE).orElseThrow(), new TypeReference<>() {});
    }

    private String words(Before before) {
        if (before.deletion()) {
            return "deletion protection was on";
        }
        return isProtectable()
                ? "deletion protection was off, now on"
                : "deletion protection does not apply, instance group %s made it".formatted(host.group());
    }

    private boolean isProtectable() {
        return host.group().isEmpty();
    }

    /// Puts back what was there before; an instance or a disk that is gone needs nothing.
    void restore(CaptureContext context) throws ProviderException, InterruptedException, IOException {
        if (context.step(BEFORE).isEmpty() || context.step(RESTORED).isPresent()) {
            return;
        }
        Before before = before(context);
        Optional<Instance> there = cloud.calls()
                .find("looking for " + host.instance(), () -> instances.get(host.project(), host.zone(), host.id()));
        if (there.isEmpty()) {
            context.custody("protection.restored", host.instance() + " is gone", lineage());
            context.completed(RESTORED, "gone");
            return;
        }
        Before now = before(there.get());
        // a change that was under way when the capture ended may be seen later only: it is taken back all the same
        boolean isUnsure = context.step(SET).isEmpty();
        for (String device : before.devices()) {
            boolean attached = there.get().getDisksList().stream()
                    .anyMatch(disk -> disk.getDeviceName().equals(device));
            if (attached && (isUnsure || !now.devices().contains(device))) {
                autoDelete(device, true);
            }
        }
        if (!before.deletion() && (now.deletion() || isUnsure && isProtectable())) {
            deletion(false);
        }
        context.custody("protection.restored", host.instance(), lineage());
        context.completed(RESTORED, "as it was");
    }

    private Instance look(String what) throws ProviderException, InterruptedException {
        return cloud.calls().of(what, () -> instances.get(host.project(), host.zone(), host.id()));
    }

    private void deletion(boolean protect) throws ProviderException, InterruptedException {
        String what = "%s %s from deletion".formatted(protect ? "protecting" : "no longer protecting", host.instance());
        SetDeletionProtectionInstanceRequest request = SetDeletionProtectionInstanceRequest.newBuilder()
                .setProject(host.project())
                .setZone(host.zone())
                .setResource(host.instance())
                .setDeletionProtection(protect)
                .setRequestId(Names.request())
                .build();
        Operation started = cloud.calls()
                .of(what, () -> instances.setDeletionProtectionCallable().call(request));
        operations.await(host.project(), started, what);
    }

    private void autoDelete(String device, boolean delete) throws ProviderException, InterruptedException {
        String what =
                "%s %s of %s".formatted(delete ? "putting back auto-delete of" : "keeping", device, host.instance());
        SetDiskAutoDeleteInstanceRequest request = SetDiskAutoDeleteInstanceRequest.newBuilder()
                .setProject(host.project())
                .setZone(host.zone())
                .setInstance(host.instance())
                .setDeviceName(device)
                .setAutoDelete(delete)
                .setRequestId(Names.request())
                .build();
        Operation started = cloud.calls()
                .of(what, () -> instances.setDiskAutoDeleteCallable().call(request));
        operations.await(host.project(), started, what);
    }

    private Lineage lineage() {
        return Lineage.of("gcp")
                .account(host.project())
                .region(host.zone())
                .instance(host.id())
                .caller(cloud.caller());
    }
}
