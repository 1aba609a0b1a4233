package io.varve.engine;

import io.varve.artefact.ArtefactParser;
import io.varve.artefact.EvidenceContext;
import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.binary.UnsupportedException;
import io.varve.disk.Entry;
import io.varve.disk.Entry.Type;
import io.varve.disk.Evidence;
import io.varve.disk.EvidenceFile;
import io.varve.disk.EvidenceVisitor;
import io.varve.disk.Scratch;
import io.varve.event.Coverage;
import io.varve.event.Coverage.Status;
import io.varve.event.Location;
import io.varve.event.Timeliner;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/// Reads one evidence item: every file to the first parser that claims it, and a coverage row for each.
///
/// A file costs at most itself: whatever a parser does, the run goes on. Archives have no row of their own unless
/// something of them is lost; directories and links have none, named pipes and devices are `unparsed` with the reason.
///
/// What was deleted may be overwritten: its content that cannot be read is `unparsed` with the reason and no failure of
/// the run, as it is none for `files`.
public final class Run implements EvidenceVisitor {
    private static final int HEAD = 4_096;

    private final String evidence;
    private final String evidenceKey;
    private final EvidenceContext context;
    private final Parsers parsers;
    private final RunOutput output;
    private final Totals totals;
    private final Given given;
    /// What the walk told of a path before its row is written.
    private final Map<Place, Told> told = new ConcurrentHashMap<>();
    private final Map<String, VolumeLedger> volumes = new ConcurrentHashMap<>();

    private record Place(Optional<String> volume, String path) {}

    /// Several threads may tell of one path; each of them has its own file.
    private static final class Told {
        final Warnings warnings = new Warnings();
        boolean damaged;
    }

    private Run(
            String evidence,
            String evidenceKey,
            EvidenceContext context,
            Given given,
            Parsers parsers,
            RunOutput output,
            Totals totals) {
        this.evidence = evidence;
        this.evidenceKey = evidenceKey;
        this.context = context;
        this.given = given;
        this.parsers = parsers;
        this.output = output;
        this.totals = totals;
    }

    /// Reads the context, then every file.
    ///
    /// @param name the evidence as events and coverage call it
    /// @param key identity that event ids are made from
    public static void of(
            String name, String key, Evidence opened, Given given, Parsers parsers, RunOutput output, Totals totals)
            throws IOException {
        EvidenceContext context = new ContextReader(opened).read(given);
        var run = new Run(name, key, context, given, parsers, new OneAtATime(output), totals);
        opened.walk(run);
        run.leftovers();
    }

    /// Evidence that cannot be opened at all.
    public static void unopened(String name, String path, IOException problem, RunOutput output, Totals totals) {
        Warnings warnings = new Warnings();
        warnings.add(OptionalLong.empty(), Scratch.reason(problem));
        Coverage row = row(
                name,
                Optional.empty(),
                path,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Status.FAILED,
                null,
                warnings);
        totals.add(row);
        output.coverage(row);
    }

    @Override
    public int threads() {
        return given.threads();
    }

    @Override
    public void container(String format, List<String> notes, Map<String, String> digests) {
        Warnings about = new Warnings();
        about.add(OptionalLong.empty(), "disk image: " + format);
        notes.forEach(note -> about.add(OptionalLong.empty(), note));
        digests.forEach((algorithm, digest) ->
                about.add(OptionalLong.empty(), "the image states %s %s".formatted(algorithm, digest)));
        write(diskRow(Optional.empty(), 0, Status.PARSED, about));
    }

    @Override
    public boolean comparesDigests() {
        return given.compare();
    }

    @Override
    public void compared(String algorithm, String stated, String found) {
        boolean same = stated.equalsIgnoreCase(found);
        Warnings about = new Warnings();
        about.add(
                OptionalLong.empty(),
                same
                        ? "the content has the %s that the image states: %s".formatted(algorithm, found)
                        : "the image states %s %s, its content has %s: it was altered or damaged after it was made"
                                .formatted(algorithm, stated, found));
        write(diskRow(Optional.empty(), 0, same ? Status.PARSED : Status.PARTIAL, about));
    }

    @Override
    public void volume(String name, String kind, long offset, long size, boolean allocated, Optional<String> about) {
        Warnings notes = new Warnings();
        notes.add(
                OptionalLong.empty(),
                "%s at offset %d%s"
                        .formatted(kind, offset, about.map(a -> ": " + a).orElse("")));
        if (!allocated || about.isPresent()) {
            write(diskRow(Optional.of(name), size, Status.UNPARSED, notes));
        }
    }

    @Override
    public void unreadVolume(String name, String kind, long offset, long size, String reason) {
        Warnings notes = new Warnings();
        notes.add(OptionalLong.of(offset), "%s not read: %s".formatted(kind, reason));
        write(diskRow(Optional.of(name), size, Status.FAILED, notes));
    }

    private Coverage diskRow(Optional<String> volume, long size, Status status, Warnings about) {
        return row(
                evidence, volume, "/", size, Optional.empty(), Optional.empty(), Optional.empty(), status, null, about);
    }

    @Override
    public void fileSystem(String volume, String type, Optional<String> label) {
        volumes.put(
                volume,
                new VolumeLedger(
                        evidence,
                        volume,
                        type,
                        new Timeliner(evidenceKey, VolumeLedger.PARSER, context.host()),
                        context,
                        output));
    }

    @Override
    public void fileSystemDone(String volume) {
        VolumeLedger ledger = volumes.get(volume);
        if (ledger != null) {
            Told before = told(Optional.of(volume), "/");
            write(ledger.row(before.warnings, before.damaged));
        }
    }

    /// The name as an event of its volume.
    private void stat(Entry entry, Optional<String> sha256) {
        entry.origin().ifPresent(origin -> {
            VolumeLedger ledger = volumes.get(entry.volume().orElse(""));
            if (ledger != null) {
                ledger.name(entry, origin, sha256);
            }
        });
    }

    @Override
    public void file(Entry entry, EvidenceFile file) {
        output.progress(0, 0, entry.path());
        if (entry.origin().flatMap(Entry.Origin::sameAs).isPresent()) {
            // read under its first name
            stat(entry, Optional.empty());
            return;
        }
        Told before = told(entry);
        try (Bytes content = file.open()) {
            if (content.size() == 0) {
                stat(entry, Optional.empty());
                write(entry, 0, Optional.of(FileDigest.EMPTY), before.damaged ? lost(entry) : Status.EMPTY, before);
                return;
            }
            FileDigest digest = FileDigest.of(content, HEAD);
            stat(entry, digest.sha256());
            MemorySegment head = MemorySegment.ofArray(digest.head()).asReadOnly();
            Optional<ArtefactParser> parser = parsers.claiming(file, head);
            if (parser.isPresent()) {
                parse(entry, file, content.size(), digest, parser.get(), before);
                return;
            }
            digest.problem().ifPresent(reason -> {
                before.damaged = true;
                before.warnings.add(digest.hashed(), reason);
            });
            Coverage row = row(
                    evidence,
                    entry.volume(),
                    entry.path(),
                    content.size(),
                    digest.sha256(),
                    Optional.empty(),
                    MediaTypes.of(file.name(), digest.head()),
                    before.damaged ? lost(entry) : Status.UNPARSED,
                    null,
                    before.warnings);
            write(row);
        } catch (IOException | CorruptException | UnsupportedException e) {
            stat(entry, Optional.empty());
            before.warnings.add(OptionalLong.empty(), Scratch.reason(e));
            write(entry, file.size(), Optional.empty(), lost(entry), before);
        }
    }

    private void parse(
            Entry entry, EvidenceFile file, long size, FileDigest digest, ArtefactParser parser, Told before) {
        Location location = new Location(
                evidence,
                entry.volume(),
                entry.path(),
                entry.origin().flatMap(Entry.Origin::stream),
                // a loose copy's inode is the copier's
                entry.volume().isPresent() ? entry.inode() : OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty());
        var ledger = new Ledger(
                location, new Timeliner(evidenceKey, parser.name(), context.host()), output, before.warnings);
        boolean whole = parseGuarded(file, parser, ledger) && !before.damaged;
        Status status =
                whole && ledger.rejected() == 0 ? Status.PARSED : ledger.parsed() > 0 ? Status.PARTIAL : lost(entry);
        Coverage row = row(
                evidence,
                entry.volume(),
                entry.path(),
                size,
                digest.sha256(),
                Optional.of(parser.name()),
                Optional.empty(),
                status,
                ledger,
                before.warnings);
        if (entry.allocated()) {
            totals.add(row);
        } else {
            totals.addDeleted(row);
        }
        output.coverage(row);
    }

    /// Whether the parser came to its end.
    private boolean parseGuarded(EvidenceFile file, ArtefactParser parser, Ledger ledger) {
        try {
            parser.parse(file, context, ledger);
            return true;
        } catch (OutputException e) {
            throw e;
        } catch (CorruptException | UnsupportedException | IOException e) {
            ledger.failed(Scratch.reason(e));
        } catch (StackOverflowError e) {
            ledger.failed("nested too deeply for parser %s".formatted(parser.name()));
        } catch (OutOfMemoryError e) {
            ledger.failed("needs more memory than there is in parser %s".formatted(parser.name()));
        } catch (RuntimeException e) {
            StackTraceElement[] trace = e.getStackTrace();
            ledger.failed(
                    "fault in parser %s: %s%s".formatted(parser.name(), e, trace.length > 0 ? " at " + trace[0] : ""));
        }
        return false;
    }

    @Override
    public void name(Entry entry) {
        stat(entry, Optional.empty());
        if (entry.type().isSpecial() && entry.allocated()) {
            Told before = told(entry);
            before.warnings.add(OptionalLong.empty(), "a named pipe, socket or device: not opened");
            write(entry, 0, Optional.empty(), Status.UNPARSED, before);
        }
    }

    @Override
    public void unreadable(Entry entry, String reason) {
        stat(entry, Optional.empty());
        Told before = told(entry);
        before.warnings.add(OptionalLong.empty(), reason);
        write(entry, entry.size(), Optional.empty(), lost(entry), before);
    }

    private static Status lost(Entry entry) {
        return entry.allocated() ? Status.FAILED : Status.UNPARSED;
    }

    @Override
    public void damaged(String path, OptionalLong offset, String reason) {
        damaged(Optional.empty(), path, offset, reason);
    }

    @Override
    public void damaged(Optional<String> volume, String path, OptionalLong offset, String reason) {
        Told about = told.computeIfAbsent(new Place(volume, path), p -> new Told());
        synchronized (about) {
            about.damaged = true;
            about.warnings.add(offset, reason);
        }
    }

    @Override
    public void noted(String path, String reason) {
        noted(Optional.empty(), path, reason);
    }

    @Override
    public void noted(Optional<String> volume, String path, String reason) {
        Told about = told.computeIfAbsent(new Place(volume, path), p -> new Told());
        synchronized (about) {
            about.warnings.add(OptionalLong.empty(), reason);
        }
    }

    @Override
    public void archive(Entry entry, EvidenceFile file, long members) {
        stat(entry, Optional.empty());
        Told before = told.remove(new Place(entry.volume(), entry.path()));
        if (members == 0 || before != null) {
            Told about = before == null ? new Told() : before;
            Status status = !about.damaged
                    ? members == 0 ? Status.EMPTY : Status.PARSED
                    : members == 0 ? lost(entry) : Status.PARTIAL;
            write(entry, file.size(), Optional.empty(), status, about);
        }
    }

    @Override
    public void progress(long done, long total, String path) {
        output.progress(done, total, path);
    }

    /// What was told of paths that have no row, e.g. folders not entered.
    private void leftovers() {
        for (Map.Entry<Place, Told> left : Map.copyOf(told).entrySet()) {
            Entry plain = Entry.plain(left.getKey().path(), Type.FILE, 0);
            Entry entry = left.getKey().volume().map(plain::withVolume).orElse(plain);
            Told about = left.getValue();
            write(entry, 0, Optional.empty(), about.damaged ? Status.FAILED : Status.UNPARSED, about);
        }
    }

    private Told told(Entry entry) {
        return told(entry.volume(), entry.path());
    }

    private Told told(Optional<String> volume, String path) {
        Told before = told.remove(new Place(volume, path));
        return before == null ? new Told() : before;
    }

    private void write(Entry entry, long size, Optional<String> sha256, Status status, Told before) {
        write(row(
                evidence,
                entry.volume(),
                entry.path(),
                size,
                sha256,
                Optional.empty(),
                Optional.empty(),
                status,
                null,
                before.warnings));
    }

    private void write(Coverage row) {
        totals.add(row);
        output.coverage(row);
    }

    private static Coverage row(
            String evidence,
            Optional<String> volume,
            String path,
            long size,
            Optional<String> sha256,
            Optional<String> parser,
            Optional<String> mediaType,
            Status status,
            @org.jspecify.annotations.Nullable Ledger ledger,
            Warnings warnings) {
        long parsed = ledger == null ? 0 : ledger.parsed();
        long rejected = ledger == null ? 0 : ledger.rejected();
        long events = ledger == null ? 0 : ledger.events();
        return new Coverage(
                evidence,
                volume,
                path,
                size,
                sha256,
                parser,
                mediaType,
                status,
                parsed + rejected,
                parsed,
                rejected,
                events,
                warnings.list());
    }
}
