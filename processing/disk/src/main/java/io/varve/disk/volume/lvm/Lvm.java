package io.varve.disk.volume.lvm;

import com.google.auto.service.AutoService;
import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.Problems;
import io.varve.disk.volume.Volume;
import io.varve.disk.volume.VolumeGroup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// LVM2 volume groups. Volumes are `group/volume`; where two groups have one name, `group-UUID/volume`.
///
/// Of all copies of a group's metadata the one with the highest sequence number counts.
@AutoService(VolumeGroup.class)
public final class Lvm implements VolumeGroup {
    @Override
    public String name() {
        return "LVM2";
    }

    @Override
    public boolean claims(Bytes device) throws IOException {
        return PhysicalVolume.label(device).isPresent();
    }

    @Override
    public List<Volume> assemble(List<Member> members, Problems problems) throws IOException {
        Map<String, PhysicalVolume> devices = new LinkedHashMap<>();
        Map<String, Group> groups = new LinkedHashMap<>();
        for (Member member : members) {
            Optional<PhysicalVolume> found = device(member, problems);
            if (found.isEmpty()) {
                continue;
            }
            PhysicalVolume device = found.get();
            if (devices.putIfAbsent(device.uuid(), device) != null) {
                problems.noted("%s has the UUID of %s and is not read"
                        .formatted(device.name(), devices.get(device.uuid()).name()));
                continue;
            }
            for (Group group : device.areas()) {
                groups.merge(group.id(), group, (one, two) -> two.sequence() > one.sequence() ? two : one);
            }
        }
        idle(devices, groups, problems);
        List<Volume> volumes = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Group group : groups.values()) {
            String name = names.add(group.name()) ? group.name() : group.name() + "-" + Group.clean(group.id());
            volumes.addAll(new LogicalVolumes(group, name, devices, problems).all());
        }
        return List.copyOf(volumes);
    }

    private static Optional<PhysicalVolume> device(Member member, Problems problems) {
        try {
            return Optional.of(PhysicalVolume.read(member.name(), member.bytes(), problems));
        } catch (IOException | CorruptException e) {
            problems.lost(
                    OptionalLong.empty(),
                    "the LVM2 device %s cannot be read: %s".formatted(member.name(), e.getMessage()));
            return Optional.empty();
        }
    }

    /// Devices that no group at hand names.
    private static void idle(Map<String, PhysicalVolume> devices, Map<String, Group> groups, Problems problems) {
        Set<String> named = new HashSet<>();
        groups.values().forEach(group -> group.physical().values().forEach(physical -> named.add(physical.id())));
        for (PhysicalVolume device : devices.values()) {
            if (!named.contains(device.uuid())) {
                problems.noted("the LVM2 device %s (%s) belongs to no volume group whose metadata is at hand"
                        .formatted(device.name(), device.uuid()));
            }
        }
    }
}
