package io.varve.disk.filesystem.ntfs;

import io.varve.disk.Entry.Times;
import io.varve.event.EventTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What `fls -r -m /` printed of a volume, compared with what was walked.
final class BodyFile {
    /// A FILETIME of zero as libtsk 4.11 prints it: the seconds from 1601 to 1970, cut to 32 bits.
    private static final long UNSET = 3_373_865_674L;

    private static final String DELETED = " (deleted)";

    private BodyFile() {}

    /// What differs, one line each.
    static List<String> differences(Path body, Walked walked) throws IOException {
        List<String> differences = new ArrayList<>();
        for (String line : Files.readAllLines(body, StandardCharsets.UTF_8)) {
            String[] fields = line.split("\\|");
            int name = fields.length - 11;
            String path = String.join("|", List.of(fields).subList(1, 2 + name));
            boolean skipped = path.endsWith(" ($FILE_NAME)")
                    || path.endsWith(" ($FILE_NAME)" + DELETED)
                    || path.endsWith(" (deleted-realloc)")
                    || path.equals("/$OrphanFiles")
                    || path.contains("/.:")
                    || path.contains("/..:");
            if (!skipped) {
                compare(path, fields, 2 + name, walked).ifPresent(differences::add);
            }
        }
        return differences;
    }

    private static Optional<String> compare(String printed, String[] fields, int from, Walked walked) {
        boolean deleted = printed.endsWith(DELETED);
        String path = (deleted ? printed.substring(0, printed.length() - DELETED.length()) : printed);
        long inode = Long.parseLong(fields[from].split("-")[0]);
        List<Walked.Found> found = walked.paths.getOrDefault(path, List.of()).stream()
                .filter(f -> f.node().inode() == inode && f.node().allocated() != deleted)
                .toList();
        if (found.isEmpty()) {
            return Optional.of("missing " + printed + " " + inode + " " + walked.paths.get(path));
        }
        if (deleted && fields[from + 1].startsWith("-/-")) {
            return Optional.empty();
        }
        Walked.Found first = found.getFirst();
        long size = Long.parseLong(fields[from + 4]);
        if (!fields[from].contains("-48-") && first.size() != size) {
            return Optional.of("size " + printed + " " + size + ", ours " + first.size());
        }
        Times times = first.node().times();
        List<Optional<EventTime>> ours = List.of(times.accessed(), times.modified(), times.changed(), times.created());
        for (int i = 0; i < 4; i++) {
            long seconds = Long.parseLong(fields[from + 5 + i]);
            long own = ours.get(i).map(EventTime::seconds).orElse(0L);
            if (own != seconds && !(own == 0 && seconds == UNSET)) {
                return Optional.of("time " + i + " " + printed + " " + seconds + ", ours " + own);
            }
        }
        return Optional.empty();
    }
}
