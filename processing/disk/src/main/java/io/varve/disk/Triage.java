package io.varve.disk;

import java.util.Locale;
import java.util.Set;

/// Which folders of a file system are read first: what answers a responder's first questions (who logged on, what ran,
/// what starts by itself), so that the first events come long before the last.
final class Triage {
    /// Paths of folders from the root, in lower case; `*` stands for one name. Each is read with all below it.
    private static final Set<String> FOLDERS = Set.of(
            // Linux
            "/var/log",
            "/etc",
            "/root",
            "/home/*",
            "/var/spool/cron",
            "/var/lib/dpkg",
            "/var/lib/systemd",
            "/run",
            "/tmp",
            "/var/tmp",
            "/dev/shm",
            // a volume of its own for one of them
            "/log/journal",
            "/journal",
            // Windows
            "/windows/system32/winevt/logs",
            "/windows/system32/config",
            "/windows/system32/tasks",
            "/windows/prefetch",
            "/windows/appcompat",
            "/$extend",
            "/$recycle.bin",
            "/users/*",
            "/programdata/microsoft/windows/start menu",
            // macOS
            "/private/var/log",
            "/private/var/db",
            "/library/launchagents",
            "/library/launchdaemons",
            "/.fseventsd");

    private Triage() {}

    /// Whether a folder is read first.
    static boolean isFirst(String folder) {
        String path = folder.toLowerCase(Locale.ROOT);
        return FOLDERS.contains(path) || FOLDERS.contains(path.substring(0, path.lastIndexOf('/') + 1) + "*");
    }

    /// Whether such a folder may lie below this one.
    static boolean leadsThere(String folder) {
        String path = folder.toLowerCase(Locale.ROOT);
        String below = path.equals("/") ? path : path + "/";
        return FOLDERS.stream().anyMatch(first -> first.startsWith(below));
    }
}
