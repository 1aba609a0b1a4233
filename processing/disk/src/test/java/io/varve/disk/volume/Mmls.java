package io.varve.disk.volume;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What The Sleuth Kit's `mmls` says of a disk.
final class Mmls {
    private static final Pattern ROW = Pattern.compile("\\d+: +(\\S+) +(\\d+) +(\\d+) +(\\d+) +.*");

    private Mmls() {}

    /// `first-sector sectors allocated` of all rows but those of the tables themselves.
    static List<String> volumes(String out) {
        return out.lines()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .filter(row -> !row.group(1).equals("Meta"))
                .map(row -> "%d %d %b"
                        .formatted(
                                Long.parseLong(row.group(2)),
                                Long.parseLong(row.group(4)),
                                !row.group(1).startsWith("-")))
                .toList();
    }

    static List<String> lines(List<Volume> volumes) {
        return volumes.stream()
                .map(volume -> "%d %d %b"
                        .formatted(volume.offset() / 512, volume.bytes().size() / 512, volume.allocated()))
                .toList();
    }
}
