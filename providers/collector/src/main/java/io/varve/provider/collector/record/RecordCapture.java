package io.varve.provider.collector.record;

import io.varve.provider.CaptureContext;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.archive.AssembledArchive;
import io.varve.provider.collector.archive.Outcome;
import io.varve.provider.collector.record.RecordSource.Window;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Captures the logs of a cloud that are about one asset, and files that it keeps of it: each log and what
/// belongs together of the files is a part of a capture archive, so that after a crash none is asked for
/// again. What is refused is an outcome with its reason, and the others go on.
///
/// Steps: `records` (the time they end), those of [AssembledArchive], `collected`.
public final class RecordCapture {
    /// Name of the profile.
    public static final String PROFILE = "cloud-logs";

    private static final long MOST_BYTES = 2L << 30;
    private static final int SAID_EVERY = 1_000;

    private final CaptureContext context;
    private final Clock clock;
    private final Duration days;

    /// @param days how far back
    public RecordCapture(CaptureContext context, Clock clock, Duration days) {
        this.context = context;
        this.clock = clock;
        this.days = days;
    }

    /// Whether a capture may go on.
    interface Going {
        void proceed() throws ProviderException;
    }

    /// @param host name of the asset, as people know it
    /// @param cloud where it is, by the cloud's own words, for `varve/capture.json`
    public void run(String host, Map<String, String> cloud, List<RecordSource> sources)
            throws ProviderException, InterruptedException, IOException {
        run(host, cloud, sources, List.of());
    }

    /// The same with files, which are fetched last.
    public void run(String host, Map<String, String> cloud, List<RecordSource> sources, List<FileSource> files)
            throws ProviderException, InterruptedException, IOException {
        if (context.step("collected").isPresent()) {
            return;
        }
        if (context.step("records").isEmpty()) {
            context.completed("records", clock.instant().toString());
        }
        Instant end = Instant.parse(context.step("records").orElseThrow());
        var window = new Window(end.minus(days), end);
        var archive = new AssembledArchive(context, end);
        if (!archive.has("statement")) {
            try (AssembledArchive.Part part = archive.begin()) {
                part.json("varve/capture.json", statement(host, cloud, window));
                part.store("statement");
            }
        }
        for (RecordSource source : sources) {
            proceed();
            if (!archive.has(source.path())) {
                collect(archive, source, window);
            }
        }
        var parts = new FileParts(context, archive, this::proceed);
        for (FileSource source : files) {
            proceed();
            if (!archive.has(source.path())) {
                parts.collect(source);
            }
        }
        expectSome(archive, files.isEmpty() ? Set.of("collected", "missing", "empty") : Set.of("collected"));
        if (!archive.has("end")) {
            archive.finish(footprint(end));
        }
        context.progress(archive.bytes(), archive.bytes(), "everything is here");
        context.completed(
                "collected", "%d parts, %d bytes".formatted(archive.labels().size(), archive.bytes()));
    }

    /// An archive of refusals only is no evidence; where files were asked for, one without anything is none either.
    ///
    /// @param evidence what some outcome must be
    private static void expectSome(AssembledArchive archive, Set<String> evidence) throws ProviderException {
        List<Outcome> outcomes = archive.outcomes();
        boolean some = outcomes.isEmpty() || outcomes.stream().anyMatch(outcome -> evidence.contains(outcome.status()));
        if (!some) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "nothing could be read: "
                            + outcomes.stream()
                                    .filter(outcome -> !outcome.reason().isEmpty())
                                    .map(outcome -> outcome.artifact() + ": " + outcome.reason())
                                    .collect(Collectors.joining("; ")));
        }
    }

    private Map<String, Object> statement(String host, Map<String, String> cloud, Window window) {
        var capture = new LinkedHashMap<String, Object>();
        capture.put("schema", "varve.capture/1");
        capture.put("capture", context.capture());
        capture.put("profile", context.profile());
        capture.put("host", Map.of("name", host));
        capture.put("cloud", new java.util.TreeMap<>(cloud));
        capture.put(
                "window",
                Map.of("from", window.from().toString(), "to", window.to().toString()));
        capture.put("started", window.to().toString());
        return capture;
    }

    private static Map<String, Object> footprint(Instant end) {
        var footprint = new LinkedHashMap<String, Object>();
        footprint.put("written", List.of());
        footprint.put("processes_started", List.of());
        footprint.put("network", List.of());
        footprint.put("ended", end.toString());
        return footprint;
    }

    private void collect(AssembledArchive archive, RecordSource source, Window window)
            throws ProviderException, InterruptedException, IOException {
        Path file = Files.createTempFile(archive.scratch(), "records", ".jsonl");
        try (AssembledArchive.Part part = archive.begin()) {
            var written = new Written(archive, source);
            boolean refused = false;
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
                source.read(window, written.to(out));
            } catch (ProviderException e) {
                if (e.kind() != Kind.REFUSED && e.kind() != Kind.FORBIDDEN && e.kind() != Kind.NOT_FOUND) {
                    throw e;
                }
                proceed();
                refused = true;
                part.outcome(Outcome.failed(refusedPath(source, written), source.artifact(), e.reason()));
                context.custody("records.refused", "%s: %s".formatted(source.artifact(), e.reason()));
            }
            keep(part, source, file, written, refused);
            part.store(source.path());
            if (refused && written.records == 0) {
                return;
            }
            context.custody(
                    "records.collected",
                    "%s, %d records, asked for %s to %s"
                            .formatted(source.artifact(), written.records, window.from(), window.to()));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static String refusedPath(RecordSource source, Written written) {
        return written.records == 0 ? source.path() : source.path() + " beyond record " + written.records;
    }

    private static void keep(
            AssembledArchive.Part part, RecordSource source, Path file, Written written, boolean refused)
            throws IOException {
        if (written.records == 0) {
            if (refused) {
                return;
            }
            part.outcome(Outcome.empty(source.path(), source.artifact()));
            return;
        }
        String sha256 = part.member(source.path(), file).hex();
        part.outcome(Outcome.collected(source.path(), source.artifact(), sha256));
        if (written.isFull) {
            part.outcome(Outcome.failed(
                    "%s beyond record %d".formatted(source.path(), written.records),
                    source.artifact(),
                    "more than %d bytes".formatted(MOST_BYTES)));
        }
    }

    private final class Written {
        private final AssembledArchive archive;
        private final RecordSource source;
        private long records;
        private long bytes;
        private boolean isFull;

        private Written(AssembledArchive archive, RecordSource source) {
            this.archive = archive;
            this.source = source;
        }

        private RecordSource.Lines to(OutputStream out) {
            return new RecordSource.Lines() {
                @Override
                public boolean add(String record) throws ProviderException, IOException {
                    return Written.this.add(out, record);
                }

                @Override
                public void proceed() throws ProviderException {
                    RecordCapture.this.proceed();
                }
            };
        }

        private boolean add(OutputStream out, String record) throws ProviderException, IOException {
            byte[] line = (record + "\n").getBytes(StandardCharsets.UTF_8);
            if (bytes + line.length > MOST_BYTES) {
                isFull = true;
                return false;
            }
            out.write(line);
            bytes += line.length;
            if (++records % SAID_EVERY == 0) {
                proceed();
                context.progress(archive.bytes(), 0, "%s: %d records".formatted(source.artifact(), records));
            }
            return true;
        }
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
