package io.varve.provider.collector;

import io.varve.provider.collector.profile.Profile;
import io.varve.provider.collector.profile.Profile.Artifact;
import io.varve.provider.collector.profile.Profile.VolatileState;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The collector in POSIX `sh`: the profile as shell text, awk programs as its variables, then the parts that are the
/// same for every profile, from the build's resources.
final class PosixCollector {
    private PosixCollector() {}

    static String text(Profile profile, Platform platform) {
        String system = platform.text();
        var text = new StringBuilder();
        text.append("#!/bin/sh\n");
        text.append(
                "# Varve: collects profile %s on this host and removes itself. docs/collector.md says what it does.\n"
                        .formatted(profile.name()));
        text.append(profile(profile));
        text.append(awk("TEXT", "posix/text.awk"));
        text.append(awk("PLAN", "posix/outcomes.awk", "posix/plan.awk"));
        text.append(awk("HEADS", "posix/outcomes.awk", "posix/heads.awk"));
        text.append(awk("ONE", "posix/outcomes.awk", "posix/one.awk"));
        text.append(awk("LISTING", "posix/listing.awk"));
        text.append(awk("CONTEXT", system + "/context.awk"));
        live(platform).forEach((variable, name) -> text.append(awk(variable, system + "/" + name + ".awk")));
        for (String part : List.of("archive", "files", "listing", "verbs")) {
            text.append(plain(resource("posix/" + part + ".sh")));
        }
        text.append(plain(resource(system + "/live.sh")));
        return text.append("main \"$@\"\n").toString();
    }

    /// The awk programs of live state: variable and resource.
    private static SortedMap<String, String> live(Platform platform) {
        return new TreeMap<>(
                platform == Platform.MACOS
                        ? Map.of(
                                "MACPS", "ps",
                                "MACLSOF", "lsof",
                                "MACSOCKETS", "sockets",
                                "MACKEXT", "kext",
                                "MACMOUNT", "mount",
                                "MACWHO", "who")
                        : Map.of(
                                "LINKS", "links",
                                "PROCESSES", "processes",
                                "SOCKETS", "sockets",
                                "CONTAINERS", "containers",
                                "SESSION", "session",
                                "UTMP", "utmp"));
    }

    private static String profile(Profile profile) {
        Profile.Caps caps = profile.caps();
        var text = new StringBuilder();
        text.append("version=varve-collector/1 profile=%s\n".formatted(quoted(profile.name())));
        text.append("max_bytes=%d max_files=%d max_entries=%d max_entries_per_root=%d max_seconds=%d\n"
                .formatted(
                        caps.totalBytes(),
                        caps.files(),
                        caps.entries(),
                        caps.entriesPerRoot(),
                        caps.duration().toSeconds()));
        text.append("profile_live='%s'\n"
                .formatted(profile.volatileState().stream()
                        .map(VolatileState::name)
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(" "))));
        text.append("profile_roots() {\n  :\n");
        profile.roots()
                .forEach(root -> text.append("  root ").append(quoted(root)).append('\n'));
        text.append("}\nprofile_artifacts() {\n  :\n");
        profile.artifacts().forEach(artifact -> text.append(artifact(artifact)));
        return text.append("}\n").toString();
    }

    private static String artifact(Artifact artifact) {
        return "  artifact %s %s %d %d %s\n"
                .formatted(
                        quoted(artifact.name()),
                        artifact.follow(),
                        artifact.fileBytes(),
                        artifact.totalBytes(),
                        artifact.paths().stream().map(PosixCollector::quoted).collect(Collectors.joining(" ")));
    }

    private static String awk(String variable, String... resources) {
        var program = new StringBuilder();
        for (String name : resources) {
            program.append(plain(resource(name)));
        }
        return "%s=%s\n".formatted(variable, quoted(program.toString()));
    }

    /// Without comment lines: the host needs none.
    static String plain(String text) {
        return text.lines().filter(line -> !line.strip().startsWith("#")).collect(Collectors.joining("\n", "", "\n"));
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    static String resource(String name) {
        try (InputStream in = PosixCollector.class.getResourceAsStream("/collector/" + name)) {
            if (in == null) {
                throw new IllegalStateException("collector part " + name + " is missing from the build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("collector part " + name, e);
        }
    }
}
