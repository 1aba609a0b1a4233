package io.varve.provider.collector;

import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.Channel.RemoteFile;
import io.varve.provider.collector.PlainFiles.Entry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Finds what the path patterns of a profile mean on a host that can only be listed folder by folder.
///
/// Paths are the profile's own form, with `/` and from the root (on Windows the system drive), until a channel is
/// asked.
final class PlainPaths {
    private static final String HOMES = "%%users.homedir%%";
    private static final int DEEPEST = 10;
    /// Folders listed in one capture: each is a call to the vendor.
    private static final int MOST_LISTINGS = 2_000;
    private static final int MOST_FILES = 20_000;

    private final PlainFiles files;
    private final Platform platform;
    private final Set<String> homes;
    private final Map<String, List<Entry>> listed = new HashMap<>();
    private Optional<String> problem = Optional.empty();

    PlainPaths(PlainFiles files, Platform platform, Set<String> homes) {
        this.files = files;
        this.platform = platform;
        this.homes = homes;
    }

    /// The files a pattern means. One that a pattern names without wildcards is here whether it exists or not, with
    /// size 0.
    List<RemoteFile> find(String pattern) throws ProviderException, InterruptedException {
        problem = Optional.empty();
        var found = new LinkedHashSet<RemoteFile>();
        for (String path : homes(pattern)) {
            List<String> segments = List.of(path.substring(1).split("/+"));
            if (segments.stream().noneMatch(PlainPaths::wild)) {
                found.add(new RemoteFile(path, 0));
            } else {
                expand("", segments, found);
            }
        }
        return List.copyOf(found);
    }

    /// Why the last pattern may have found too little.
    Optional<String> problem() {
        return problem;
    }

    /// As the host writes it.
    static String onHost(String path, Platform platform) {
        return platform == Platform.WINDOWS ? "C:" + path.replace('/', '\\') : path;
    }

    private Set<String> homes(String pattern) {
        if (!pattern.startsWith(HOMES)) {
            return Set.of(pattern);
        }
        var paths = new LinkedHashSet<String>();
        homes.forEach(home -> paths.add(home + pattern.substring(HOMES.length())));
        return paths;
    }

    private void expand(String folder, List<String> segments, Set<RemoteFile> found)
            throws ProviderException, InterruptedException {
        String segment = segments.getFirst();
        List<String> rest = segments.subList(1, segments.size());
        if (segment.equals("**")) {
            below(folder, rest.isEmpty() ? List.of("*") : rest, 0, found);
            return;
        }
        if (!wild(segment) && !rest.isEmpty()) {
            expand(folder + "/" + segment, rest, found);
            return;
        }
        Pattern names = names(segment);
        for (Entry entry : list(folder)) {
            if (!names.matcher(entry.name()).matches() || found.size() >= MOST_FILES) {
                continue;
            }
            String path = folder + "/" + entry.name();
            if (rest.isEmpty() && !entry.folder()) {
                found.add(new RemoteFile(path, entry.size()));
            } else if (!rest.isEmpty() && entry.folder()) {
                expand(path, rest, found);
            }
        }
    }

    private void below(String folder, List<String> rest, int depth, Set<RemoteFile> found)
            throws ProviderException, InterruptedException {
        expand(folder, rest, found);
        if (depth >= DEEPEST) {
            return;
        }
        for (Entry entry : list(folder)) {
            if (entry.folder()) {
                below(folder + "/" + entry.name(), rest, depth + 1, found);
            }
        }
    }

    /// Entries in order of their names; a name that would lead elsewhere is left out.
    private List<Entry> list(String folder) throws ProviderException, InterruptedException {
        List<Entry> known = listed.get(folder);
        if (known != null) {
            return known;
        }
        if (listed.size() >= MOST_LISTINGS) {
            problem = Optional.of("more than %d folders to list".formatted(MOST_LISTINGS));
            return List.of();
        }
        List<Entry> entries = new ArrayList<>();
        try {
            for (Entry entry : files.list(onHost(folder.isEmpty() ? "/" : folder, platform))) {
                if (plain(entry.name()) && entries.size() < MOST_FILES) {
                    entries.add(entry);
                } else {
                    problem = Optional.of("a name in %s cannot be asked for".formatted(folder));
                }
            }
            entries.sort(Comparator.comparing(Entry::name));
        } catch (ProviderException e) {
            if (e.kind() != Kind.NOT_FOUND && e.kind() != Kind.FORBIDDEN && e.kind() != Kind.REFUSED) {
                throw e;
            }
            if (e.kind() != Kind.NOT_FOUND) {
                problem = Optional.of("%s cannot be listed: %s".formatted(folder, e.reason()));
            }
        }
        listed.put(folder, List.copyOf(entries));
        return listed.get(folder);
    }

    private static boolean plain(String name) {
        return !name.isEmpty()
                && name.length() <= 1024
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().noneMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c));
    }

    private static boolean wild(String segment) {
        return segment.chars().anyMatch(c -> c == '*' || c == '?' || c == '[');
    }

    private Pattern names(String segment) {
        var regex = new StringBuilder();
        for (char c : segment.toCharArray()) {
            switch (c) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                case '[', ']', '-' -> regex.append(c);
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), platform == Platform.LINUX ? 0 : Pattern.CASE_INSENSITIVE);
    }
}
