package io.varve.disk;

import io.varve.binary.CorruptException;
import io.varve.binary.UnsupportedException;
import io.varve.disk.Entry.Origin;
import io.varve.disk.Entry.Type;
import io.varve.disk.filesystem.FileSystem;
import io.varve.disk.filesystem.Node;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/// One mounted file system as a tree of paths: walked once in two rounds, the folders of [Triage] first.
final class VolumeTree {
    /// Folders inside folders.
    private static final int DEPTH = 2_000;
    /// Names of contents with several names that are remembered, to read each content once.
    private static final int LINKS = 2_000_000;

    private static final String ORPHANS = "/$OrphanFiles";

    private final String volume;
    private final FileSystem files;

    VolumeTree(String volume, FileSystem files) {
        this.volume = volume;
        this.files = files;
    }

    String volume() {
        return volume;
    }

    FileSystem files() {
        return files;
    }

    /// Told of what a walk finds.
    interface Found {
        /// @param file present for files and named streams
        void entry(Entry entry, Optional<EvidenceFile> file) throws IOException;

        void damaged(String path, OptionalLong offset, String reason);

        void noted(String path, String reason);

        boolean enters(Entry folder);
    }

    void walk(Found found) throws IOException {
        try {
            rounds(new Walk(found));
        } catch (Passed e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw (RuntimeException) e.getCause();
        }
    }

    private void rounds(Walk walk) throws IOException {
        Node root = files.root();
        walk.entry("/", Optional.empty(), root);
        walk.onlyFirst = true;
        walk.folder("", root, 0);
        walk.onlyFirst = false;
        walk.folder("", root, 0);
        files.orphans(orphan -> walk.orphan(orphan), walk.problems(ORPHANS));
    }

    /// A file or folder by its path, deleted ones where no name in use has it.
    Optional<Node> node(String path) throws IOException {
        if (path.startsWith(ORPHANS + "/")) {
            return orphan(path.substring(ORPHANS.length() + 1));
        }
        return below(files.root(), path);
    }

    private Optional<Node> orphan(String path) throws IOException {
        int slash = path.indexOf('/');
        String first = slash < 0 ? path : path.substring(0, slash);
        List<Node> found = new ArrayList<>(1);
        files.orphans(
                node -> {
                    if (node.name().equals(first)) {
                        found.add(node);
                    }
                },
                new Unheard());
        return found.isEmpty() ? Optional.empty() : below(found.getFirst(), slash < 0 ? "" : path.substring(slash));
    }

    private Optional<Node> below(Node top, String path) throws IOException {
        Node node = top;
        for (String name : path.split("/")) {
            if (name.isEmpty()) {
                continue;
            }
            Optional<Node> child = child(node, name);
            if (child.isEmpty()) {
                return Optional.empty();
            }
            node = child.get();
        }
        return Optional.of(node);
    }

    /// A file by its path; `path:stream` for a named stream.
    Optional<EvidenceFile> file(String path) throws IOException {
        int slash = path.lastIndexOf('/');
        if (path.startsWith(ORPHANS + "/") && slash == ORPHANS.length()) {
            return node(path)
                    .filter(n -> n.type() == Type.FILE)
                    .map(n -> new VolumeFile(this, Optional.empty(), n, Optional.empty(), path));
        }
        Optional<Node> folder = node(path.substring(0, slash));
        if (folder.isEmpty()) {
            return Optional.empty();
        }
        String name = path.substring(slash + 1);
        Optional<Node> node = child(folder.get(), name);
        if (node.isPresent()) {
            return node.filter(n -> n.type() == Type.FILE)
                    .map(n -> new VolumeFile(this, folder, n, Optional.empty(), path));
        }
        for (int colon = name.indexOf(':'); colon > 0; colon = name.indexOf(':', colon + 1)) {
            String stream = name.substring(colon + 1);
            Optional<Node> owner = child(folder.get(), name.substring(0, colon));
            Optional<Node.Stream> found = owner.flatMap(n ->
                    n.streams().stream().filter(s -> s.name().equals(stream)).findFirst());
            if (found.isPresent()) {
                return Optional.of(new VolumeFile(this, folder, owner.get(), found, path));
            }
        }
        return Optional.empty();
    }

    /// The entries of one folder, with their named streams.
    void list(String path, Consumer<Entry> names) throws IOException {
        String parent = path.equals("/") ? "" : path;
        var lost = new ArrayList<String>();
        Problems problems = new Problems() {
            @Override
            public void lost(OptionalLong offset, String reason) {
                lost.add(reason);
            }

            @Override
            public void noted(String reason) {}
        };
        Consumer<Node> each = node -> {
            String name = parent + "/" + node.name();
            names.accept(entry(name, node, Optional.empty()));
            node.streams()
                    .forEach(
                            stream -> names.accept(stream(name + ":" + stream.name(), node, stream, Optional.empty())));
        };
        if (path.equals(ORPHANS)) {
            files.orphans(each, problems);
        } else {
            Node folder = node(path).orElseThrow(() -> new IOException("no folder " + path));
            files.list(folder, each, problems);
        }
        if (!lost.isEmpty()) {
            throw new IOException("%s: %s".formatted(path, lost.getFirst()));
        }
    }

    Optional<Node> child(Node folder, String name) throws IOException {
        if (folder.type() != Type.DIRECTORY) {
            return Optional.empty();
        }
        List<Node> same = new ArrayList<>(1);
        files.list(
                folder,
                node -> {
                    if (node.name().equals(name)) {
                        same.add(node);
                    }
                },
                new Unheard());
        return same.stream()
                .filter(Node::allocated)
                .findFirst()
                .or(() -> same.stream().findFirst());
    }

    private final class Walk {
        private final Found found;
        private final Set<Object> onPath = new HashSet<>();
        private final Set<Object> entered = new HashSet<>();
        /// Folders read in the first round, by path and identity: a deleted folder may have the name of one in use.
        private final Set<List<Object>> firsts = new HashSet<>();
        private final Map<Object, String> names = new HashMap<>();
        private boolean onlyFirst;

        Walk(Found found) {
            this.found = found;
        }

        /// The entries of a folder, and what is below it.
        void folder(String path, Node folder, int depth) throws IOException {
            if (depth > DEPTH) {
                found.damaged(path, OptionalLong.empty(), "limit: folders %d deep".formatted(depth));
                return;
            }
            if (!onPath.add(folder.identity())) {
                found.noted(path, "a folder that holds itself, not entered again");
                return;
            }
            try {
                List<Node> folders = new ArrayList<>();
                String prefix = path + "/";
                Optional<Node> in = Optional.of(folder);
                files.list(
                        folder,
                        node -> {
                            if (node.type() == Type.DIRECTORY) {
                                folders.add(node);
                            } else if (!onlyFirst) {
                                entry(prefix.concat(node.name()), in, node);
                            }
                        },
                        onlyFirst ? new Unheard() : problems(path));
                for (Node node : folders) {
                    child(prefix, in, node, depth);
                }
            } catch (Passed e) {
                throw e;
            } catch (IOException | RuntimeException | StackOverflowError e) {
                if (!onlyFirst) {
                    found.damaged(path.isEmpty() ? "/" : path, OptionalLong.empty(), Scratch.reason(e));
                }
            } finally {
                onPath.remove(folder.identity());
            }
        }

        void orphan(Node orphan) {
            try {
                child(ORPHANS + "/", Optional.empty(), orphan, 0);
            } catch (IOException e) {
                throw new Passed(e);
            }
        }

        /// @param prefix path of the folder, with a slash at its end
        private void child(String prefix, Optional<Node> folder, Node node, int depth) throws IOException {
            String path = prefix.concat(node.name());
            if (node.type() != Type.DIRECTORY) {
                entry(path, folder, node);
                return;
            }
            boolean first = Triage.isFirst(path);
            if (onlyFirst && !first && !Triage.leadsThere(path)) {
                return;
            }
            if (onlyFirst && !first) {
                folder(path, node, depth + 1);
                return;
            }
            if (first && !firsts.add(List.of(path, node.identity(), node.allocated()))) {
                return;
            }
            boolean enters = entry(path, folder, node);
            if (!enters) {
                return;
            }
            if (node.allocated() && !entered.add(node.identity())) {
                found.noted(path, "a folder with another name already read, not entered again");
                return;
            }
            boolean before = onlyFirst;
            onlyFirst = false;
            folder(path, node, depth + 1);
            onlyFirst = before;
        }

        /// Tells of a name and its streams; whether it is wanted what is below it. Metadata that cannot be read costs
        /// its
        /// name.
        private boolean entry(String path, Optional<Node> folder, Node node) {
            Entry entry;
            List<Node.Stream> streams;
            List<Entry> named = List.of();
            try {
                Optional<String> sameAs = sameAs(path, node);
                entry = VolumeTree.this.entry(path, node, sameAs);
                streams = node.streams();
                if (!streams.isEmpty()) {
                    named = streams(path, node, streams, sameAs);
                }
            } catch (CorruptException | UnsupportedException e) {
                found.damaged(path, OptionalLong.empty(), Scratch.reason(e));
                return false;
            }
            told(
                    entry,
                    node.type() == Type.FILE
                            ? Optional.of(new VolumeFile(VolumeTree.this, folder, node, Optional.empty(), path))
                            : Optional.empty());
            for (int i = 0; i < named.size(); i++) {
                told(
                        named.get(i),
                        Optional.of(new VolumeFile(
                                VolumeTree.this,
                                folder,
                                node,
                                Optional.of(streams.get(i)),
                                named.get(i).path())));
            }
            return node.type() == Type.DIRECTORY && found.enters(entry);
        }

        private List<Entry> streams(String path, Node node, List<Node.Stream> streams, Optional<String> sameAs) {
            return streams.stream()
                    .map(stream -> stream(path + ":" + stream.name(), node, stream, sameAs))
                    .toList();
        }

        private Optional<String> sameAs(String path, Node node) {
            if (node.type() != Type.FILE || node.links() < 2 || !node.allocated() || names.size() >= LINKS) {
                return Optional.empty();
            }
            return Optional.ofNullable(names.putIfAbsent(node.identity(), path));
        }

        private Problems problems(String path) {
            return new Problems() {
                @Override
                public void lost(OptionalLong offset, String reason) {
                    found.damaged(path.isEmpty() ? "/" : path, offset, reason);
                }

                @Override
                public void noted(String reason) {
                    found.noted(path.isEmpty() ? "/" : path, reason);
                }
            };
        }

        /// Carries what the visitor throws through the file system's own code: it is not about the evidence.
        private void told(Entry entry, Optional<EvidenceFile> file) {
            try {
                found.entry(entry, file);
            } catch (IOException | RuntimeException e) {
                throw new Passed(e);
            }
        }
    }

    /// Told by the visitor: ends the walk.
    private static final class Passed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Passed(Exception cause) {
            super(cause);
        }
    }

    private static final class Unheard implements Problems {
        @Override
        public void lost(OptionalLong offset, String reason) {}

        @Override
        public void noted(String reason) {}
    }

    private Entry entry(String path, Node node, Optional<String> sameAs) {
        Optional<String> target = Optional.empty();
        try {
            target = node.target();
        } catch (IOException | RuntimeException e) {
            target = Optional.of("unreadable: " + Scratch.reason(e));
        }
        return new Entry(
                Optional.of(volume),
                path,
                node.type(),
                node.size(),
                OptionalLong.of(node.inode()),
                node.mode(),
                node.uid(),
                node.gid(),
                node.times(),
                target,
                Optional.of(
                        new Origin(files.type(), node.allocated(), Optional.empty(), sameAs, false, node.nameTimes())));
    }

    private Entry stream(String path, Node node, Node.Stream stream, Optional<String> sameAs) {
        return new Entry(
                Optional.of(volume),
                path,
                Type.FILE,
                stream.size(),
                OptionalLong.of(node.inode()),
                node.mode(),
                node.uid(),
                node.gid(),
                node.times(),
                Optional.empty(),
                Optional.of(new Origin(
                        files.type(),
                        node.allocated(),
                        Optional.of(stream.name()),
                        sameAs.map(first -> first + ":" + stream.name()),
                        node.type() == Type.DIRECTORY,
                        Optional.empty())));
    }
}
