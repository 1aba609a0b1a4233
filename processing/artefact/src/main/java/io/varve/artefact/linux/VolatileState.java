package io.varve.artefact.linux;

import com.google.auto.service.AutoService;
import io.varve.artefact.ArtefactParser;
import io.varve.artefact.EventSink;
import io.varve.artefact.EvidenceContext;
import io.varve.artefact.JsonLine;
import io.varve.artefact.JsonLines;
import io.varve.binary.CorruptException;
import io.varve.disk.EvidenceFile;
import io.varve.event.EventData;
import io.varve.event.RecordLocator;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `varve/volatile/*.jsonl` of a capture archive: what ran, was open and was connected while the host was captured.
///
/// A record is named by what it describes (a process by its number, start and program), not by its line, so what still
/// runs in the next capture is the same record there. Format: docs/formats-capture.md.
@AutoService(ArtefactParser.class)
public final class VolatileState implements ArtefactParser {
    private static final Pattern PATH = Pattern.compile(
            "(.*!)?/varve/volatile/(processes|open_files|sockets|modules|mounts|sessions|containers)\\.jsonl");
    /// Processes remembered, to name the owner of a socket or file.
    private static final int PROCESSES = 200_000;

    /// Process by number, from the neighbouring member.
    record Owner(Optional<String> name, Optional<String> executable, Optional<String> user, String started) {
        static final Owner UNKNOWN = new Owner(Optional.empty(), Optional.empty(), Optional.empty(), "");
    }

    @Override
    public String name() {
        return "volatile_state";
    }

    @Override
    public String dataType() {
        return "linux:volatile";
    }

    @Override
    public boolean claims(EvidenceFile file, MemorySegment head) {
        return PATH.matcher(file.path()).matches();
    }

    @Override
    public void parse(EvidenceFile file, EvidenceContext context, EventSink sink) throws IOException {
        Matcher path = PATH.matcher(file.path());
        if (!path.matches()) {
            throw new CorruptException("not a member of the volatile state");
        }
        String member = path.group(2);
        boolean owned = member.equals("open_files") || member.equals("sockets");
        Map<String, Owner> owners = owned ? owners(file, context, sink) : Map.of();
        var seen = new HashMap<String, Integer>();
        JsonLines.read(file, sink, (line, raw) -> {
            Owner owner = owners.getOrDefault(line.text("pid"), Owner.UNKNOWN);
            EventData data = data(member, line, owner, context);
            String key = key(member, line, owner);
            int same = seen.merge(key, 1, Integer::sum);
            sink.record(RecordLocator.of(raw.offset(), same == 1 ? key : key + "#" + same), data);
        });
    }

    private static Map<String, Owner> owners(EvidenceFile file, EvidenceContext context, EventSink sink)
            throws IOException {
        var owners = new HashMap<String, Owner>();
        Optional<EvidenceFile> processes = file.sibling("processes.jsonl");
        if (processes.isEmpty()) {
            sink.warning(0, "no processes.jsonl beside it: processes are known by number only");
            return owners;
        }
        JsonLines.read(processes.get(), new Ignoring(), (line, raw) -> {
            if (owners.size() < PROCESSES) {
                owners.put(
                        line.text("pid"),
                        new Owner(
                                line.optional("name"),
                                line.optional("executable"),
                                user(line, context),
                                started(line)));
            }
        });
        return owners;
    }

    static Optional<String> user(JsonLine line, EvidenceContext context) {
        return line.optional("user").or(() -> line.optional("uid").map(context::user));
    }

    private static EventData data(String member, JsonLine line, Owner owner, EvidenceContext context) {
        return switch (member) {
            case "processes" -> RunningProcess.of(line, context);
            case "open_files" -> OpenFile.of(line, owner);
            case "sockets" -> NetworkConnection.of(line, owner, context);
            case "modules" -> HostState.module(line);
            case "mounts" -> HostState.mount(line);
            case "sessions" -> HostState.session(line);
            default -> HostState.container(line);
        };
    }

    private static String key(String member, JsonLine line, Owner owner) {
        String[] names = switch (member) {
            case "processes" -> new String[] {"pid", "executable", "command_line"};
            case "open_files" -> new String[] {"pid", "fd", "path"};
            case "sockets" ->
                new String[] {"protocol", "local_address", "local_port", "remote_address", "remote_port", "inode"};
            case "modules" -> new String[] {"name"};
            case "mounts" -> new String[] {"source", "target", "type", "options"};
            case "sessions" -> new String[] {"id", "user", "tty", "since"};
            default -> new String[] {"id", "pid"};
        };
        String started = member.equals("processes") ? started(line) : owner.started();
        return line.key(started, names);
    }

    /// When it started, the same in every capture: the host's start and the ticks since. Without them the time to the
    /// minute, for each capture's idea of the host's start differs a little.
    private static String started(JsonLine process) {
        String boot = process.text("boot_time");
        if (!boot.isEmpty()) {
            return boot + "+" + process.text("start_ticks");
        }
        String time = process.text("start_time");
        return time.length() > 16 ? time.substring(0, 16) : time;
    }

    /// The neighbour is read in its own right elsewhere; its damage is counted there.
    private static final class Ignoring implements EventSink {
        @Override
        public void record(RecordLocator where, EventData... data) {}

        @Override
        public void rejected(long offset, String reason) {}

        @Override
        public void warning(long offset, String reason) {}
    }
}
