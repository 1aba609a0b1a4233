package io.varve.investigation;

import io.varve.timeline.Match;
import java.util.List;
import java.util.regex.Pattern;

/// A kind of evidence that can hold what an alert claims, known by the paths of its files.
///
/// A snapshot says what was there when it was taken; a log says what happened since its first entry.
public enum Source {
    PROCESS_LIST("process list", Kind.SNAPSHOT, "/varve/volatile/processes.jsonl"),
    SOCKETS("network connections", Kind.SNAPSHOT, "/varve/volatile/sockets.jsonl"),
    FILE_METADATA("file metadata", Kind.SNAPSHOT, "/varve/files.jsonl"),
    AUDIT_LOG("audit log", Kind.LOG, "/var/log/audit/audit.log"),
    AUTH_LOG("authentication log", Kind.LOG, "/var/log/auth.log", "/var/log/secure"),
    JOURNAL("systemd journal", Kind.LOG, "/var/log/journal/", "/run/log/journal/"),
    LOGIN_RECORDS("login records", Kind.LOG, "/var/log/wtmp");

    enum Kind {
        SNAPSHOT,
        LOG
    }

    private static final Pattern CONTAINER = Pattern.compile("^.*!(?=/)", Pattern.DOTALL);

    private final String title;
    final Kind kind;
    private final List<String> paths;

    Source(String title, Kind kind, String... paths) {
        this.title = title;
        this.kind = kind;
        this.paths = List.of(paths);
    }

    /// Name for a reader, e.g. `process list`.
    public String title() {
        return title;
    }

    /// Whether the file is one of this source: the file itself, a rotated one (`auth.log.2.gz`) or one in its folder.
    boolean isIn(String file) {
        String rooted =
                CONTAINER.matcher(file.startsWith("/") ? file : "/" + file).replaceFirst("");
        return paths.stream().anyMatch(rooted::startsWith);
    }

    /// The events read from it.
    Match events() {
        return new Match.Any(paths.stream()
                .<Match>map(path -> new Match.StartsWith("location.path", path))
                .toList());
    }
}
