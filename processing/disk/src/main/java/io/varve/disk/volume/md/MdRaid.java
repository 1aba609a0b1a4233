package io.varve.disk.volume.md;

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

/// Linux software RAID. Volumes are `md-` and the name of the array, or its UUID where it has none or the name is
/// taken.
///
/// Bitmaps, journals and lists of bad blocks are not looked at.
@AutoService(VolumeGroup.class)
public final class MdRaid implements VolumeGroup {
    @Override
    public String name() {
        return "md RAID";
    }

    @Override
    public boolean claims(Bytes device) throws IOException {
        return Superblock.read(device).isPresent();
    }

    @Override
    public List<Volume> assemble(List<Member> members, Problems problems) throws IOException {
        Map<String, List<Part>> sets = new LinkedHashMap<>();
        for (Member member : members) {
            superblock(member, problems)
                    .ifPresent(superblock -> sets.computeIfAbsent(superblock.set(), set -> new ArrayList<>())
                            .add(new Part(member.name(), member.bytes(), superblock)));
        }
        List<Volume> volumes = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (List<Part> parts : sets.values()) {
            array(parts, problems).ifPresent(volume -> volumes.add(unique(volume, parts, names)));
        }
        return List.copyOf(volumes);
    }

    private static Optional<Superblock> superblock(Member member, Problems problems) {
        try {
            return Superblock.read(member.bytes());
        } catch (IOException | CorruptException e) {
            problems.lost(OptionalLong.empty(), "%s cannot be read: %s".formatted(member.name(), e.getMessage()));
            return Optional.empty();
        }
    }

    private static Optional<Volume> array(List<Part> parts, Problems problems) {
        try {
            return new MdArray(parts, problems).volume();
        } catch (IOException | CorruptException e) {
            Superblock first = parts.getFirst().superblock();
            problems.lost(OptionalLong.of(first.place()), "%s: %s".formatted(first.volume(), e.getMessage()));
            return Optional.empty();
        }
    }

    private static Volume unique(Volume volume, List<Part> parts, Set<String> names) {
        String set = parts.getFirst().superblock().set();
        String name = names.add(volume.name()) ? volume.name() : "md-" + set;
        names.add(name);
        return new Volume(name, volume.kind(), volume.offset(), volume.bytes(), volume.allocated());
    }

    /// @param name of the volume that the member is
    record Part(String name, Bytes bytes, Superblock superblock) {}
}
