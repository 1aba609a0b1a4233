package io.varve.provider.defender;

import io.varve.provider.CaptureContext;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.Waiting;
import io.varve.provider.collector.Channel;
import io.varve.provider.collector.CollectorScript;
import io.varve.provider.collector.PlainFiles;
import io.varve.provider.collector.Platform;
import io.varve.provider.collector.RemoteHost;
import io.varve.provider.defender.LiveResponse.Look;
import io.varve.provider.defender.MachineAction.Command;
import io.varve.provider.defender.MachineAction.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The way to a host over live response: scripts run from the tenant's library, files come over Microsoft's storage.
/// It works while the host is isolated, because isolation leaves Defender's own connection open.
///
/// Without the right to the library only files of known names can be fetched.
final class LiveResponseChannel implements Channel, PlainFiles {
    private static final int FILES_PER_ACTION = 20;
    private static final Duration TRY_AGAIN = Duration.ofMinutes(2);
    private static final Pattern ARGUMENT = Pattern.compile("[A-Za-z0-9_./\\\\:-]{1,500}");
    private static final Pattern MISSING =
            Pattern.compile("(?i)not found|not exist|no such file|cannot find|could not find");
    private static final Pattern UNREACHABLE = Pattern.compile("(?i)not reachable|unreachable|offline|disconnected");

    private final Defender defender;
    private final RemoteHost host;
    private final CaptureContext context;
    private final Clock clock;
    private final Waiting waiting;
    private final LiveResponse session;
    private final Results results;
    private Optional<String> used = Optional.empty();
    private int filesFetched;

    LiveResponseChannel(Defender defender, RemoteHost host, CaptureContext context, Clock clock, Waiting waiting)
            throws IOException {
        this.defender = defender;
        this.host = host;
        this.context = context;
        this.clock = clock;
        this.waiting = waiting;
        this.session = new LiveResponse(defender, host, context, clock, waiting);
        this.results = new Results(defender, context);
    }

    @Override
    public String deliver(CollectorScript script) throws ProviderException, InterruptedException {
        defender.api().require(Permission.LIBRARY);
        use(script);
        defender.library().put(script);
        return "the tenant's live response library";
    }

    private void use(CollectorScript script) {
        if (used.isEmpty()) {
            used = Optional.of(script.fileName());
            defender.library().use(script.fileName());
        }
    }

    @Override
    public String run(CollectorScript script, List<String> arguments) throws ProviderException, InterruptedException {
        for (String argument : arguments) {
            if (!ARGUMENT.matcher(argument).matches()) {
                throw new IllegalArgumentException("not an argument for a script: " + argument);
            }
        }
        use(script);
        boolean last = arguments.getFirst().equals("clean");
        List<LiveCommand> command = List.of(LiveCommand.runScript(script.fileName(), String.join(" ", arguments)));
        return kept(() -> {
            try {
                return output(session.act(command, last, _ -> {}));
            } catch (ProviderException e) {
                boolean again = e.kind() == Kind.REFUSED || e.kind() == Kind.FAILED || e.kind() == Kind.NOT_FOUND;
                if (!again || defender.library().holds(script)) {
                    throw e;
                }
                // another capture that ended took it out of the library
                defender.library().put(script);
                return output(session.act(command, last, _ -> {}));
            }
        });
    }

    private String output(MachineAction action) throws ProviderException, InterruptedException, IOException {
        Optional<Command> command = action.command(0);
        boolean ran = action.status() == Status.SUCCEEDED
                || command.filter(Command::completed).isPresent();
        if (!ran) {
            throw failed(action);
        }
        ScriptResult result = results.script(action, 0);
        if (result.exitCode() != 0 && result.output().isBlank()) {
            throw new ProviderException(
                    Kind.FAILED,
                    "the script ended with code %d on %s: %s"
                            .formatted(result.exitCode(), host.name(), result.errors()));
        }
        return result.output();
    }

    @Override
    public void fetch(List<RemoteFile> files, Arrival arrival)
            throws ProviderException, InterruptedException, IOException {
        for (int from = 0; from < files.size(); from += FILES_PER_ACTION) {
            fetchTogether(files.subList(from, Math.min(files.size(), from + FILES_PER_ACTION)), arrival);
        }
    }

    private void fetchTogether(List<RemoteFile> files, Arrival arrival)
            throws ProviderException, InterruptedException, IOException {
        List<LiveCommand> commands =
                files.stream().map(file -> LiveCommand.getFile(file.path())).toList();
        var here = new ArrayList<RemoteFile>();
        Look look = action -> {
            while (here.size() < files.size()
                    && action.command(here.size()).filter(Command::completed).isPresent()) {
                RemoteFile file = files.get(here.size());
                Path local = results.file(action, here.size(), file);
                here.add(file);
                filesFetched++;
                arrival.arrived(file, local);
                Files.deleteIfExists(local);
            }
        };
        MachineAction action = session.act(commands, false, look);
        if (here.size() < files.size()) {
            throw failed(action);
        }
    }

    private ProviderException failed(MachineAction action) {
        String text = action.failure();
        return switch (action.status()) {
            case CANCELLED ->
                new ProviderException(
                        Kind.REFUSED,
                        "machine action %s was cancelled in Defender: %s".formatted(action.id(), action.cancelled()));
            case TIME_OUT ->
                new ProviderException(
                        Kind.OFFLINE,
                        "%s did not answer in the time Microsoft gives: %s".formatted(host.name(), text),
                        Optional.of(TRY_AGAIN));
            default -> {
                Kind kind = MISSING.matcher(text).find()
                        ? Kind.NOT_FOUND
                        : UNREACHABLE.matcher(text).find() ? Kind.OFFLINE : Kind.FAILED;
                yield new ProviderException(
                        kind,
                        "live response on %s failed (action %s): %s".formatted(host.name(), action.id(), text),
                        kind == Kind.NOT_FOUND ? Optional.empty() : Optional.of(TRY_AGAIN));
            }
        };
    }

    @Override
    public List<String> remove(CollectorScript script) throws ProviderException, InterruptedException {
        var lines = new ArrayList<String>();
        lines.add(library(script.fileName()));
        if (filesFetched > 0) {
            lines.add("results of live response stay in Microsoft's storage for the time Microsoft keeps them: no call"
                    + " removes them");
        }
        return lines;
    }

    private String library(String file) throws ProviderException, InterruptedException {
        if (defender.tenant().keepsScript()) {
            return "%s stays in the live response library, as the integration asks".formatted(file);
        }
        if (defender.library().users(file) > 1 || queuedElsewhere(file)) {
            return "%s stays in the live response library: other captures use it".formatted(file);
        }
        return defender.library().delete(file)
                ? "%s is removed from the live response library".formatted(file)
                : "%s was not in the live response library any more".formatted(file);
    }

    private boolean queuedElsewhere(String file) throws ProviderException, InterruptedException {
        return defender
                .actions("type eq 'LiveResponse' and (status eq 'Pending' or status eq 'InProgress')")
                .rows()
                .stream()
                .flatMap(action -> action.commands().stream())
                .anyMatch(command -> command.command().script().equals(Optional.of(file)));
    }

    @Override
    public List<Entry> list(String folder) throws ProviderException {
        throw new ProviderException(
                Kind.FORBIDDEN,
                "folders of the host cannot be listed: that takes a script, and with it the permission "
                        + Permission.LIBRARY.text());
    }

    @Override
    public Map<String, String> liveState() {
        return Map.of();
    }

    /// The investigation package: it needs no script, only a right of its own.
    @Override
    public Map<String, Path> collected(Path folder) throws ProviderException, InterruptedException, IOException {
        if (!defender.api().allows(Permission.FORENSICS)) {
            return Map.of();
        }
        String name = "defender-investigation-package.zip";
        Path zip = new InvestigationPackage(defender, host, context, clock, waiting).collect(folder.resolve(name));
        return Map.of(name, zip);
    }

    @Override
    public Terms terms() throws ProviderException {
        boolean windows = host.platform().equals(Optional.of(Platform.WINDOWS));
        return new Terms(
                defender.tenant().workFolder(windows ? "C:\\ProgramData" : "/var/tmp"),
                defender.tenant().partSize(),
                defender.tenant().partsPerAction(),
                defender.tenant().lookEvery());
    }

    @Override
    public void close() {
        used.ifPresent(defender.library()::leave);
        used = Optional.empty();
    }

    private interface Storing<T> {
        T done() throws ProviderException, InterruptedException, IOException;
    }

    /// A scratch file or custody entry that cannot be written.
    private static <T> T kept(Storing<T> what) throws ProviderException, InterruptedException {
        try {
            return what.done();
        } catch (IOException e) {
            throw new ProviderException(
                    Kind.FAILED, "the capture cannot be stored: " + e.getMessage(), Optional.of(TRY_AGAIN));
        }
    }
}
