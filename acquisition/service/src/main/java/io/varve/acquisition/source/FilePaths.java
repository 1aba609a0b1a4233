package io.varve.acquisition.source;

import java.util.Locale;
import java.util.Optional;

/// Paths as sources write them, in parts or whole, for Windows, Linux and macOS.
final class FilePaths {
    private FilePaths() {}

    /// The whole path of a file: some sources put the name into the path, some beside it.
    static Optional<String> whole(Optional<String> path, Optional<String> name) {
        if (path.isEmpty() || name.isEmpty() || endsWith(path.get(), name.get())) {
            return path.or(() -> name);
        }
        String directory = path.get();
        String separator = directory.contains("\\") || directory.length() == 2 && directory.endsWith(":") ? "\\" : "/";
        return Optional.of(directory.endsWith(separator) ? directory + name.get() : directory + separator + name.get());
    }

    /// What follows the last separator.
    static String name(String path) {
        int end = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
        return end + 1 == path.length() ? path : path.substring(end + 1);
    }

    private static boolean endsWith(String path, String name) {
        String last = name(path).toLowerCase(Locale.ROOT);
        return last.equals(name(name).toLowerCase(Locale.ROOT));
    }
}
