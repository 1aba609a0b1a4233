package io.varve.provider.endpoint.agent.files;

import io.varve.provider.endpoint.agent.host.Host;
import io.varve.provider.endpoint.agent.host.Lines;
import io.varve.provider.endpoint.agent.host.Lines.Line;
import io.varve.provider.endpoint.agent.host.Linux;
import io.varve.provider.endpoint.agent.host.Names;
import io.varve.provider.endpoint.agent.host.Stat;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/// Metadata of everything below a root, nearest first, without following links or leaving the root's file system.
public final class Listing {
    private static final List<String> NEVER = List.of("/proc", "/sys", "/dev/pts");

    private final Host host;
    private final Predicate<Path> excluded;
    private final Map<String, String> digests;
    private final BooleanSupplier stop;
    private final Set<List<Long>> seen = new HashSet<>();

    /// @param excluded what is ours
    /// @param digests SHA-256 of what was copied, by path
    /// @param stop true when no more time is left
    public Listing(Host host, Predicate<Path> excluded, Map<String, String> digests, BooleanSupplier stop) {
        this.host = host;
        this.excluded = excluded;
        this.digests = digests;
        this.stop = stop;
    }

    /// @param entries written
    /// @param problem why there are not all of them; empty when there are
    public record Result(int entries, Optional<String> problem) {}

    public Result write(String root, int most, Lines out) throws IOException {
        Path start = host.path(root);
        Stat top;
        try {
            top = Linux.stat(Names.bytes(start));
        } catch (IOException e) {
            return new Result(0, Optional.of("missing"));
        }
        if (!seen.add(List.of(top.device(), top.inode()))) {
            return new Result(0, Optional.of("listed under another root"));
        }
        out.add(line(start, top));
        return walk(start, top, most, out);
    }

    private Result walk(Path start, Stat top, int most, Lines out) throws IOException {
        Deque<Path> folders = new ArrayDeque<>();
        if (top.isDirectory()) {
            folders.add(start);
        }
        int count = 1;
        int unread = 0;
        while (!folders.isEmpty()) {
            List<Path> entries = new ArrayList<>();
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(folders.remove())) {
                for (Path entry : stream) {
                    if (entries.size() >= most) {
                        break;
                    }
                    entries.add(entry);
                }
            } catch (IOException | DirectoryIteratorException e) {
                unread++;
                continue;
            }
            entries.sort(Comparator.naturalOrder());
            for (Path entry : entries) {
                if (count >= most) {
                    return new Result(count, Optional.of("count cap: the first " + most + " entries"));
                }
                if (stop.getAsBoolean()) {
                    return new Result(count, Optional.of("time cap: the first " + count + " entries"));
                }
                if (excluded.test(entry)) {
                    continue;
                }
                try {
                    Stat stat = Linux.stat(Names.bytes(entry));
                    boolean first = !stat.isDirectory() || seen.add(List.of(stat.device(), stat.inode()));
                    if (!first) {
                        continue;
                    }
                    out.add(line(entry, stat));
                    count++;
                    if (stat.isDirectory() && stat.device() == top.device() && !NEVER.contains(host.name(entry))) {
                        folders.add(entry);
                    }
                } catch (IOException e) {
                    unread++;
                }
            }
        }
        return new Result(
                count, unread == 0 ? Optional.empty() : Optional.of(unread + " entries or folders could not be read"));
    }

    private Line line(Path path, Stat stat) {
        String name = host.name(path);
        return new Line()
                .put("path", name)
                .put("inode", stat.inode())
                .put("type", stat.type())
                .put("size", stat.size())
                .put("mode", "%04o".formatted(stat.mode() & 07777))
                .put("uid", stat.uid())
                .put("gid", stat.gid())
                .put("mtime", stat.modified().toString())
                .put("atime", stat.accessed().toString())
                .put("ctime", stat.changed().toString())
                .put("crtime", stat.created().map(Instant::toString))
                .put("sha256", Optional.ofNullable(digests.get(name)))
                .put("target", stat.isLink() ? target(path) : Optional.empty());
    }

    private static Optional<String> target(Path link) {
        try {
            return Optional.of(Names.text(Names.bytes(Files.readSymbolicLink(link))));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
