package io.varve.investigation;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Paths as alerts state them.
final class Paths {
    private static final List<String> MERGED = List.of("/bin/", "/sbin/", "/lib/", "/lib64/");

    private Paths() {}

    /// A bare name such as `bash` is no path: too many processes have it.
    static boolean isPath(String text) {
        return text.startsWith("/") || text.matches("[A-Za-z]:\\\\.*");
    }

    /// The names one file goes by: `/bin` and `/usr/bin` are the same directory on most systems, and the kernel marks
    /// an executable that was deleted.
    static Set<String> variants(String path) {
        var names = new LinkedHashSet<String>(List.of(path));
        for (String folder : MERGED) {
            if (path.startsWith(folder)) {
                names.add("/usr" + path);
            }
            if (path.startsWith("/usr" + folder)) {
                names.add(path.substring("/usr".length()));
            }
        }
        for (String name : List.copyOf(names)) {
            names.add(name + " (deleted)");
        }
        return names;
    }

    /// The folder a path is in; empty for the root.
    static String folder(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }

    static String name(String path) {
        return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    }
}
