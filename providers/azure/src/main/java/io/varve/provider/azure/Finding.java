package io.varve.provider.azure;

import com.azure.resourcemanager.compute.fluent.ComputeManagementClient;
import com.azure.resourcemanager.compute.fluent.models.DiskInner;
import com.azure.resourcemanager.compute.fluent.models.VirtualMachineInner;
import com.azure.resourcemanager.compute.models.DataDisk;
import com.azure.resourcemanager.compute.models.ImageReference;
import com.azure.resourcemanager.compute.models.OSDisk;
import com.azure.resourcemanager.compute.models.StorageProfile;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Finds a machine by its resource id, or by its GUID or name in every subscription of the integration.
final class Finding {
    private static final int SECTOR_OF_VHDX = 4096;

    private final Cloud cloud;

    Finding(Cloud cloud) {
        this.cloud = cloud;
    }

    /// The machine alone: nothing is asked of its disks.
    ///
    /// @throws ProviderException when there is none, or more than one; the text names all of them
    Machine find(String target) throws ProviderException {
        ResourceId id = one(target);
        try {
            return machine(read(id), List.of(), List.of());
        } catch (RuntimeException e) {
            throw Errors.of("reading the machine " + id.name(), e);
        }
    }

    /// The same with its disks.
    ///
    /// @throws ProviderException also when there is no disk that a snapshot can be taken of
    Machine findWithDisks(String target) throws ProviderException {
        ResourceId id = one(target);
        var leftOut = new ArrayList<String>();
        Machine machine;
        try {
            VirtualMachineInner found = read(id);
            machine = machine(found, disks(cloud.compute(id.subscription()), found, leftOut), leftOut);
        } catch (RuntimeException e) {
            throw Errors.of("reading the machine " + id.name(), e);
        }
        if (machine.disks().isEmpty()) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "%s has no disk that a snapshot can be taken of: %s".formatted(id, String.join(" ", leftOut)));
        }
        return machine;
    }

    private ResourceId one(String target) throws ProviderException {
        List<ResourceId> all = all(target);
        if (all.isEmpty()) {
            throw new ProviderException(
                    Kind.NOT_FOUND, "no subscription of this integration has the machine " + target);
        }
        if (all.size() > 1) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "%d machines answer to %s; name one by its resource id: %s".formatted(all.size(), target, all));
        }
        return all.getFirst();
    }

    /// Every machine that answers to this.
    List<ResourceId> all(String target) throws ProviderException {
        Optional<ResourceId> named = ResourceId.of(target);
        if (named.isPresent()) {
            return Optional.of(named.get())
                    .filter(id -> id.isMachine() && cloud.settings().covers(id.subscription()))
                    .stream()
                    .toList();
        }
        var found = new ArrayList<ResourceId>();
        for (String subscription : cloud.subscriptions()) {
            try {
                cloud.compute(subscription).getVirtualMachines().list().stream()
                        .filter(machine ->
                                target.equalsIgnoreCase(machine.vmId()) || target.equalsIgnoreCase(machine.name()))
                        .map(machine -> ResourceId.required(machine.id()))
                        .forEach(found::add);
            } catch (RuntimeException e) {
                throw Errors.of("looking for %s in subscription %s".formatted(target, subscription), e);
            }
        }
        found.sort(Comparator.comparing(ResourceId::key));
        return found;
    }

    private VirtualMachineInner read(ResourceId id) {
        return cloud.compute(id.subscription()).getVirtualMachines().getByResourceGroup(id.group(), id.name());
    }

    private Machine machine(VirtualMachineInner machine, List<Machine.Disk> disks, List<String> leftOut)
            throws ProviderException {
        return new Machine(
                ResourceId.required(machine.id()).toString(),
                text(machine.vmId()),
                text(machine.location()),
                machine.hardwareProfile() == null
                        ? ""
                        : text(machine.hardwareProfile().vmSize()),
                image(machine.storageProfile()),
                system(machine.storageProfile()),
                cloud.identity().caller(),
                cloud.settings().snapshotGroup().orElse(""),
                disks,
                List.copyOf(leftOut));
    }

    private static List<Machine.Disk> disks(
            ComputeManagementClient compute, VirtualMachineInner machine, List<String> leftOut) {
        StorageProfile storage = machine.storageProfile();
        var disks = new ArrayList<Machine.Disk>();
        if (storage == null) {
            return disks;
        }
        OSDisk system = storage.osDisk();
        if (system != null && system.diffDiskSettings() != null) {
            leftOut.add("The ephemeral disk of the system lies on the host of the machine.");
        } else if (system != null && system.managedDisk() != null) {
            add(compute, system.managedDisk().id(), "os", disks, leftOut);
        } else {
            leftOut.add("The disk of the system is no managed disk.");
        }
        List<DataDisk> more = storage.dataDisks() == null ? List.of() : storage.dataDisks();
        for (DataDisk disk : more) {
            if (disk.managedDisk() == null) {
                leftOut.add("The disk at lun %d is no managed disk.".formatted(disk.lun()));
            } else {
                add(compute, disk.managedDisk().id(), "lun " + disk.lun(), disks, leftOut);
            }
        }
        return disks;
    }

    private static void add(
            ComputeManagementClient compute, String id, String device, List<Machine.Disk> disks, List<String> leftOut) {
        ResourceId name = ResourceId.required(id);
        DiskInner disk = compute.getDisks().getByResourceGroup(name.group(), name.name());
        Integer sector =
                disk.creationData() == null ? null : disk.creationData().logicalSectorSize();
        if (sector != null && sector == SECTOR_OF_VHDX) {
            leftOut.add("The disk %s has sectors of 4096 bytes: Azure gives its snapshot as VHDX, which is not read."
                    .formatted(name.name()));
            return;
        }
        disks.add(new Machine.Disk(
                name.toString(),
                name.name(),
                device,
                disk.diskSizeGB() == null ? 0 : disk.diskSizeGB(),
                Encryption.of(disk.encryption()),
                Encryption.key(disk.encryption()),
                Encryption.guest(disk)));
    }

    private static String image(StorageProfile storage) {
        ImageReference image = storage == null ? null : storage.imageReference();
        if (image == null) {
            return "";
        }
        return image.id() != null
                ? image.id()
                : "%s:%s:%s:%s".formatted(image.publisher(), image.offer(), image.sku(), image.version());
    }

    private static String system(StorageProfile storage) {
        return storage == null || storage.osDisk() == null || storage.osDisk().osType() == null
                ? ""
                : storage.osDisk().osType().toString();
    }

    private static String text(Object value) {
        return value == null ? "" : value.toString();
    }
}
