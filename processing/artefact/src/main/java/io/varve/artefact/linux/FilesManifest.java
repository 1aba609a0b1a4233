package io.varve.artefact.linux;

import com.google.auto.service.AutoService;
import io.varve.artefact.ArtefactParser;
import io.varve.artefact.EventSink;
import io.varve.artefact.EvidenceContext;
import io.varve.artefact.JsonLine;
import io.varve.artefact.JsonLines;
import io.varve.binary.CorruptException;
import io.varve.disk.EvidenceFile;
import io.varve.event.DataType;
import io.varve.event.EventData;
import io.varve.event.EventTime;
import io.varve.event.Field;
import io.varve.event.Precision;
import io.varve.event.RecordLocator;
import io.varve.event.Time;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.regex.Pattern;

/// `varve/files.jsonl` of a capture archive: metadata of every file of a running host.
///
/// A record is named by path, inode and change times, not by its place in the manifest: an unchanged file is the same
/// record in the next capture, a changed one is another. Format: docs/formats-capture.md.
@AutoService(ArtefactParser.class)
public final class FilesManifest implements ArtefactParser {
    private static final Pattern PATH = Pattern.compile("(.*!)?/varve/files\\.jsonl");

    /// A file of the host, as the kernel describes it.
    @DataType("linux:file:stat")
    record FileStat(
            @Time("Content Modification Time") Optional<EventTime> modified,
            @Time("Last Access Time") Optional<EventTime> accessed,
            @Time("Metadata Modification Time") Optional<EventTime> changed,
            @Time("Creation Time") Optional<EventTime> created,
            @Field("file.path") String path,
            @Field("file.type") String type,
            @Field("file.size") Optional<Long> size,
            @Field("file.inode") Optional<Long> inode,
            @Field("file.mode") String mode,
            @Field("file.uid") String uid,
            @Field("file.gid") String gid,
            @Field("file.owner") String owner,
            @Field("file.hash.sha256") String sha256,
            @Field("file.target_path") String target,
            @Field("file.setuid") Optional<Boolean> setuid,
            @Field("file.setgid") Optional<Boolean> setgid)
            implements EventData {
        @Override
        public String message() {
            String kind = type.isEmpty() ? "file" : type;
            String raised = setuid.map(s -> "setuid ").orElse("")
                    + setgid.map(s -> "setgid ").orElse("");
            String points = target.isEmpty() ? "" : " to " + target;
            return "%s%s %s%s (%s bytes, mode %s, owner %s)"
                    .formatted(
                            raised,
                            kind,
                            path,
                            points,
                            size.map(String::valueOf).orElse("unknown"),
                            mode,
                            owner);
        }
    }

    @Override
    public String name() {
        return "files_manifest";
    }

    @Override
    public String dataType() {
        return "linux:file";
    }

    @Override
    public boolean claims(EvidenceFile file, MemorySegment head) {
        return PATH.matcher(file.path()).matches();
    }

    @Override
    public void parse(EvidenceFile file, EvidenceContext context, EventSink sink) throws IOException {
        JsonLines.read(file, sink, (line, raw) -> sink.record(locator(line, raw.offset()), stat(line, context)));
    }

    private static RecordLocator locator(JsonLine line, long offset) {
        return RecordLocator.of(offset, line.key(line.required("path"), "inode", "mtime", "ctime", "atime"));
    }

    private static FileStat stat(JsonLine line, EvidenceContext context) {
        int mode = mode(line.text("mode"));
        return new FileStat(
                line.time("mtime", Precision.NANOSECOND),
                line.time("atime", Precision.NANOSECOND),
                line.time("ctime", Precision.NANOSECOND),
                line.time("crtime", Precision.NANOSECOND),
                line.required("path"),
                line.text("type"),
                line.number("size"),
                line.number("inode"),
                line.text("mode"),
                line.text("uid"),
                line.text("gid"),
                context.user(line.text("uid")),
                line.text("sha256"),
                line.text("target"),
                isProgram(line, mode, 04000),
                isProgram(line, mode, 02000));
    }

    private static int mode(String octal) {
        if (octal.isEmpty()) {
            return 0;
        }
        if (octal.length() > 7 || !octal.chars().allMatch(c -> c >= '0' && c <= '7')) {
            throw new CorruptException("mode is not octal");
        }
        return Integer.parseInt(octal, 8);
    }

    /// Whether the bit gives a program its owner's rights: on folders it means something else.
    private static Optional<Boolean> isProgram(JsonLine line, int mode, int bit) {
        return (mode & bit) != 0 && line.text("type").equals("file") ? Optional.of(true) : Optional.empty();
    }
}
