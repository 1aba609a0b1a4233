package io.varve.provider.endpoint.agent;

import io.varve.evidence.Digest;
import io.varve.provider.collector.profile.Profile;
import io.varve.provider.collector.profile.Profile.Artifact;
import io.varve.provider.collector.profile.Profile.VolatileState;
import io.varve.provider.endpoint.agent.archive.Spool;
import io.varve.provider.endpoint.agent.files.Globs;
import io.varve.provider.endpoint.agent.files.Listing;
import io.varve.provider.endpoint.agent.host.Containers;
import io.varve.provider.endpoint.agent.host.Host;
import io.varve.provider.endpoint.agent.host.Kernel;
import io.varve.provider.endpoint.agent.host.Lines;
import io.varve.provider.endpoint.agent.host.OpenFiles;
import io.varve.provider.endpoint.agent.host.ProcessTable;
import io.varve.provider.endpoint.agent.host.Sessions;
import io.varve.provider.endpoint.agent.host.Sockets;
import io.varve.provider.endpoint.protocol.HostFacts;
import io.varve.provider.endpoint.protocol.Json;
import io.varve.provider.endpoint.protocol.Message;
import io.varve.provider.endpoint.protocol.Order;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Carries one order out: live state, files, listing, outcomes, footprint, in the order of docs/formats-capture.md.
/// Run again after an interruption it goes on where it was.
final class CaptureRun {
    private static final String DELETED = "VolatileDeletedExecutables";
    private static final String LISTING = "varve/files.jsonl";
    private static final String OUTCOMES = "varve/outcomes.jsonl";

    private final Order order;
    private final Archive archive;
    private final Connection connection;
    private final Host host;
    private final HostFacts facts;
    private final Clock clock;
    private final Path state;
    private final Instant stopAt;
    private Instant said = Instant.EPOCH;

    /// @param state the agent's own folder, left out of what is collected
    CaptureRun(
            Order order, Archive archive, Connection connection, Host host, HostFacts facts, Clock clock, Path state) {
        this.order = order;
        this.archive = archive;
        this.connection = connection;
        this.host = host;
        this.facts = facts;
        this.clock = clock;
        this.state = state.toAbsolutePath().normalize();
        this.stopAt = clock.instant().plus(order.profile().caps().duration());
    }

    void run() throws IOException, RefusedException, InterruptedException, CancelledException {
        if (!archive.finished()) {
            describe();
            volatileState();
            files();
            listing();
            outcomes();
            footprint();
            archive.finish();
        }
        List<Digest> digests =
                archive.parts().stream().map(Message.Part::sha256).toList();
        connection.post(order.capture(), "complete", new Message.Complete(archive.size(), digests));
    }

    private void describe() throws IOException, RefusedException, InterruptedException, CancelledException {
        if (archive.has("varve/capture.json")) {
            return;
        }
        var names = new LinkedHashMap<String, Object>();
        names.put("name", facts.name());
        names.put("fqdn", facts.fqdn());
        names.put("machine_id", facts.machineId());
        names.put("boot_id", facts.bootId());
        names.put("os", facts.os());
        names.put("kernel", facts.kernel());
        names.put("zone", facts.zone());
        var capture = new LinkedHashMap<String, Object>();
        capture.put("schema", "varve.capture/1");
        capture.put("capture", order.capture());
        capture.put("profile", order.profile().name());
        capture.put("host", names);
        capture.put("started", archive.started().toString());
        capture.put("agent_version", facts.version());
        capture.put("server_clock_ahead_ms", connection.serverAhead().toMillis());
        archive.member("varve/capture.json", json(capture));
    }

    private static Spool json(Object value) throws IOException {
        var spool = new Spool();
        spool.write(Json.write(value));
        spool.write('\n');
        return spool;
    }

    private void volatileState() throws IOException, RefusedException, InterruptedException, CancelledException {
        if (order.profile().volatileState().isEmpty() || archive.has("")) {
            return;
        }
        say("live state");
        ProcessTable processes = ProcessTable.of(host, clock);
        var fileLines = new Lines(clock);
        OpenFiles files = OpenFiles.read(host, processes, fileLines);
        for (VolatileState kind : order.profile().volatileState()) {
            String member = "varve/volatile/" + kind.name().toLowerCase(Locale.ROOT) + ".jsonl";
            if (archive.has(member)) {
                continue;
            }
            var lines = kind == VolatileState.OPEN_FILES ? fileLines : new Lines(clock);
            switch (kind) {
                case PROCESSES -> processes.write(lines);
                case OPEN_FILES -> {
                    // Read above, because sockets need it too.
                }
                case SOCKETS -> Sockets.write(host, processes, files, lines);
                case MODULES -> Kernel.modules(host, lines);
                case MOUNTS -> Kernel.mounts(host, lines);
                case SESSIONS -> Sessions.write(host, lines);
                case CONTAINERS -> Containers.write(host, processes, lines);
                case DELETED_EXECUTABLES -> {
                    deletedExecutables(processes);
                    continue;
                }
            }
            archive.member(member, lines.spool());
            archive.outcome(state(member, kind, lines));
        }
    }

    private static Outcome state(String member, VolatileState kind, Lines lines) {
        String artifact = "Volatile" + camel(kind.name());
        if (lines.count() == 0) {
            return new Outcome(
                    member, artifact, Outcome.Status.EMPTY, Optional.empty(), Optional.of(0L), Optional.empty());
        }
        return Outcome.collected(
                member,
                artifact,
                lines.dropped() == 0
                        ? Optional.empty()
                        : Optional.of("count cap: %d lines left out".formatted(lines.dropped())));
    }

    private static String camel(String name) {
        var camel = new StringBuilder();
        for (String word : name.toLowerCase(Locale.ROOT).split("_")) {
            camel.append(Character.toUpperCase(word.charAt(0))).append(word, 1, word.length());
        }
        return camel.toString();
    }

    private void deletedExecutables(ProcessTable processes)
            throws IOException, RefusedException, InterruptedException, CancelledException {
        var copy = new FileCopy(host, archive);
        var first = new HashMap<Object, Long>();
        for (ProcessTable.Process process : processes.processes()) {
            Path executable = host.path("/proc/" + process.pid() + "/exe");
            if (!process.deleted() || archive.outcomes().containsKey(host.name(executable))) {
                continue;
            }
            Long holder = first.putIfAbsent(ProcessTable.identity(executable), process.pid());
            if (holder != null) {
                archive.outcome(Outcome.collected(
                        host.name(executable), DELETED, Optional.of("the same file as of process " + holder)));
                continue;
            }
            long left = order.profile().caps().totalBytes() - archive.spent();
            copy.magic(executable, "varve/collected/deleted/" + process.pid(), DELETED, Math.max(0, left));
        }
    }

    private void files() throws IOException, RefusedException, InterruptedException, CancelledException {
        var copy = new FileCopy(host, archive);
        if (archive.interrupted().isPresent()) {
            copy.resume(archive.interrupted().get());
        }
        if (archive.has(LISTING) || archive.has(OUTCOMES)) {
            return;
        }
        var globs = new Globs(host, this::ours);
        for (Artifact artifact : order.profile().artifacts()) {
            say("files: " + artifact.name());
            artifact(artifact, globs, copy);
        }
    }

    private void artifact(Artifact artifact, Globs globs, FileCopy copy)
            throws IOException, RefusedException, InterruptedException, CancelledException {
        long left = artifact.totalBytes();
        for (String pattern : artifact.paths()) {
            List<Path> found = globs.find(pattern);
            if (found.isEmpty()) {
                archive.outcome(Outcome.missing(pattern, artifact.name()));
            }
            for (Path file : found) {
                String path = host.name(file);
                if (archive.outcomes().containsKey(path)) {
                    continue;
                }
                Optional<String> cap = cap(left);
                if (cap.isPresent()) {
                    archive.outcome(Outcome.failed(path, artifact.name(), cap.get()));
                    continue;
                }
                long most = Math.min(
                        Math.min(artifact.fileBytes(), left),
                        order.profile().caps().totalBytes() - archive.spent());
                left -= artifact.follow()
                        ? copy.follow(file, artifact.name(), most)
                        : copy.copy(file, artifact.name(), most);
                say("files: " + artifact.name());
            }
        }
    }

    private Optional<String> cap(long left) {
        Profile.Caps caps = order.profile().caps();
        if (clock.instant().isAfter(stopAt)) {
            return Optional.of("time cap: " + caps.duration());
        }
        if (archive.copied() >= caps.files()) {
            return Optional.of("file count cap: " + caps.files());
        }
        if (archive.spent() >= caps.totalBytes()) {
            return Optional.of("total size cap: " + caps.totalBytes() + " bytes");
        }
        return left <= 0 ? Optional.of("size cap of the artefact") : Optional.empty();
    }

    private void listing() throws IOException, RefusedException, InterruptedException, CancelledException {
        if (archive.has(LISTING) || order.profile().roots().isEmpty()) {
            return;
        }
        say("file metadata");
        var digests = new HashMap<String, String>();
        archive.outcomes()
                .values()
                .forEach(outcome -> outcome.sha256()
                        .filter(digest -> outcome.reason().isEmpty())
                        .ifPresent(digest -> digests.put(outcome.path(), digest.hex())));
        Profile.Caps caps = order.profile().caps();
        var lines = new Lines(clock);
        Instant listingStop = stopAt.plus(caps.duration());
        var listing =
                new Listing(host, this::ours, digests, () -> clock.instant().isAfter(listingStop));
        int left = caps.entries();
        for (String root : order.profile().roots()) {
            Listing.Result result = listing.write(root, Math.min(left, caps.entriesPerRoot()), lines);
            left = Math.max(0, left - result.entries());
            archive.outcome(
                    result.problem().equals(Optional.of("missing"))
                            ? Outcome.missing(root + "/", "FileMetadata")
                            : Outcome.collected(root + "/", "FileMetadata", result.problem()));
        }
        archive.member(LISTING, lines.spool());
    }

    private void outcomes() throws IOException, RefusedException, InterruptedException, CancelledException {
        if (archive.has(OUTCOMES)) {
            return;
        }
        var spool = new Spool();
        for (Outcome outcome : archive.outcomes().values()) {
            spool.write(Json.write(outcome));
            spool.write('\n');
        }
        archive.member(OUTCOMES, spool);
    }

    private void footprint() throws IOException, RefusedException, InterruptedException, CancelledException {
        var footprint = new LinkedHashMap<String, Object>();
        footprint.put("read_bytes", archive.bytesRead());
        footprint.put("files_read", archive.filesRead());
        footprint.put(
                "written",
                List.of(
                        Map.of("path", host.name(state.resolve("identity.json")), "what", "the agent's key"),
                        Map.of(
                                "path",
                                host.name(state.resolve("captures").resolve(order.capture())),
                                "what",
                                "journal and one part, removed at the end")));
        footprint.put("processes_started", List.of());
        footprint.put("network", List.of(connection.server()));
        footprint.put("excluded", List.of(host.name(state)));
        footprint.put("restarts", archive.restarts());
        footprint.put("ended", clock.instant().toString());
        archive.member("varve/footprint.json", json(footprint));
    }

    private boolean ours(Path path) {
        return path.startsWith(state);
    }

    /// Tells the server what is being done, about once a second, and hears whether to stop.
    private void say(String text) throws RefusedException, InterruptedException, CancelledException {
        Instant now = clock.instant();
        if (now.isBefore(said.plusSeconds(1))) {
            return;
        }
        said = now;
        Message.Heard heard = connection.post(order.capture(), "progress", new Message.Progress(archive.size(), text));
        if (heard.cancelled()) {
            throw new CancelledException();
        }
    }
}
