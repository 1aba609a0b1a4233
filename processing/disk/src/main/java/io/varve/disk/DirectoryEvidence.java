package io.varve.disk;

import io.varve.binary.Bytes;
import io.varve.disk.Entry.Times;
import io.varve.disk.Entry.Type;
import io.varve.event.EventTime;
import io.varve.event.Precision;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Evidence that is a directory, visited by name. Links are listed, never followed; named pipes, sockets and devices
/// are
/// listed, never opened; file systems of the kernel (`/proc`, `/sys`) are not entered.
final class DirectoryEvidence implements Evidence {
    private static final Set<String> KERNEL = Set.of(
            "proc",
            "sysfs",
            "devtmpfs",
            "devpts",
            "cgroup",
            "cgroup2",
            "debugfs",
            "tracefs",
            "securityfs",
            "bpf",
            "pstore",
            "configfs",
            "fusectl",
            "mqueue",
            "hugetlbfs",
            "binfmt_misc",
            "efivarfs");

    private static final int TYPE_BITS = 0170000;

    private final Path root;
    private final Scratch scratch;

    DirectoryEvidence(Path root, Scratch scratch) {
        this.root = root;
        this.scratch = scratch;
    }

    @Override
    public void walk(EvidenceVisitor visitor) throws IOException {
        folder(root, "/", Optional.empty(), visitor, new ArchiveWalk(visitor, scratch));
    }

    private record Child(Path path, String name) {}

    private void folder(
            Path folder, String path, Optional<Object> device, EvidenceVisitor visitor, ArchiveWalk archives)
            throws IOException {
        List<Child> children;
        try {
            children = children(folder);
        } catch (IOException | DirectoryIteratorException e) {
            visitor.unreadable(Entry.plain(path, Type.DIRECTORY, 0), "folder: " + Scratch.reason(e));
            return;
        }
        for (Child child : children) {
            child(child, path, device, visitor, archives);
        }
    }

    private void child(
            Child child, String folder, Optional<Object> device, EvidenceVisitor visitor, ArchiveWalk archives)
            throws IOException {
        Map<String, Object> attributes;
        try {
            attributes = Files.readAttributes(child.path, "unix:*", LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            visitor.unreadable(Entry.plain(folder + child.name, Type.FILE, 0), Scratch.reason(e));
            return;
        }
        Entry entry = entry(child, folder, attributes);
        switch (entry.type()) {
            case FILE -> {
                archives.file(entry, new LooseFile(child.path, entry));
                visitor.progress(0, 0, entry.path());
            }
            case LINK, FIFO, SOCKET, BLOCK, CHARACTER, UNKNOWN -> visitor.name(entry);
            case DIRECTORY -> {
                Optional<Object> here = Optional.ofNullable(attributes.get("dev"));
                if (!here.equals(device) && isKernel(child.path)) {
                    visitor.noted(entry.path(), "a file system of the running kernel, not entered");
                    return;
                }
                visitor.name(entry);
                String path = folder + Names.folder(child.name);
                if (visitor.enters(entry.withPath(path))) {
                    folder(child.path, path + "/", here, visitor, archives);
                }
            }
        }
    }

    private static List<Child> children(Path folder) throws IOException {
        List<Child> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            for (Path path : stream) {
                children.add(new Child(path, Names.of(path)));
            }
        }
        children.sort(Comparator.comparing(Child::name));
        return children;
    }

    private static boolean isKernel(Path folder) {
        try {
            return KERNEL.contains(Files.getFileStore(folder).type());
        } catch (IOException e) {
            return false;
        }
    }

    private static Entry entry(Child child, String folder, Map<String, Object> attributes) throws IOException {
        int mode = attributes.get("mode") instanceof Integer value ? value : 0;
        Type type = switch (mode & TYPE_BITS) {
            case 0100000 -> Type.FILE;
            case 0040000 -> Type.DIRECTORY;
            case 0120000 -> Type.LINK;
            case 0010000 -> Type.FIFO;
            case 0140000 -> Type.SOCKET;
            case 0060000 -> Type.BLOCK;
            case 0020000 -> Type.CHARACTER;
            default -> Type.UNKNOWN;
        };
        return new Entry(
                Optional.empty(),
                folder + child.name,
                type,
                number(attributes.get("size")).orElse(0),
                number(attributes.get("ino")),
                OptionalInt.of(mode & ~TYPE_BITS),
                number(attributes.get("uid")),
                number(attributes.get("gid")),
                times(attributes),
                type == Type.LINK ? target(child.path) : Optional.empty());
    }

    private static Optional<String> target(Path link) {
        try {
            return Optional.of(Names.whole(Files.readSymbolicLink(link)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static OptionalLong number(@Nullable Object value) {
        return value instanceof Number number ? OptionalLong.of(number.longValue()) : OptionalLong.empty();
    }

    private static Times times(Map<String, Object> attributes) {
        Optional<EventTime> modified = time(attributes.get("lastModifiedTime"));
        // Java repeats the modification time where the file system keeps no time of creation
        Optional<EventTime> created =
                time(attributes.get("creationTime")).filter(time -> !modified.equals(Optional.of(time)));
        return new Times(modified, time(attributes.get("lastAccessTime")), time(attributes.get("ctime")), created);
    }

    private static Optional<EventTime> time(@Nullable Object value) {
        return value instanceof FileTime time
                ? Optional.of(EventTime.utc(time.toInstant(), Precision.NANOSECOND))
                : Optional.empty();
    }

    @Override
    public Optional<EvidenceFile> find(String path) throws IOException {
        Path file = root;
        for (String name : path.split("/")) {
            if (name.isEmpty() || name.equals(".") || name.equals("..")) {
                return Optional.empty();
            }
            if (!file.equals(root) && !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
            file = file.resolve(name);
        }
        return file(file, "/" + path);
    }

    @Override
    public void list(Optional<String> volume, String folder, Consumer<Entry> names) throws IOException {
        Path path = root.resolve(folder.substring(1)).normalize();
        if (!path.startsWith(root) || !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("no folder " + folder);
        }
        String parent = folder.endsWith("/") ? folder : folder + "/";
        for (Child child : children(path)) {
            names.accept(entry(child, parent, Files.readAttributes(child.path, "unix:*", LinkOption.NOFOLLOW_LINKS)));
        }
    }

    @Override
    public Optional<String> linkTarget(String path) {
        Path link = root.resolve(path);
        return link.startsWith(root) && Files.isSymbolicLink(link) ? target(link) : Optional.empty();
    }

    private static Optional<EvidenceFile> file(Path path, String shown) throws IOException {
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        return Optional.of(new LooseFile(path, Entry.plain(shown, Type.FILE, Files.size(path))));
    }

    @Override
    public void close() {}

    /// A file in the directory. Its times are the copier's, so [#modified] is absent.
    private record LooseFile(Path file, Entry entry) implements EvidenceFile {
        @Override
        public Optional<String> volume() {
            return Optional.empty();
        }

        @Override
        public String path() {
            return entry.path();
        }

        @Override
        public long size() {
            return entry.size();
        }

        @Override
        public Optional<EventTime> modified() {
            return Optional.empty();
        }

        @Override
        public Bytes open() throws IOException {
            return FileBytes.open(file);
        }

        @Override
        public Optional<EvidenceFile> sibling(String name) {
            if (name.isEmpty() || name.contains("/") || name.equals(".") || name.equals("..")) {
                return Optional.empty();
            }
            try {
                String folder = entry.path().substring(0, entry.path().lastIndexOf('/') + 1);
                return DirectoryEvidence.file(file.resolveSibling(name), folder + name);
            } catch (IOException | InvalidPathException e) {
                return Optional.empty();
            }
        }
    }
}
