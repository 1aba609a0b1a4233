package io.varve.provider.azure;

import com.azure.core.http.rest.PagedIterable;
import com.azure.core.http.rest.PagedResponse;
import com.azure.core.util.Context;
import com.azure.resourcemanager.compute.fluent.ComputeManagementClient;
import com.azure.resourcemanager.compute.fluent.models.VirtualMachineInner;
import com.azure.resourcemanager.compute.models.InstanceViewStatus;
import com.azure.resourcemanager.compute.models.VirtualMachinePriorityTypes;
import com.azure.storage.blob.models.BlobContainerItem;
import io.varve.provider.Connection;
import io.varve.provider.Inventory;
import io.varve.provider.Listed;
import io.varve.provider.ProviderException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Virtual machines of every subscription of the integration. Those of scale sets in uniform mode are not among what
/// Azure lists here. Containers of storage accounts, where they are wanted.
final class AzureInventory implements Inventory {
    private static final String POWER = "PowerState/";

    @Override
    public void list(Connection connection, Listing listing) throws ProviderException, InterruptedException {
        var listed = new Listed(listing);
        Cloud cloud = Cloud.of(connection, Duration.ofSeconds(2));
        for (String subscription : cloud.subscriptions()) {
            try {
                machines(cloud.compute(subscription), subscription, listed);
            } catch (ProviderException e) {
                listed.refused(subscription, e);
            }
            if (cloud.settings().objects()) {
                containers(cloud, subscription, listed);
            }
        }
        listed.expectAnswer();
    }

    private static void containers(Cloud cloud, String subscription, Listed listed) {
        try {
            for (BlobAccount account : BlobAccount.all(cloud, subscription)) {
                containers(cloud, account, listed);
            }
            listed.answered();
        } catch (ProviderException e) {
            listed.refused(subscription, e);
        }
    }

    private static void containers(Cloud cloud, BlobAccount account, Listed listed) {
        try {
            for (BlobContainerItem container : cloud.blobs(account).listBlobContainers()) {
                if (listed.isFull()) {
                    return;
                }
                listed.found(found(account, container.getName()));
            }
        } catch (RuntimeException e) {
            listed.refused(
                    "%s / %s".formatted(account.subscription(), account.name()),
                    Errors.of("listing the containers of " + account.name(), e));
        }
    }

    private static Found found(BlobAccount account, String container) {
        String name = "%s/%s".formatted(account.name(), container);
        return new Found(
                "az://" + name,
                name,
                Optional.empty(),
                "Azure blob container",
                "%s / %s / %s".formatted(account.subscription(), account.group(), account.region()),
                Optional.empty(),
                "there",
                Optional.empty(),
                Map.of(),
                Optional.empty());
    }

    private static void machines(ComputeManagementClient compute, String subscription, Listed listed)
            throws ProviderException {
        if (listed.isFull()) {
            return;
        }
        String what = "listing the machines of subscription " + subscription;
        Map<String, String> states = states(compute, what);
        Iterator<PagedResponse<VirtualMachineInner>> pages =
                pages(compute.getVirtualMachines().list(), what);
        for (var page = next(pages, what); page.isPresent() && !listed.isFull(); page = next(pages, what)) {
            for (VirtualMachineInner machine : page.get().getValue()) {
                Optional<ResourceId> id = ResourceId.of(text(machine.id()));
                if (id.isPresent()) {
                    listed.found(found(id.get(), machine, states));
                } else {
                    listed.gap(subscription, "a machine is listed by what is no resource id of one");
                }
            }
        }
        listed.answered();
    }

    /// Whether machines run, by resource id: a list of its own, which has nothing else. Without it each machine's
    /// provisioning state is told.
    private static Map<String, String> states(ComputeManagementClient compute, String what) {
        var states = new HashMap<String, String>();
        try {
            Iterator<PagedResponse<VirtualMachineInner>> pages =
                    pages(compute.getVirtualMachines().list("true", null, null, Context.NONE), what);
            for (var page = next(pages, what); page.isPresent(); page = next(pages, what)) {
                for (VirtualMachineInner machine : page.get().getValue()) {
                    power(machine).ifPresent(state -> states.put(key(machine.id()), state));
                }
                if (states.size() >= Listed.MOST) {
                    return states;
                }
            }
            return states;
        } catch (ProviderException e) {
            // a refusal is told by the list of the machines themselves
            return states;
        }
    }

    /// Asks for the first page.
    private static Iterator<PagedResponse<VirtualMachineInner>> pages(
            PagedIterable<VirtualMachineInner> machines, String what) throws ProviderException {
        try {
            return machines.iterableByPage().iterator();
        } catch (RuntimeException e) {
            throw Errors.of(what, e);
        }
    }

    private static Optional<PagedResponse<VirtualMachineInner>> next(
            Iterator<PagedResponse<VirtualMachineInner>> pages, String what) throws ProviderException {
        try {
            return pages.hasNext() ? Optional.of(pages.next()) : Optional.empty();
        } catch (RuntimeException e) {
            throw Errors.of(what, e);
        }
    }

    private static Optional<String> power(VirtualMachineInner machine) {
        if (machine.instanceView() == null || machine.instanceView().statuses() == null) {
            return Optional.empty();
        }
        List<InstanceViewStatus> statuses = machine.instanceView().statuses();
        return statuses.stream()
                .map(status -> text(status.code()))
                .filter(code -> code.startsWith(POWER))
                .map(code -> code.substring(POWER.length()))
                .findFirst();
    }

    private static Found found(ResourceId id, VirtualMachineInner machine, Map<String, String> states) {
        return new Found(
                id.key(),
                id.name(),
                hostName(machine),
                "Azure virtual machine",
                "%s / %s / %s".formatted(id.subscription(), id.group(), text(machine.location())),
                platform(machine),
                states.getOrDefault(id.key(), text(machine.provisioningState())),
                Optional.ofNullable(machine.timeCreated()).map(OffsetDateTime::toInstant),
                tags(machine.tags()),
                ephemeral(machine));
    }

    private static Optional<String> hostName(VirtualMachineInner machine) {
        return machine.osProfile() == null
                ? Optional.empty()
                : Optional.ofNullable(machine.osProfile().computerName()).filter(name -> !name.isBlank());
    }

    private static Optional<String> platform(VirtualMachineInner machine) {
        if (machine.storageProfile() == null || machine.storageProfile().osDisk() == null) {
            return Optional.empty();
        }
        return Optional.ofNullable(machine.storageProfile().osDisk().osType())
                .map(system -> system.toString().toLowerCase(Locale.ROOT))
                .filter(system -> system.equals("windows") || system.equals("linux"));
    }

    private static Map<String, String> tags(@Nullable Map<String, String> machine) {
        var tags = new LinkedHashMap<String, String>();
        if (machine != null) {
            machine.forEach((name, value) -> tags.put(name, text(value)));
        }
        return tags;
    }

    private static Optional<String> ephemeral(VirtualMachineInner machine) {
        if (machine.virtualMachineScaleSet() != null) {
            String set = text(machine.virtualMachineScaleSet().id());
            return Optional.of("in the scale set " + set.substring(set.lastIndexOf('/') + 1));
        }
        boolean isSpot = VirtualMachinePriorityTypes.SPOT.equals(machine.priority())
                || VirtualMachinePriorityTypes.LOW.equals(machine.priority());
        return isSpot ? Optional.of("a spot machine") : Optional.empty();
    }

    private static String key(@Nullable String id) {
        return text(id).toLowerCase(Locale.ROOT);
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
