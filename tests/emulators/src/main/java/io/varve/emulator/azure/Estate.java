package io.varve.emulator.azure;

import io.varve.emulator.aws.DiskImage;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// What the subscriptions hold. Names are the same in any letter case.
public final class Estate {
    static final String REGION = "westeurope";

    private final Clock clock;
    private final Map<String, Machine> machines = new ConcurrentHashMap<>();
    private final Map<String, Traits> traits = new ConcurrentHashMap<>();
    private final Map<String, ManagedDisk> disks = new ConcurrentHashMap<>();
    private final Map<String, Snapshot> snapshots = new ConcurrentHashMap<>();

    Estate(Clock clock) {
        this.clock = clock;
    }

    /// Makes a machine with these disks, the system's first.
    public Machine machine(String subscription, String group, String name, ManagedDisk... of) {
        var ids = new ArrayList<String>();
        for (int i = 0; i < of.length; i++) {
            String id = "%s/disks/%s-%s".formatted(compute(subscription, group), name, i == 0 ? "os" : "data" + i);
            disks.put(key(id), of[i]);
            ids.add(id);
        }
        var machine = new Machine(
                "%s/virtualMachines/%s".formatted(compute(subscription, group), name),
                UUID.randomUUID().toString(),
                name,
                subscription,
                group,
                List.copyOf(ids));
        machines.put(key(machine.id()), machine);
        traits.put(key(machine.id()), new Traits(clock.instant()));
        return machine;
    }

    /// What else Azure tells of a machine.
    public Traits traits(Machine machine) {
        return Optional.ofNullable(traits.get(key(machine.id()))).orElseThrow();
    }

    private static String compute(String subscription, String group) {
        return "/subscriptions/%s/resourceGroups/%s/providers/Microsoft.Compute".formatted(subscription, group);
    }

    public void remove(Machine machine) {
        machines.remove(key(machine.id()));
    }

    /// Resource ids of the snapshots that exist now.
    public List<String> snapshots() {
        return snapshots.values().stream().map(Snapshot::id).sorted().toList();
    }

    /// Tags and other properties as they were asked for.
    public String asked(String snapshot) {
        return find(snapshot).map(found -> found.body().toString()).orElse("");
    }

    static String key(String id) {
        return id.toLowerCase(Locale.ROOT);
    }

    List<Machine> machines(String subscription) {
        return machines.values().stream()
                .filter(machine -> machine.subscription().equalsIgnoreCase(subscription))
                .sorted(Comparator.comparing(Machine::id))
                .toList();
    }

    Optional<Machine> machine(String id) {
        return Optional.ofNullable(machines.get(key(id)));
    }

    Optional<ManagedDisk> disk(String id) {
        return Optional.ofNullable(disks.get(key(id)));
    }

    Optional<DiskImage> image(String snapshot) {
        return find(snapshot).map(found -> found.disk().image());
    }

    Optional<Snapshot> find(String snapshot) {
        return Optional.ofNullable(snapshots.get(key(snapshot)));
    }

    List<Snapshot> snapshotsIn(String folder) {
        return snapshots.values().stream()
                .filter(one -> key(one.id()).startsWith(key(folder) + "/"))
                .sorted(Comparator.comparing(Snapshot::id))
                .toList();
    }

    void put(Snapshot snapshot) {
        snapshots.putIfAbsent(key(snapshot.id()), snapshot);
    }

    void removeSnapshot(String id) {
        snapshots.remove(key(id));
    }

    Clock clock() {
        return clock;
    }
}
