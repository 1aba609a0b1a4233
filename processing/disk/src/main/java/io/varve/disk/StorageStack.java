package io.varve.disk;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.UnsupportedException;
import io.varve.disk.filesystem.FileSystem;
import io.varve.disk.filesystem.FileSystemFormat;
import io.varve.disk.filesystem.overlay.ContainerStores;
import io.varve.disk.volume.EncryptedVolume;
import io.varve.disk.volume.Keys;
import io.varve.disk.volume.PartitionTable;
import io.varve.disk.volume.Volume;
import io.varve.disk.volume.VolumeGroup;
import io.varve.disk.volume.shadow.ShadowCopies;
import io.varve.disk.volume.shadow.ShadowCopy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.ServiceLoader;
import java.util.function.ToIntFunction;

/// The layers of one disk, down to its file systems: partition tables, volume groups and arrays, encryption, in any
/// order and inside each other.
///
/// Names of volumes: `whole` for a disk without a table, `p1` for a partition, `vg0/root` or `md-data` for what several
/// devices make, `p2/p1` for a partition inside a volume. A decrypted volume keeps the name of the encrypted one.
final class StorageStack implements AutoCloseable {
    static final String WHOLE = "whole";
    /// Between the name of a volume and that of a shadow copy of it.
    static final String SHADOW = "@";

    /// Tables inside volumes inside groups, and other nesting.
    private static final int DEPTH = 8;
    /// Most volumes of one disk.
    private static final int VOLUMES = 10_000;

    private static final List<PartitionTable> TABLES = sorted(PartitionTable.class, PartitionTable::order);
    private static final List<VolumeGroup> GROUPS = sorted(VolumeGroup.class, group -> 0);
    private static final List<EncryptedVolume> ENCRYPTION = sorted(EncryptedVolume.class, layer -> 0);
    private static final List<FileSystemFormat> FILE_SYSTEMS = sorted(FileSystemFormat.class, FileSystemFormat::order);

    private final Keys keys;
    private final List<Mounted> mounted = new ArrayList<>();
    private final List<Unread> unread = new ArrayList<>();
    private final List<Part> parts = new ArrayList<>();
    private final Map<VolumeGroup, List<VolumeGroup.Member>> waiting = new LinkedHashMap<>();
    private final Map<VolumeGroup, Integer> depths = new HashMap<>();

    private StorageStack(Keys keys) {
        this.keys = keys;
    }

    /// A file system in its volume.
    ///
    /// @param shadowOf the volume of which this is an earlier state
    record Mounted(String volume, FileSystem files, Bytes bytes, Optional<String> shadowOf) {}

    /// A volume, or a part of the disk's structure, that could not be read.
    ///
    /// @param offset where in the device around it
    record Unread(String volume, String kind, long offset, long size, String reason) {}

    /// A volume as a table or group lists it, gaps too.
    record Part(String name, String kind, long offset, long size, boolean allocated, Optional<String> about) {}

    private static <T> List<T> sorted(Class<T> type, ToIntFunction<T> order) {
        return ServiceLoader.load(type).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparingInt(order)
                        .thenComparing(one -> one.getClass().getName()))
                .toList();
    }

    /// Whether the bytes look like a disk or a volume: reads heads of tables and superblocks only.
    static boolean isDisk(Bytes bytes) {
        try {
            for (FileSystemFormat format : FILE_SYSTEMS) {
                if (format.claims(bytes)) {
                    return true;
                }
            }
            for (EncryptedVolume layer : ENCRYPTION) {
                if (layer.claims(bytes)) {
                    return true;
                }
            }
            for (VolumeGroup group : GROUPS) {
                if (group.claims(bytes)) {
                    return true;
                }
            }
            return table(bytes, new Quiet()).isPresent();
        } catch (IOException | CorruptException | UnsupportedException e) {
            return false;
        }
    }

    static StorageStack of(Bytes device, Keys keys) {
        var stack = new StorageStack(keys);
        stack.explore(WHOLE, "disk", 0, device, 0);
        stack.assemble();
        return stack;
    }

    /// Several disks of one machine: what groups volumes may have members on all of them.
    ///
    /// @param disks by name, which is what the names of their volumes begin with
    static StorageStack of(Map<String, Bytes> disks, Keys keys) {
        var stack = new StorageStack(keys);
        disks.forEach((name, disk) -> stack.explore(name, "disk", 0, disk, 0));
        stack.assemble();
        return stack;
    }

    List<Mounted> mounted() {
        return mounted;
    }

    List<Unread> unread() {
        return unread;
    }

    List<Part> parts() {
        return parts;
    }

    /// Groups may lie in groups: what one makes can be a member of another.
    private void assemble() {
        while (!waiting.isEmpty()) {
            VolumeGroup group = waiting.keySet().iterator().next();
            List<VolumeGroup.Member> members = waiting.getOrDefault(group, List.of());
            waiting.remove(group);
            int depth = depths.getOrDefault(group, 0);
            String name = members.getFirst().name();
            try {
                for (Volume volume : group.assemble(members, new Lost(name, group.name()))) {
                    volume(volume.name(), volume, depth);
                }
            } catch (IOException | RuntimeException | OutOfMemoryError | StackOverflowError e) {
                members.forEach(member ->
                        lost(member.name(), group.name(), 0, member.bytes().size(), e));
            }
        }
    }

    private void explore(String name, String kind, long offset, Bytes bytes, int depth) {
        if (depth > DEPTH || parts.size() > VOLUMES) {
            unread.add(new Unread(name, kind, offset, bytes.size(), "limit: volumes nested or too many"));
            return;
        }
        try {
            if (encrypted(name, kind, offset, bytes, depth) || member(name, bytes, depth)) {
                return;
            }
            Optional<List<Volume>> table = table(bytes, new Lost(name, "partition table"));
            if (table.isPresent()) {
                for (Volume volume : table.get()) {
                    volume(name.equals(WHOLE) ? volume.name() : name + "/" + volume.name(), volume, depth + 1);
                }
                return;
            }
            if (!mount(name, bytes)) {
                nothing(name, kind, offset, bytes);
            }
        } catch (IOException | RuntimeException | OutOfMemoryError | StackOverflowError e) {
            lost(name, kind, offset, bytes.size(), e);
        }
    }

    private void volume(String name, Volume volume, int depth) {
        parts.add(new Part(
                name, volume.kind(), volume.offset(), volume.bytes().size(), volume.allocated(), Optional.empty()));
        if (volume.allocated()) {
            explore(name, volume.kind(), volume.offset(), volume.bytes(), depth);
        }
    }

    private boolean encrypted(String name, String kind, long offset, Bytes bytes, int depth) throws IOException {
        for (EncryptedVolume layer : ENCRYPTION) {
            if (layer.claims(bytes)) {
                explore(name, kind, offset, new BlockCache(layer.unlock(bytes, keys)), depth + 1);
                return true;
            }
        }
        return false;
    }

    private boolean member(String name, Bytes bytes, int depth) throws IOException {
        for (VolumeGroup group : GROUPS) {
            if (group.claims(bytes)) {
                waiting.computeIfAbsent(group, g -> new ArrayList<>()).add(new VolumeGroup.Member(name, bytes));
                depths.merge(group, depth + 1, Math::max);
                return true;
            }
        }
        return false;
    }

    private static Optional<List<Volume>> table(Bytes bytes, Problems problems) throws IOException {
        for (PartitionTable table : TABLES) {
            Optional<List<Volume>> volumes = table.read(bytes, problems);
            if (volumes.isPresent()) {
                return volumes;
            }
        }
        return Optional.empty();
    }

    private boolean mount(String name, Bytes bytes) throws IOException {
        for (FileSystemFormat format : FILE_SYSTEMS) {
            if (format.claims(bytes)) {
                for (FileSystem files : format.open(bytes)) {
                    String volume = files.shared()
                            ? name + "/" + Names.segment(files.label().orElse(files.type()))
                            : name;
                    mounted.add(new Mounted(volume, files, bytes, Optional.empty()));
                    containers(volume, files, bytes);
                }
                shadows(name, format, bytes);
                return true;
            }
        }
        return false;
    }

    /// Containers of Docker and containerd whose layers lie in the file system, each as the tree it saw.
    private void containers(String volume, FileSystem files, Bytes bytes) {
        try {
            for (FileSystem container : ContainerStores.find(files, new Lost(volume, "containers"))) {
                String name = volume + "/" + Names.segment(container.label().orElse("container"));
                mounted.add(new Mounted(name, container, bytes, Optional.empty()));
            }
        } catch (IOException | RuntimeException e) {
            lost(volume, "containers", 0, 0, e);
        }
    }

    /// Earlier states of an NTFS volume that Windows kept.
    private void shadows(String name, FileSystemFormat format, Bytes bytes) {
        if (!mounted.getLast().files().type().equals("ntfs") || name.contains(SHADOW)) {
            return;
        }
        try {
            for (ShadowCopy copy : ShadowCopies.of(bytes, new Lost(name, "shadow copies"))) {
                String volume = name + SHADOW + copy.name();
                parts.add(new Part(
                        volume,
                        "shadow copy of " + copy.created().iso(),
                        -1,
                        copy.bytes().size(),
                        true,
                        Optional.empty()));
                Bytes cached = new BlockCache(copy.bytes());
                try {
                    for (FileSystem files : format.open(cached)) {
                        mounted.add(new Mounted(volume, files, cached, Optional.of(name)));
                    }
                } catch (IOException | RuntimeException e) {
                    lost(volume, "shadow copy", 0, bytes.size(), e);
                }
            }
        } catch (IOException | RuntimeException e) {
            lost(name, "shadow copies", 0, bytes.size(), e);
        }
    }

    /// A volume without anything known in it is lost, unless it is empty or of a kind that holds no files.
    private void nothing(String name, String kind, long offset, Bytes bytes) throws IOException {
        Optional<String> harmless = NoFiles.in(kind, bytes);
        if (harmless.isPresent()) {
            parts.add(new Part(name, kind, offset, bytes.size(), true, harmless));
            return;
        }
        lost(
                name,
                kind,
                offset,
                bytes.size(),
                new LayerException(
                        "volume " + name,
                        OptionalLong.of(Math.max(offset, 0)),
                        "no known file system, volume group or encryption (%s, %d bytes)".formatted(kind, bytes.size()),
                        "look at it with a tool for this kind of volume"));
    }

    private void lost(String name, String kind, long offset, long size, Throwable e) {
        unread.add(new Unread(name, kind, Math.max(offset, 0), size, Scratch.reason(e)));
    }

    @Override
    public void close() throws IOException {
        for (Mounted one : mounted) {
            one.files().close();
        }
    }

    /// What a table or group tells of itself, as losses of the volume around it.
    private final class Lost implements Problems {
        private final String volume;
        private final String layer;

        Lost(String volume, String layer) {
            this.volume = volume;
            this.layer = layer;
        }

        @Override
        public void lost(OptionalLong offset, String reason) {
            unread.add(new Unread(volume, layer, offset.orElse(0), 0, reason));
        }

        @Override
        public void noted(String reason) {
            parts.add(new Part(volume, layer, 0, 0, true, Optional.of(reason)));
        }
    }

    private static final class Quiet implements Problems {
        @Override
        public void lost(OptionalLong offset, String reason) {}

        @Override
        public void noted(String reason) {}
    }
}
