package io.varve.provider.crowdstrike;

import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.PlainFiles.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Output of `ls`: a table with the columns Name, Type and Size, as Falcon's own sensors print it, or the long form of
/// the `ls` of Linux and macOS. Which of them a platform has is not documented, so both are read.
final class FolderListing {
    private static final int MOST_LINES = 100_000;
    private static final Pattern TABLE = Pattern.compile(
            "(.+?)\\s+(<Directory>|<DIR>|Directory|<File>|File)\\s+(--|[\\d,]{1,20})(\\s.*)?",
            Pattern.CASE_INSENSITIVE);
    /// Rights, links, owner, group, size, day and time with or without zone.
    private static final Pattern LONG = Pattern.compile(
            "([-dlbcps])[rwxsStT-]{9}[.+@]?\\s+\\d+\\s+\\S+\\s+\\S+\\s+(\\d{1,18})(?:,\\s*\\d+)?\\s+"
                    + "(?:\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d\\S*(?: [+-]\\d{4})?|[A-Z][a-z]{2}\\s+\\d+\\s+[\\d:]{4,5}) (.+)");

    private FolderListing() {}

    /// @throws ProviderException NOT_FOUND when there is no such folder
    static List<Entry> read(String folder, Rtr.Output output) throws ProviderException {
        if (output.stdout().isBlank() && !output.stderr().isBlank()) {
            throw unread(folder, output.stderr());
        }
        var entries = new ArrayList<Entry>();
        int unknown = 0;
        for (String line : output.stdout().lines().limit(MOST_LINES).toList()) {
            Optional<Entry> entry = entry(line.stripTrailing());
            entry.filter(FolderListing::inside).ifPresent(entries::add);
            boolean heading = line.isBlank()
                    || line.startsWith("total ")
                    || line.contains("Directory listing")
                    || line.startsWith("Name ")
                    || line.startsWith("----")
                    || line.stripTrailing().matches("/.*:");
            unknown += entry.isPresent() || heading ? 0 : 1;
        }
        if (entries.isEmpty() && unknown > 0) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "the listing of %s cannot be read: %s"
                            .formatted(CrowdStrike.plain(folder, 300), CrowdStrike.plain(output.stdout(), 200)));
        }
        return entries;
    }

    private static boolean inside(Entry entry) {
        return !entry.name().equals(".")
                && !entry.name().equals("..")
                && !entry.name().contains("/")
                && !entry.name().contains("\\");
    }

    private static Optional<Entry> entry(String line) {
        Matcher listed = LONG.matcher(line);
        if (listed.matches()) {
            // A link may lead anywhere, and devices have no content: they are passed over like the folder itself.
            return Optional.of(
                    listed.group(1).matches("[-d]")
                            ? new Entry(listed.group(3), listed.group(1).equals("d"), Long.parseLong(listed.group(2)))
                            : new Entry(".", false, 0));
        }
        Matcher table = TABLE.matcher(line);
        if (!table.matches()) {
            return Optional.empty();
        }
        boolean directory = table.group(2).toLowerCase(Locale.ROOT).contains("dir");
        String size = table.group(3).replace(",", "");
        return Optional.of(new Entry(
                table.group(1).strip(),
                directory,
                directory || size.equals("--") || size.length() > 18 ? 0 : Long.parseLong(size)));
    }

    private static ProviderException unread(String folder, String stderr) {
        String said = CrowdStrike.plain(stderr, 300);
        String low = said.toLowerCase(Locale.ROOT);
        boolean absent = low.contains("no such")
                || low.contains("not found")
                || low.contains("cannot find")
                || low.contains("could not find");
        return new ProviderException(
                absent ? Kind.NOT_FOUND : Kind.REFUSED, "ls %s: %s".formatted(CrowdStrike.plain(folder, 300), said));
    }
}
