package io.varve.disk;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.Entry.Type;
import io.varve.disk.StorageStack.Mounted;
import io.varve.disk.StorageStack.Part;
import io.varve.disk.StorageStack.Unread;
import io.varve.disk.container.Container;
import io.varve.disk.filesystem.Node;
import io.varve.disk.volume.Keys;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/// Evidence that is a disk: every file system in it, one after the other, each in two rounds ([VolumeTree]).
final class DiskEvidence implements Evidence {
    private static final int CHUNK = 1 << 20;

    private final Bytes device;
    private final StorageStack stack;
    private final Scratch scratch;
    private final List<VolumeTree> trees;

    /// @param device the disk, whatever container it came in
    DiskEvidence(Bytes device, Keys keys, Scratch scratch) {
        this(device, StorageStack.of(device instanceof BlockCache ? device : new BlockCache(device), keys), scratch);
    }

    /// All disks of one machine in one file.
    ///
    /// @param device the file they are in
    static DiskEvidence of(Bytes device, Map<String, Bytes> disks, Keys keys, Scratch scratch) {
        var cached = new LinkedHashMap<String, Bytes>();
        disks.forEach((name, disk) -> cached.put(name, new BlockCache(disk)));
        return new DiskEvidence(device, StorageStack.of(cached, keys), scratch);
    }

    private DiskEvidence(Bytes device, StorageStack stack, Scratch scratch) {
        this.device = device;
        this.scratch = scratch;
        this.stack = stack;
        this.trees = stack.mounted().stream()
                .map(mounted -> new VolumeTree(mounted.volume(), mounted.files()))
                .toList();
    }

    @Override
    public void walk(EvidenceVisitor visitor) throws IOException {
        if (device instanceof Container container) {
            visitor.container(container.format(), container.notes(), container.storedDigests());
        }
        for (Part part : stack.parts()) {
            visitor.volume(part.name(), part.kind(), part.offset(), part.size(), part.allocated(), part.about());
        }
        for (Unread lost : stack.unread()) {
            visitor.unreadVolume(lost.volume(), lost.kind(), lost.offset(), lost.size(), lost.reason());
        }
        Map<String, Unchanged> live = new HashMap<>();
        stack.mounted()
                .forEach(mounted ->
                        mounted.shadowOf().ifPresent(volume -> live.computeIfAbsent(volume, v -> new Unchanged())));
        for (int i = 0; i < trees.size(); i++) {
            Mounted mounted = stack.mounted().get(i);
            visitor.fileSystem(
                    mounted.volume(), mounted.files().type(), mounted.files().label());
            var work = new FileWork(visitor.threads());
            Optional<Unchanged> same =
                    Optional.ofNullable(live.get(mounted.shadowOf().orElse(mounted.volume())));
            var found = new Told(mounted, visitor, work, same);
            try (work) {
                trees.get(i).walk(found);
            } catch (IOException | CorruptException e) {
                work.rethrow();
                found.damaged("/", OptionalLong.empty(), Scratch.reason(e));
            }
            work.rethrow();
            visitor.fileSystemDone(mounted.volume());
        }
        if (device instanceof Container container && visitor.comparesDigests()) {
            for (Map.Entry<String, String> stated : container.storedDigests().entrySet()) {
                compare(stated.getKey(), stated.getValue(), visitor);
            }
        }
    }

    private void compare(String algorithm, String stated, EvidenceVisitor visitor) throws IOException {
        MessageDigest digest = digest(algorithm);
        byte[] chunk = new byte[CHUNK];
        for (long at = 0; at < device.size(); at += CHUNK) {
            int count = (int) Math.min(CHUNK, device.size() - at);
            try {
                device.read(at, chunk, 0, count);
            } catch (IOException | CorruptException e) {
                visitor.compared(algorithm, stated, "unreadable at %d: %s".formatted(at, Scratch.reason(e)));
                return;
            }
            digest.update(chunk, 0, count);
            visitor.progress(at, device.size(), "comparing the image's " + algorithm);
        }
        visitor.compared(algorithm, stated, HexFormat.of().formatHex(digest.digest()));
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(
                    switch (algorithm) {
                        case "md5" -> "MD5";
                        case "sha1" -> "SHA-1";
                        default -> "SHA-256";
                    });
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Passes entries on to the visitor; contents go through archives inside, on several threads.
    private final class Told implements VolumeTree.Found {
        private final String volume;
        private final EvidenceVisitor visitor;
        private final FileWork work;
        private final ArchiveWalk archives;
        private final boolean isShadow;
        private final Optional<Unchanged> same;
        private long names;

        /// @param same the names of the volume that has shadow copies, or of which this is one
        Told(Mounted mounted, EvidenceVisitor visitor, FileWork work, Optional<Unchanged> same) {
            this.volume = mounted.volume();
            this.isShadow = mounted.shadowOf().isPresent();
            this.same = same;
            this.visitor = visitor;
            this.work = work;
            this.archives = new ArchiveWalk(visitor, scratch);
        }

        @Override
        public void entry(Entry entry, Optional<EvidenceFile> file) throws IOException {
            if ((++names & 0xff) == 0) {
                visitor.progress(names, 0, volume + entry.path());
            }
            if (isShadow && same.filter(known -> known.contains(entry)).isPresent()) {
                return;
            }
            if (!isShadow) {
                same.ifPresent(known -> known.add(entry));
            }
            if (file.isEmpty()) {
                visitor.name(entry);
                return;
            }
            boolean again = entry.origin().flatMap(Entry.Origin::sameAs).isPresent();
            work.run(new Reading(entry, file.get(), again || !visitor.enters(entry)));
        }

        /// One content to be read. No lambda: there are millions, and creating one is slow until it is compiled.
        private final class Reading implements FileWork.Step {
            private final Entry entry;
            private final EvidenceFile file;
            private final boolean plain;

            Reading(Entry entry, EvidenceFile file, boolean plain) {
                this.entry = entry;
                this.file = file;
                this.plain = plain;
            }

            @Override
            public void run() throws IOException {
                if (plain) {
                    visitor.file(entry, file);
                } else {
                    archives.file(entry, file);
                }
            }
        }

        @Override
        public void damaged(String path, OptionalLong offset, String reason) {
            visitor.damaged(Optional.of(volume), path, offset, reason);
        }

        @Override
        public void noted(String path, String reason) {
            visitor.noted(Optional.of(volume), path, reason);
        }

        @Override
        public boolean enters(Entry folder) {
            return visitor.enters(folder);
        }
    }

    @Override
    public Optional<EvidenceFile> find(String path) throws IOException {
        for (VolumeTree tree : trees) {
            Optional<EvidenceFile> file = quietly(() -> tree.file("/" + path));
            if (file.isPresent()) {
                return file;
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<EvidenceFile> find(Optional<String> volume, String path) throws IOException {
        for (VolumeTree tree : trees) {
            if (volume.isEmpty() || volume.get().equals(tree.volume())) {
                Optional<EvidenceFile> file = tree.file(path);
                if (file.isPresent()) {
                    return file;
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public void list(Optional<String> volume, String folder, Consumer<Entry> names) throws IOException {
        if (volume.isEmpty() && folder.equals("/")) {
            trees.forEach(
                    tree -> names.accept(Entry.plain("/", Type.DIRECTORY, 0).withVolume(tree.volume())));
            return;
        }
        for (VolumeTree tree : trees) {
            if (volume.isEmpty() || volume.get().equals(tree.volume())) {
                tree.list(folder, names);
                return;
            }
        }
        throw new IOException("no volume " + volume.orElse("") + " that can be read");
    }

    @Override
    public List<String> volumes() {
        return trees.stream().map(VolumeTree::volume).toList();
    }

    @Override
    public Optional<String> linkTarget(String path) throws IOException {
        for (VolumeTree tree : trees) {
            Optional<Node> node = quietly(() -> tree.node("/" + path));
            if (node.isPresent() && node.get().type() == Type.LINK) {
                return node.get().target();
            }
        }
        return Optional.empty();
    }

    private interface Lookup<T> {
        Optional<T> find() throws IOException;
    }

    /// Context is looked for before the walk, which tells of all damage.
    private static <T> Optional<T> quietly(Lookup<T> lookup) {
        try {
            return lookup.find();
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        try (device) {
            stack.close();
        }
    }
}
