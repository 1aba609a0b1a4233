package io.varve.provider.collector;

import io.varve.provider.collector.profile.Profile;
import io.varve.provider.collector.profile.Profile.Artifact;
import io.varve.provider.collector.profile.Profile.VolatileState;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// The collector in Windows PowerShell 5.1: the profile as its text, then the part that is the same for every profile.
final class PowerShellCollector {
    private PowerShellCollector() {}

    /// With a byte order mark and Windows line ends: without the mark, PowerShell 5.1 reads a file in the local code
    /// page.
    static String text(Profile profile) {
        Profile.Caps caps = profile.caps();
        var text = new StringBuilder();
        text.append(
                "# Varve: collects profile %s on this host and removes itself. docs/collector.md says what it does.\n"
                        .formatted(profile.name()));
        text.append("$profileName = %s\n".formatted(quoted(profile.name())));
        text.append("$maxBytes = [long]%d\n$maxFiles = %d\n$maxEntries = %d\n"
                .formatted(caps.totalBytes(), caps.files(), caps.entries()));
        text.append("$maxEntriesPerRoot = %d\n$maxSeconds = %d\n"
                .formatted(caps.entriesPerRoot(), caps.duration().toSeconds()));
        text.append("$profileLive = %s\n"
                .formatted(list(profile.volatileState().stream()
                        .map(VolatileState::name)
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .toList())));
        text.append("$profileRoots = %s\nfunction Copy-Profile {\n    $null = 0\n".formatted(list(profile.roots())));
        for (Artifact artifact : profile.artifacts()) {
            text.append("    Copy-Artifact %s %d %d %s\n"
                    .formatted(
                            quoted(artifact.name()),
                            artifact.fileBytes(),
                            artifact.totalBytes(),
                            list(artifact.paths())));
        }
        text.append("}\n").append(PosixCollector.plain(PosixCollector.resource("windows/collect.ps1")));
        return "\uFEFF" + text.toString().replace("\n", "\r\n");
    }

    private static String list(List<String> values) {
        return values.stream().map(PowerShellCollector::quoted).collect(Collectors.joining(", ", "@(", ")"));
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
