package io.varve.disk.filesystem.ext;

import io.varve.disk.Entry.Times;
import io.varve.disk.Entry.Type;
import io.varve.disk.FileBytes;
import io.varve.disk.Problems;
import io.varve.disk.filesystem.FileSystem;
import io.varve.disk.filesystem.Node;
import io.varve.event.EventTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;

/// Walks all of a file system, as an engine would. Its `main` measures that against `fls -r -m / IMAGE`:
/// `java -Xmx512m ... ExtWalk IMAGE`.
public final class ExtWalk implements Problems {
    public final List<String> lost = new ArrayList<>();
    final List<String> notes = new ArrayList<>();
    private final Set<Long> seen = new HashSet<>();

    private record Folder(String path, Node node) {}

    /// Every name with its path, orphans under `/$OrphanFiles`.
    public void walk(FileSystem fileSystem, BiConsumer<String, Node> visitor) throws IOException {
        below(fileSystem, new Folder("", fileSystem.root()), visitor);
        List<Folder> orphans = new ArrayList<>();
        fileSystem.orphans(
                node -> {
                    String path = "/$OrphanFiles/" + node.name();
                    visitor.accept(path, node);
                    if (node.type() == Type.DIRECTORY) {
                        orphans.add(new Folder(path, node));
                    }
                },
                this);
        for (Folder orphan : orphans) {
            below(fileSystem, orphan, visitor);
        }
    }

    private void below(FileSystem fileSystem, Folder top, BiConsumer<String, Node> visitor) throws IOException {
        var open = new ArrayDeque<Folder>();
        open.push(top);
        while (!open.isEmpty()) {
            Folder folder = open.pop();
            fileSystem.list(
                    folder.node,
                    node -> {
                        String path = folder.path + "/" + node.name();
                        visitor.accept(path, node);
                        if (node.type() == Type.DIRECTORY && (!node.allocated() || seen.add(node.inode()))) {
                            open.push(new Folder(path, node));
                        }
                    },
                    this);
        }
    }

    @Override
    public void lost(OptionalLong offset, String reason) {
        lost.add((offset.isPresent() ? offset.getAsLong() + ": " : "") + reason);
    }

    @Override
    public void noted(String reason) {
        notes.add(reason);
    }

    /// The name as `fls -m` shows it, without what it does not.
    static String body(String path, Node node) {
        Times times = node.times();
        try {
            return "%s%s%s|%d|%d|%d|%d|%d|%d|%d|%d"
                    .formatted(
                            path,
                            node.type() == Type.LINK && node.target().isPresent()
                                    ? " -> " + node.target().get()
                                    : "",
                            node.allocated() ? "" : " (deleted)",
                            node.inode(),
                            node.uid().orElse(0),
                            node.gid().orElse(0),
                            node.size(),
                            seconds(times.accessed()),
                            seconds(times.modified()),
                            seconds(times.changed()),
                            seconds(times.created()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static long seconds(Optional<EventTime> time) {
        return time.map(EventTime::seconds).orElse(0L);
    }

    public static void main(String[] arguments) throws IOException {
        boolean print = Boolean.getBoolean("print");
        for (int round = 0; round < Integer.getInteger("rounds", 1); round++) {
            long start = System.nanoTime();
            var walk = new ExtWalk();
            long[] sums = new long[3];
            try (var bytes = FileBytes.follow(Path.of(arguments[0]));
                    FileSystem fileSystem = new ExtFormat().open(bytes).getFirst()) {
                walk.walk(fileSystem, (path, node) -> {
                    sums[0]++;
                    sums[1] += node.size();
                    Times times = node.times();
                    sums[2] += path.length()
                            + node.inode()
                            + node.mode().orElse(0)
                            + node.uid().orElse(0)
                            + node.gid().orElse(0)
                            + node.links()
                            + seconds(times.accessed())
                            + seconds(times.modified())
                            + seconds(times.changed())
                            + seconds(times.created());
                    if (print) {
                        System.out.println(body(path, node));
                    }
                });
            }
            long used =
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
            System.err.printf(
                    "%d names, %d bytes, sum %d, %.3f s, heap %d MiB, lost %s, notes %s%n",
                    sums[0], sums[1], sums[2], (System.nanoTime() - start) / 1e9, used >> 20, walk.lost, walk.notes);
        }
    }
}
