package io.varve.provider.endpoint.agent.files;

import io.varve.provider.endpoint.agent.host.Host;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// Finds the files that a path pattern of a profile means.
///
/// `*`, `?` and `[…]` match inside one name, `**` any number of folders up to [#DEEPEST], `%%users.homedir%%` is each
/// home folder of `/etc/passwd`. Links are not followed by wildcards.
public final class Globs {
    static final int DEEPEST = 10;
    static final int MOST = 100_000;

    private static final String HOMES = "%%users.homedir%%";

    private final Host host;
    private final Predicate<Path> excluded;
    private final Set<String> homes = new LinkedHashSet<>();

    /// @param excluded what is ours, and therefore no evidence
    public Globs(Host host, Predicate<Path> excluded) {
        this.host = host;
        this.excluded = excluded;
        for (String line : host.lines("/etc/passwd")) {
            String[] fields = line.split(":", -1);
            if (fields.length > 5 && fields[5].startsWith("/") && fields[5].length() > 1 && !fields[5].contains("..")) {
                homes.add(fields[5].replaceAll("/+$", ""));
            }
        }
    }

    /// The entries that are there, in order of their names; folders are left out.
    public List<Path> find(String pattern) {
        var found = new LinkedHashSet<Path>();
        for (String path : homes(pattern)) {
            expand(host.root(), List.of(path.substring(1).split("/+")), found);
        }
        found.removeIf(excluded);
        return List.copyOf(found);
    }

    private Set<String> homes(String pattern) {
        if (!pattern.startsWith(HOMES)) {
            return Set.of(pattern);
        }
        var paths = new LinkedHashSet<String>();
        homes.forEach(home -> paths.add(home + pattern.substring(HOMES.length())));
        return paths;
    }

    private void expand(Path folder, List<String> segments, Set<Path> found) {
        String segment = segments.getFirst();
        List<String> rest = segments.subList(1, segments.size());
        if (found.size() >= MOST) {
            return;
        }
        if (segment.equals("**")) {
            below(folder, rest.isEmpty() ? List.of("*") : rest, 0, found);
            return;
        }
        for (Path entry : entries(folder, segment)) {
            if (rest.isEmpty()) {
                add(entry, found);
            } else if (inside(entry, segment)) {
                expand(entry, rest, found);
            }
        }
    }

    private void below(Path folder, List<String> rest, int depth, Set<Path> found) {
        expand(folder, rest, found);
        if (depth >= DEEPEST || found.size() >= MOST) {
            return;
        }
        for (Path entry : entries(folder, "*")) {
            if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS) && !excluded.test(entry)) {
                below(entry, rest, depth + 1, found);
            }
        }
    }

    private static void add(Path entry, Set<Path> found) {
        if (!Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)
                && Files.exists(entry, LinkOption.NOFOLLOW_LINKS)
                && found.size() < MOST) {
            found.add(entry);
        }
    }

    /// A link that the profile names itself is followed as long as it stays below the root.
    private boolean inside(Path entry, String segment) {
        if (wild(segment)) {
            return Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS);
        }
        try {
            return Files.isDirectory(entry)
                    && entry.toRealPath().startsWith(host.root().toRealPath());
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean wild(String segment) {
        return segment.chars().anyMatch(c -> c == '*' || c == '?' || c == '[');
    }

    private static List<Path> entries(Path folder, String segment) {
        if (!wild(segment)) {
            return List.of(folder.resolve(segment));
        }
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + segment.replace("{", "\\{"));
        var entries = new ArrayList<Path>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            for (Path entry : stream) {
                if (matcher.matches(entry.getFileName()) && entries.size() < MOST) {
                    entries.add(entry);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // Not a folder, or not ours to read: what is asked for by name is reported as missing.
            return List.of();
        }
        entries.sort(Comparator.naturalOrder());
        return entries;
    }
}
