package io.varve.provider.collector;

import io.varve.evidence.Digest;
import io.varve.provider.CaptureContext;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.Channel.RemoteFile;
import io.varve.provider.collector.Channel.Terms;
import io.varve.provider.collector.PlainFiles.Entry;
import io.varve.provider.collector.profile.Profile;
import io.varve.provider.collector.profile.Profile.Artifact;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Captures a host whose vendor lets us fetch files and run no script: the profile's files one by one, put together
/// here as the same capture archive. No digest is stated on the host; each file is hashed when it arrives.
///
/// Steps: `plain.<part>.<try>` (what a part holds), `collected`, `cleaned`.
final class PlainCapture {
    /// Largest passwd file that is read here.
    private static final long LARGEST_PASSWD = 1 << 20;

    private final CaptureContext context;
    private final Clock clock;

    PlainCapture(CaptureContext context, Clock clock) {
        this.context = context;
        this.clock = clock;
    }

    void run(Profile whole, Platform platform, RemoteHost host, Channel channel)
            throws ProviderException, InterruptedException, IOException {
        if (!(channel instanceof PlainFiles files)) {
            throw new ProviderException(Kind.REFUSED, "files of %s can only be had by a script".formatted(host.name()));
        }
        Profile profile = whole.on(platform.text());
        if (context.step("collected").isEmpty()) {
            new Run(profile, platform, host, channel, files, channel.terms()).run();
        }
        if (context.step("cleaned").isEmpty()) {
            clean(CollectorScripts.of(whole, platform), channel);
        }
    }

    private void clean(CollectorScript script, Channel channel) throws InterruptedException, IOException {
        String text;
        try {
            text = "nothing was put on the host; " + String.join("; ", channel.remove(script));
        } catch (ProviderException e) {
            text = "what the fetching left in the vendor's cloud could not be removed: " + e.reason();
        }
        context.custody("host.cleaned", text);
        context.completed("cleaned", text);
    }

    private final class Run {
        private final Profile profile;
        private final Platform platform;
        private final RemoteHost host;
        private final Channel channel;
        private final PlainFiles files;
        private final Terms terms;
        private final Path scratch;
        private final PlainArchive archive;
        private long read;
        private int fetched;

        Run(Profile profile, Platform platform, RemoteHost host, Channel channel, PlainFiles files, Terms terms)
                throws IOException {
            this.profile = profile;
            this.platform = platform;
            this.host = host;
            this.channel = channel;
            this.files = files;
            this.terms = terms;
            this.scratch = context.scratch();
            this.archive = new PlainArchive(context, clock, scratch);
        }

        void run() throws ProviderException, InterruptedException, IOException {
            if (archive.parts() == 0) {
                describe();
                liveState();
                archive.cut();
            }
            if (!archive.finished()) {
                files();
            }
            context.custody(
                    "files.fetched",
                    "%d files, %,d bytes, hashed on arrival; the host states no digests".formatted(fetched, read));
            context.completed("collected", "%d parts, %d bytes".formatted(archive.parts(), archive.bytes()));
        }

        private void files() throws ProviderException, InterruptedException, IOException {
            archive.outcomes().values().forEach(outcome -> outcome.size().ifPresent(this::count));
            var paths = new PlainPaths(files, platform, homes());
            for (Artifact artifact : profile.artifacts()) {
                artifact(artifact, paths);
            }
            if (!profile.roots().isEmpty()) {
                archive.outcome(PlainOutcome.failed(
                        "varve/files.jsonl", "FileMetadata", "metadata of folders cannot be had without a script"));
            }
            archive.finish(footprint());
        }

        private void describe() throws IOException {
            var names = new LinkedHashMap<String, Object>();
            names.put("name", host.name());
            names.put("os", platform.text());
            var capture = new LinkedHashMap<String, Object>();
            capture.put("schema", "varve.capture/1");
            capture.put("capture", context.capture());
            capture.put("profile", profile.name());
            capture.put("host", names);
            capture.put("vendor", new TreeMap<>(host.facts()));
            capture.put("started", clock.instant().toString());
            archive.json("varve/capture.json", capture);
        }

        private void liveState() throws ProviderException, InterruptedException, IOException {
            if (profile.volatileState().isEmpty()) {
                return;
            }
            Map<String, String> texts = Map.of();
            try {
                texts = files.liveState();
            } catch (ProviderException e) {
                if (passing(e.kind())) {
                    throw e;
                }
                archive.outcome(PlainOutcome.failed("varve/collected/live", "VolatileState", e.reason()));
                return;
            }
            for (Map.Entry<String, String> text : new TreeMap<>(texts).entrySet()) {
                String name =
                        "varve/collected/live/%s.txt".formatted(text.getKey().replaceAll("[^A-Za-z0-9_-]", "_"));
                byte[] content = text.getValue().getBytes(StandardCharsets.UTF_8);
                archive.member(name, content);
                archive.outcome(PlainOutcome.arrived(name, "VolatileState", content.length, Digest.of(content)));
            }
            if (!collected() && texts.isEmpty()) {
                archive.outcome(PlainOutcome.failed(
                        "varve/collected/live", "VolatileState", "the vendor shows none without a script"));
            }
        }

        /// What the vendor itself collected on the host, as it came. False when that is nothing.
        private boolean collected() throws ProviderException, InterruptedException, IOException {
            Map<String, Path> own;
            try {
                own = files.collected(scratch);
            } catch (ProviderException e) {
                if (passing(e.kind())) {
                    throw e;
                }
                archive.outcome(PlainOutcome.failed("varve/collected/vendor", "VolatileState", e.reason()));
                return true;
            }
            for (Map.Entry<String, Path> file : new TreeMap<>(own).entrySet()) {
                String name = "varve/collected/" + file.getKey().replaceAll("[^A-Za-z0-9._-]", "_");
                long size = Files.size(file.getValue());
                Digest digest = archive.member(name, file.getValue());
                archive.outcome(PlainOutcome.arrived(name, "VolatileState", size, digest));
                Files.delete(file.getValue());
            }
            return !own.isEmpty();
        }

        /// Homes of the host's users, the first thing asked for: other paths depend on them.
        private Set<String> homes() throws ProviderException, InterruptedException, IOException {
            return switch (platform) {
                case LINUX -> passwd();
                case MACOS -> folders("/Users", "/var/root");
                case WINDOWS -> folders("/Users", "/Windows/ServiceProfiles/LocalService");
            };
        }

        private Set<String> passwd() throws ProviderException, InterruptedException, IOException {
            var homes = new LinkedHashSet<String>();
            homes.add("/root");
            Optional<ProviderException> problem = one(new RemoteFile("/etc/passwd", 0), (file, local) -> {
                if (Files.size(local) > LARGEST_PASSWD) {
                    return;
                }
                for (String line : new String(Files.readAllBytes(local), StandardCharsets.UTF_8).split("\n")) {
                    String[] fields = line.split(":", -1);
                    String home = fields.length > 5 ? fields[5].replaceAll("/+$", "") : "";
                    if (home.startsWith("/") && !home.contains("..") && home.indexOf('\0') < 0) {
                        homes.add(home);
                    }
                }
            });
            problem.ifPresent(e -> archive.outcome(PlainOutcome.failed(
                    "/etc/passwd (for home folders)", "UnixPasswdFile", "only /root is known: " + e.reason())));
            return homes;
        }

        private Set<String> folders(String parent, String more) throws ProviderException, InterruptedException {
            var homes = new LinkedHashSet<String>();
            try {
                for (Entry entry : files.list(PlainPaths.onHost(parent, platform))) {
                    if (entry.folder()
                            && entry.name().matches("[^/\\\\\\p{Cntrl}]{1,255}")
                            && !entry.name().startsWith(".")) {
                        homes.add(parent + "/" + entry.name());
                    }
                }
            } catch (ProviderException e) {
                if (passing(e.kind())) {
                    throw e;
                }
                archive.outcome(
                        PlainOutcome.failed(parent, "UserProfiles", "home folders are not known: " + e.reason()));
            }
            homes.add(more);
            return homes;
        }

        private void artifact(Artifact artifact, PlainPaths paths)
                throws ProviderException, InterruptedException, IOException {
            for (String pattern : artifact.paths()) {
                proceed();
                List<RemoteFile> found = paths.find(pattern);
                paths.problem().ifPresent(why -> archive.outcome(PlainOutcome.failed(pattern, artifact.name(), why)));
                if (found.isEmpty()) {
                    archive.outcome(PlainOutcome.missing(pattern, artifact.name()));
                }
                fetch(artifact, found);
            }
        }

        private void fetch(Artifact artifact, List<RemoteFile> found)
                throws ProviderException, InterruptedException, IOException {
            var batch = new ArrayList<RemoteFile>();
            long size = 0;
            for (RemoteFile file : found) {
                if (archive.outcomes().containsKey(file.path())) {
                    continue;
                }
                Optional<String> cap = cap(artifact, file);
                if (cap.isPresent()) {
                    archive.outcome(PlainOutcome.failed(file.path(), artifact.name(), cap.get()));
                    continue;
                }
                batch.add(file);
                size += file.size();
                if (batch.size() >= terms.partsPerFetch() || size >= terms.partSize()) {
                    bring(artifact, batch);
                    batch.clear();
                    size = 0;
                }
            }
            if (!batch.isEmpty()) {
                bring(artifact, batch);
            }
        }

        private Optional<String> cap(Artifact artifact, RemoteFile file) {
            if (file.size() > artifact.fileBytes()) {
                return Optional.of("size cap: %d bytes, at most %d are fetched whole"
                        .formatted(file.size(), artifact.fileBytes()));
            }
            if (fetched >= profile.caps().files()) {
                return Optional.of("file count cap: " + profile.caps().files());
            }
            return read + file.size() > profile.caps().totalBytes()
                    ? Optional.of(
                            "total size cap: %d bytes".formatted(profile.caps().totalBytes()))
                    : Optional.empty();
        }

        /// One part: these files. When one of them cannot be had, each is asked for alone, so that it costs no other.
        private void bring(Artifact artifact, List<RemoteFile> batch)
                throws ProviderException, InterruptedException, IOException {
            proceed();
            var there = new LinkedHashMap<String, RemoteFile>();
            batch.forEach(file -> there.put(PlainPaths.onHost(file.path(), platform), file));
            if (batch.size() > 1) {
                try {
                    channel.fetch(asked(there), (file, local) -> arrived(artifact, there, file, local));
                } catch (ProviderException e) {
                    if (passing(e.kind())) {
                        throw e;
                    }
                }
            }
            for (RemoteFile file : batch) {
                if (archive.outcomes().containsKey(file.path())) {
                    continue;
                }
                Optional<ProviderException> problem =
                        one(file, (remote, local) -> arrived(artifact, there, remote, local));
                problem.ifPresent(e -> archive.outcome(
                        e.kind() == Kind.NOT_FOUND
                                ? PlainOutcome.missing(file.path(), artifact.name())
                                : PlainOutcome.failed(file.path(), artifact.name(), e.reason())));
            }
            archive.cut();
            context.progress(archive.bytes(), 0, "files: %s; %d files are here".formatted(artifact.name(), fetched));
        }

        private static List<RemoteFile> asked(Map<String, RemoteFile> there) {
            return there.entrySet().stream()
                    .map(file -> new RemoteFile(file.getKey(), file.getValue().size()))
                    .toList();
        }

        private void arrived(Artifact artifact, Map<String, RemoteFile> there, RemoteFile remote, Path local)
                throws ProviderException, IOException {
            RemoteFile file = there.get(remote.path());
            if (file == null) {
                throw new ProviderException(Kind.FAILED, "the vendor sent a file nobody asked for: " + remote.path());
            }
            if (archive.outcomes().containsKey(file.path())) {
                return;
            }
            Digest digest = archive.file(file.path(), local);
            long size = Files.size(local);
            count(size);
            archive.outcome(PlainOutcome.arrived(file.path(), artifact.name(), size, digest));
        }

        private void count(long size) {
            fetched++;
            read += size;
        }

        /// Empty when it came.
        private Optional<ProviderException> one(RemoteFile file, Channel.Arrival arrival)
                throws ProviderException, InterruptedException, IOException {
            String path = PlainPaths.onHost(file.path(), platform);
            try {
                channel.fetch(List.of(new RemoteFile(path, file.size())), arrival);
                return Optional.empty();
            } catch (ProviderException e) {
                if (passing(e.kind())) {
                    throw e;
                }
                return Optional.of(e);
            }
        }

        private Map<String, Object> footprint() {
            var footprint = new LinkedHashMap<String, Object>();
            footprint.put("read_bytes", read);
            footprint.put("files_read", fetched);
            footprint.put("written", List.of());
            footprint.put("processes_started", List.of());
            footprint.put("network", List.of());
            footprint.put("how", "files fetched one by one over the vendor's channel, hashed on arrival");
            footprint.put("ended", clock.instant().toString());
            return footprint;
        }

        private void proceed() throws ProviderException {
            if (context.cancelled()) {
                throw new ProviderException(Kind.CANCELLED, "cancelled");
            }
            if (!clock.instant().isBefore(context.deadline())) {
                throw new ProviderException(Kind.REFUSED, "not done by " + context.deadline());
            }
        }
    }

    /// The same may succeed later: the capture is tried again instead of giving the file up.
    private static boolean passing(Kind kind) {
        return switch (kind) {
            case OFFLINE, THROTTLED, FAILED, CANCELLED -> true;
            case NOT_FOUND, FORBIDDEN, REFUSED -> false;
        };
    }
}
