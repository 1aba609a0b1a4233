package io.varve.provider.sentinelone;

import io.varve.provider.Connection;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.Platform;
import java.time.Duration;
import java.util.Locale;

/// How captures through SentinelOne go, from the integration's settings. What the vendor does not document is a setting
/// here; see docs/providers/sentinelone.md.
///
/// @param results how output of a run comes back
/// @param sharedScript true when one script per content stays in the library for all captures
/// @param scripts false when no script may be run at all
/// @param poll between two looks at a run
/// @param state between two looks at the collector
/// @param patience how long an agent that answers may take for one order
/// @param partSize largest part of a collection
/// @param resultSize most bytes brought by one run
/// @param fetchSize most bytes brought by one file fetch
record Settings(
        Results results,
        boolean sharedScript,
        boolean scripts,
        Duration poll,
        Duration state,
        Duration patience,
        long partSize,
        long resultSize,
        long fetchSize,
        String workFolder) {
    /// The vendor's limit for one file fetch is 10 MB, the zip around the files included.
    private static final long FETCH_SLACK = 200_000;

    enum Results {
        /// From the vendor's cloud; by file fetch from when that does not work.
        AUTO,
        CLOUD,
        FILES
    }

    static Settings of(Connection connection, Platform platform) throws ProviderException {
        String folder = connection
                .setting("work_folder")
                .orElse(platform == Platform.WINDOWS ? "C:\\Windows\\Temp" : "/var/tmp");
        if (!folder.matches("[A-Za-z0-9_./:\\\\-]{2,200}") || folder.contains("..")) {
            throw wrong(connection, "work_folder must be a plain absolute path");
        }
        return new Settings(
                results(connection),
                connection.setting("script_library").orElse("capture").equals("shared"),
                connection.on("scripts", true),
                Duration.ofSeconds(connection.number("poll_seconds", 10, 1, 600)),
                Duration.ofSeconds(connection.number("state_seconds", 30, 1, 3600)),
                Duration.ofMinutes(connection.number("task_minutes", 15, 1, 1440)),
                connection.number("part_kilobytes", 8192, 16, 9216) << 10,
                connection.number("result_megabytes", 100, 1, 2000) * 1_000_000,
                connection.number("fetch_megabytes", 10, 1, 1000) * 1_000_000 - FETCH_SLACK,
                folder);
    }

    /// How many parts one run brings.
    int partsPerRun() {
        return Math.clamp(resultSize / partSize, 1, 100);
    }

    private static Results results(Connection connection) throws ProviderException {
        String text = connection.setting("results").orElse("auto").toUpperCase(Locale.ROOT);
        for (Results results : Results.values()) {
            if (results.name().equals(text)) {
                return results;
            }
        }
        throw wrong(connection, "results must be auto, cloud or files");
    }

    private static ProviderException wrong(Connection connection, String what) {
        return new ProviderException(Kind.REFUSED, "integration %s: %s".formatted(connection.name(), what));
    }
}
