package io.varve.provider.crowdstrike;

import io.varve.provider.CaptureContext;
import io.varve.provider.Connection;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.Channel;
import io.varve.provider.collector.CollectorScript;
import io.varve.provider.collector.PlainFiles;
import io.varve.provider.collector.Platform;
import io.varve.provider.collector.RemoteHost;
import io.varve.provider.crowdstrike.RtrSession.Commands;
import io.varve.provider.crowdstrike.SessionFiles.Request;
import io.varve.provider.crowdstrike.SessionFiles.Row;
import io.varve.provider.crowdstrike.Tenants.Falcon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The way to one host through Real Time Response: the collector is put there from the tenant's library, called by
/// `runscript`, and its parts come back by `get`.
///
/// Steps: `channel.session` (the first session, ours unless it says `shared`), `channel.queued` (see [OfflineQueue]).
final class FalconChannel implements Channel, PlainFiles {
    private static final String SESSION = "channel.session";
    private static final Duration COMMAND = Duration.ofMinutes(5);
    private static final int SCRIPT_SECONDS = 120;
    private static final int PARTS_AT_ONCE = 4;
    private static final int MOST_LOSSES = 4;
    private static final Duration TRY_AGAIN = Duration.ofSeconds(30);

    private final Falcon falcon;
    private final Rtr rtr;
    private final RtrSession session;
    private final SessionFiles files;
    private final OfflineQueue queue;
    private final CaptureContext context;
    private final RemoteHost host;
    private final Terms terms;
    private final boolean resumed;
    private final Set<String> sessions = new LinkedHashSet<>();
    private final Set<String> fetched = new LinkedHashSet<>();

    FalconChannel(Falcon falcon, RemoteHost host, CaptureContext context) throws ProviderException {
        this.falcon = falcon;
        this.host = host;
        this.context = context;
        this.terms = terms(falcon.client().connection(), host);
        this.rtr = new Rtr(falcon.client());
        this.queue = new OfflineQueue(rtr, context);
        this.resumed = context.step("collector").isPresent();
        this.session = falcon.sessions().take(host.id());
        this.files = new SessionFiles(session, falcon.client());
        queue.ownSession().ifPresent(session::recognise);
        context.step(SESSION).filter(id -> !id.endsWith(" shared")).ifPresent(session::recognise);
    }

    static Terms terms(Connection connection, RemoteHost host) throws ProviderException {
        boolean windows = host.platform().equals(Optional.of(Platform.WINDOWS));
        String folder = connection.setting("work_folder").orElse(windows ? "C:\\Windows\\Temp" : "/var/tmp");
        long part = connection.number("part_size", 64L << 20, 256L << 10, 1L << 30);
        return new Terms(folder, part, PARTS_AT_ONCE, Duration.ofSeconds(5));
    }

    @Override
    public Terms terms() {
        return terms;
    }

    @Override
    public String deliver(CollectorScript script) throws ProviderException, InterruptedException {
        withdrawWhenOver();
        new PutLibrary(falcon.client()).ensure(script, context.capture());
        HostScript there = onHost(script);
        try {
            put(there);
        } catch (ProviderException e) {
            if (e.kind() != Kind.OFFLINE || !queued(there, e)) {
                throw e;
            }
            return "%s, queued for the host, which is offline".formatted(there.path());
        }
        return there.path();
    }

    private HostScript onHost(CollectorScript script) throws ProviderException {
        return HostScript.of(script, terms.workFolder(), context.capture());
    }

    private void put(HostScript there) throws ProviderException, InterruptedException {
        String id = session.together(commands -> {
            if (!ready(commands, there)) {
                commands.run(RtrCommand.changeFolder(there.folder()), COMMAND);
                String said = commands.run(RtrCommand.put(there.script().fileName()), COMMAND)
                        .stderr();
                restore(commands);
                if (!ready(commands, there)) {
                    throw new ProviderException(
                            Kind.FAILED,
                            "put of %s to %s did not arrive: %s"
                                    .formatted(there.script().fileName(), there.folder(), CrowdStrike.plain(said, 300)),
                            Optional.of(TRY_AGAIN));
                }
            }
            return commands.session() + (session.owns(commands.session()) ? "" : " shared");
        });
        if (context.step(SESSION).isEmpty()) {
            context.completed(SESSION, id);
        }
    }

    private static boolean ready(Commands commands, HostScript there)
            throws ProviderException, InterruptedException, SessionLostException {
        Rtr.Output output = commands.run(RtrCommand.raw(there.look(), SCRIPT_SECONDS), COMMAND);
        if (output.stdout().isBlank() && !output.stderr().isBlank()) {
            throw new ProviderException(
                    Kind.FAILED,
                    "%s on the host: %s".formatted(there.folder(), CrowdStrike.plain(output.stderr(), 300)),
                    Optional.of(TRY_AGAIN));
        }
        return output.stdout().contains(HostScript.READY);
    }

    /// The session may be shared with somebody who counts on its current folder.
    private static void restore(Commands commands)
            throws ProviderException, InterruptedException, SessionLostException {
        String before = commands.folder();
        if (!before.isBlank() && RtrCommand.speakable(before)) {
            commands.run(RtrCommand.changeFolder(before), COMMAND);
        }
    }

    /// Queues the collector for an offline host.
    private boolean queued(HostScript there, ProviderException offline) throws ProviderException, InterruptedException {
        if (queue.filled()) {
            throw queue.waiting();
        }
        if (!falcon.client().connection().on("queue_offline", true)) {
            return false;
        }
        if (!queue.open(host.id())) {
            throw offline;
        }
        queue.add(RtrCommand.raw(there.look(), SCRIPT_SECONDS));
        queue.add(RtrCommand.changeFolder(there.folder()));
        queue.add(RtrCommand.put(there.script().fileName()));
        return true;
    }

    /// What waits for an offline host must not run when nobody wants it any more.
    private void withdrawWhenOver() throws ProviderException, InterruptedException {
        boolean late = !falcon.client().clock().instant().isBefore(context.deadline());
        if (!queue.filled() || !context.cancelled() && !late) {
            return;
        }
        queue.withdraw();
        throw context.cancelled()
                ? new ProviderException(Kind.CANCELLED, "cancelled; what waited for the host was taken back")
                : new ProviderException(Kind.REFUSED, "the host was not back by " + context.deadline());
    }

    @Override
    public String run(CollectorScript script, List<String> arguments) throws ProviderException, InterruptedException {
        RtrCommand call = RtrCommand.raw(onHost(script).call(arguments), SCRIPT_SECONDS);
        if (queue.filling()) {
            queue.add(call);
            throw queue.complete();
        }
        Rtr.Output output = session.together(commands -> commands.run(call, COMMAND));
        if (output.stdout().isBlank()) {
            throw new ProviderException(
                    Kind.FAILED,
                    "the collector said nothing on %s: %s"
                            .formatted(host.name(), CrowdStrike.plain(output.stderr(), 300)),
                    Optional.of(TRY_AGAIN));
        }
        return output.stdout();
    }

    @Override
    public void fetch(List<RemoteFile> wanted, Arrival arrival)
            throws ProviderException, InterruptedException, IOException {
        var left = new ArrayList<RemoteFile>(wanted);
        Path folder = context.scratch();
        for (int losses = 0; !left.isEmpty(); ) {
            List<Request> requests = files.request(left);
            try {
                for (Request request : requests) {
                    sessions.add(request.session());
                    fetched.add(request.file().path());
                    bring(request, folder, arrival);
                    left.removeFirst();
                }
            } catch (SessionLostException e) {
                session.lost(requests.getFirst().session());
                if (++losses == MOST_LOSSES) {
                    throw new ProviderException(
                            Kind.FAILED,
                            "the session was lost while fetching: " + e.getMessage(),
                            Optional.of(TRY_AGAIN));
                }
            }
        }
    }

    private void bring(Request request, Path folder, Arrival arrival)
            throws ProviderException, InterruptedException, SessionLostException, IOException {
        Row row = files.arrived(request);
        Path local = files.download(row, folder);
        try {
            arrival.arrived(request.file(), local);
        } finally {
            Files.deleteIfExists(local);
        }
        files.delete(row);
    }

    @Override
    public List<String> remove(CollectorScript script) throws ProviderException, InterruptedException {
        HostScript there = onHost(script);
        Rtr.Output output =
                session.together(commands -> commands.run(RtrCommand.raw(there.remove(), SCRIPT_SECONDS), COMMAND));
        var lines = new ArrayList<String>();
        lines.add(
                output.stdout().contains(HostScript.GONE)
                        ? "%s is gone from the host".formatted(there.folder())
                        : "%s is still on the host: %s"
                                .formatted(there.folder(), CrowdStrike.plain(output.stdout() + output.stderr(), 300)));
        lines.add("%d files left of fetching were removed from CrowdStrike's cloud".formatted(purged()));
        lines.add(
                falcon.client().connection().on("remove_put_file", false)
                        ? new PutLibrary(falcon.client()).remove(script)
                        : "%s stays in the library of put-files for other captures".formatted(script.fileName()));
        return lines;
    }

    private int purged() throws ProviderException, InterruptedException {
        var all = new LinkedHashSet<String>(sessions);
        session.together(commands -> all.add(commands.session()));
        if (resumed) {
            all.addAll(rtr.sessions(host.id()));
        }
        int gone = 0;
        for (String id : all) {
            gone += files.purge(id, path -> fetched.contains(path) || path.contains("varve-" + context.capture()));
        }
        return gone;
    }

    @Override
    public List<Entry> list(String folder) throws ProviderException, InterruptedException {
        if (!RtrCommand.speakable(folder)) {
            return List.of();
        }
        RtrCommand command = RtrCommand.look("ls", "ls " + RtrCommand.word(folder));
        Rtr.Output output = session.together(commands -> commands.run(command, COMMAND));
        return FolderListing.read(folder, output);
    }

    @Override
    public Map<String, String> liveState() throws ProviderException, InterruptedException {
        boolean windows = host.platform().equals(Optional.of(Platform.WINDOWS));
        var state = new LinkedHashMap<String, String>();
        for (String name : List.of("ps", "netstat", windows ? "ipconfig" : "ifconfig", "mount", "env")) {
            try {
                Rtr.Output output = session.together(commands -> commands.run(RtrCommand.look(name, name), COMMAND));
                state.put(name, output.stdout().isBlank() ? output.stderr() : output.stdout());
            } catch (ProviderException e) {
                if (e.kind() != Kind.REFUSED) {
                    throw e;
                }
                state.put(name, e.reason());
            }
        }
        return state;
    }

    @Override
    public void close() {
        falcon.sessions().giveBack(session);
    }
}
