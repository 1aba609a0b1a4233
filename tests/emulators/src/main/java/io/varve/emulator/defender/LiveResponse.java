package io.varve.emulator.defender;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.varve.emulator.defender.MachineAction.Command;
import io.varve.emulator.defender.MachineAction.Status;
import io.varve.emulator.device.Device;
import io.varve.emulator.device.Output;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import io.varve.emulator.kit.Routes;
import io.varve.emulator.kit.ShellWords;
import io.varve.emulator.kit.Throttle;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/// Live response: files and scripts of the library are taken to a machine, run there, and files brought back.
final class LiveResponse {
    private static final List<String> ORDER = List.of("PutFile", "RunScript", "GetFile");
    private static final int MOST_COMMANDS = 100;
    private static final Pattern RESULT = Pattern.compile("GetLiveResponseResultDownloadLink\\(index=(\\d{1,4})\\)");

    private final Clock clock;
    private final Entra entra;
    private final Supplier<URI> base;
    private final Behaviour behaviour;
    private final Machines machines;
    private final MachineActions actions;
    private final Library library;
    private final Spool spool;
    private final Throttle calls;
    private final Rates resultRates;

    LiveResponse(
            Clock clock,
            Entra entra,
            Supplier<URI> base,
            Behaviour behaviour,
            Machines machines,
            MachineActions actions,
            Library library,
            Spool spool) {
        this.clock = clock;
        this.entra = entra;
        this.base = base;
        this.behaviour = behaviour;
        this.machines = machines;
        this.actions = actions;
        this.library = library;
        this.spool = spool;
        this.calls = new Throttle(clock, 10, Duration.ofMinutes(1));
        this.resultRates = Rates.usual(clock);
    }

    void routes(Routes routes) {
        routes.on("POST", "/api/machines/{id}/runliveresponse", this::order);
        routes.on("GET", "/api/machineactions/{id}/{function}", this::resultLink);
        actions.does("LiveResponse", this::run);
    }

    private Response order(Call call) {
        entra.require(call, Resource.DEFENDER, "Machine.LiveResponse");
        Throttle.Decision decision = calls.take(call.caller());
        if (!decision.allowed()) {
            throw Refused.tooMany(decision.secondsLeft(clock));
        }
        if (!behaviour.liveResponseAllowed) {
            throw Refused.of(403, "DisabledFeature", "Live response is disabled in the advanced features");
        }
        Machine machine = machines.find(call.variable("id"));
        String comment = call.json().path("Comment").asText();
        if (comment.isBlank()) {
            throw Refused.missing("Comment");
        }
        List<JsonNode> commands = commands(call.json().path("Commands"));
        return actions.locked(() -> {
            free(machine);
            return actions.create(call, machine, "LiveResponse", "", comment, commands);
        });
    }

    private static List<JsonNode> commands(JsonNode asked) {
        if (!asked.isArray() || asked.isEmpty()) {
            throw Refused.missing("Commands");
        }
        if (asked.size() > MOST_COMMANDS) {
            throw Refused.badRequest("Too many commands");
        }
        var commands = new ArrayList<JsonNode>();
        int stage = 0;
        for (JsonNode node : asked) {
            var command = new Command(node);
            int next = ORDER.indexOf(command.type());
            if (next < 0) {
                throw Refused.of(400, "InvalidRequestBody", "Unknown command type '" + command.type() + "'");
            }
            if (next < stage) {
                throw Refused.of(400, "InvalidRequestBody", "Commands must be PutFile, then RunScript, then GetFile");
            }
            stage = next;
            String needed = List.of("FileName", "ScriptName", "Path").get(next);
            if (command.parameter(needed).filter(value -> !value.isBlank()).isEmpty()) {
                throw Refused.missing(needed);
            }
            commands.add(node);
        }
        return commands;
    }

    /// One session a machine, and only so many in the tenant; orders that wait for an unreachable machine are none.
    private void free(Machine machine) {
        boolean busy = !actions.open(action -> action.machine == machine && action.type.equals("LiveResponse"))
                .isEmpty();
        if (busy || machine.inPortalSession()) {
            throw Refused.of(400, "ActiveRequestAlreadyExists", "Action is already in progress");
        }
        int sessions = actions.open(action -> action.type.equals("LiveResponse") && action.machine.online())
                .size();
        if (sessions >= behaviour.concurrentSessions) {
            throw Refused.tooMany(30);
        }
    }

    private void run(MachineAction action) throws IOException {
        for (Command command : action.commands) {
            boolean go = actions.locked(() -> {
                boolean inProgress = action.status == Status.IN_PROGRESS;
                command.startedNanos = System.nanoTime();
                command.started = inProgress ? Optional.of(clock.instant()) : Optional.empty();
                return inProgress;
            });
            if (!go) {
                return;
            }
            try {
                execute(action, command);
                end(action, command, "Completed", Optional.empty());
            } catch (IOException e) {
                end(action, command, "Failed", Optional.of(String.valueOf(e.getMessage())));
                throw e;
            }
        }
    }

    private void end(MachineAction action, Command command, String status, Optional<String> error) {
        actions.locked(() -> {
            command.status = status;
            command.error = error;
            command.ended = Optional.of(clock.instant());
            action.updated = clock.instant();
            return command;
        });
    }

    private void execute(MachineAction action, Command command) throws IOException {
        Device device = action.machine
                .device()
                .filter(Device::online)
                .orElseThrow(() -> new IOException("The device is not reachable"));
        switch (command.type()) {
            case "PutFile" -> put(device, command.parameter("FileName").orElse(""));
            case "RunScript" -> script(device, action, command);
            default -> get(device, command);
        }
    }

    private void put(Device device, String name) throws IOException {
        device.makeFolder(behaviour.workingFolder);
        device.put(behaviour.workingFolder + "/" + name, content(name));
    }

    private byte[] content(String name) throws IOException {
        return library.content(name).orElseThrow(() -> new IOException("File " + name + " is not in the library"));
    }

    private void script(Device device, MachineAction action, Command command) throws IOException {
        if (!behaviour.unsignedScriptsAllowed) {
            throw new IOException("Unsigned script execution is disabled");
        }
        String name = command.parameter("ScriptName").orElse("");
        byte[] script = content(name);
        String folder = behaviour.workingFolder + "/.session-" + action.id;
        device.makeFolder(folder);
        try {
            device.put(folder + "/" + name, script);
            var argv = new ArrayList<>(List.of("bash", folder + "/" + name));
            argv.addAll(ShellWords.of(command.parameter("Args").orElse("")));
            long begun = System.nanoTime();
            Output output = device.run(new io.varve.emulator.device.Command(
                    argv, behaviour.workingFolder, new byte[0], behaviour.scriptTime));
            boolean late = System.nanoTime() - begun >= behaviour.scriptTime.toNanos();
            if (late && output.exit() == Output.TIMED_OUT) {
                throw new IOException("The script timed out");
            }
            transcript(command, name, output);
        } catch (IOException e) {
            throw "interrupted".equals(e.getMessage()) ? new IOException("The script timed out", e) : e;
        } finally {
            Thread.interrupted(); // a script that was stopped is cleaned up all the same
            device.delete(folder);
        }
    }

    private void transcript(Command command, String name, Output output) throws IOException {
        Path file = spool.newFile();
        Files.writeString(file, transcript(name, output));
        command.result = Optional.of(file);
        command.resultName = name + ".json";
    }

    private String transcript(String name, Output output) {
        if (!behaviour.rawTranscripts) {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("script_name", name)
                    .put("exit_code", output.exit())
                    .put("script_output", output.out())
                    .put("script_errors", output.err())
                    .toString();
        }
        return "{\"script_name\":\"%s\",\"exit_code\":%d,\"script_output\":\"%s\0\0\0\",\"script_errors\":\"%s\"}"
                .formatted(raw(name), output.exit(), raw(output.out()), raw(output.err()));
    }

    /// Quotes and backslashes are escaped, line breaks and control characters are not: as in the documented sample.
    private static String raw(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private void get(Device device, Command command) throws IOException {
        String path = command.parameter("Path").orElse("");
        if (!path.startsWith("/") || !device.exists(path) || device.isFolder(path)) {
            throw new IOException("File not found: " + path);
        }
        if (device.size(path) > behaviour.largestGetFile) {
            throw new IOException("The file is larger than the limit of " + behaviour.largestGetFile + " bytes");
        }
        Path file = spool.newFile();
        try (InputStream in = device.read(path);
                var out = new FastGzip(Files.newOutputStream(file))) {
            in.transferTo(out);
        }
        command.result = Optional.of(file);
        command.resultName = path.substring(path.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9._-]", "_") + ".gz";
    }

    /// Large files of tests are random: time is better spent elsewhere than on packing them.
    private static final class FastGzip extends GZIPOutputStream {
        private FastGzip(java.io.OutputStream out) throws IOException {
            super(new BufferedOutputStream(out, 1 << 16), 1 << 16);
            def.setLevel(java.util.zip.Deflater.BEST_SPEED);
        }
    }

    private Response resultLink(Call call) {
        Matcher function = RESULT.matcher(call.variable("function"));
        if (!function.matches()) {
            throw Refused.notFound(call.path());
        }
        entra.require(call, Resource.DEFENDER, "Machine.Read.All", "Machine.ReadWrite.All");
        resultRates.take(call.caller());
        int index = Integer.parseInt(function.group(1));
        return actions.locked(() -> {
            MachineAction action = actions.find(call.variable("id"));
            if (!action.type.equals("LiveResponse") || index >= action.commands.size()) {
                throw Refused.notFound("Command " + index + " of " + action.id);
            }
            Command command = action.commands.get(index);
            Path result = command.result.orElseThrow(() -> Refused.notFound("Result of command " + index));
            String name = action.id.replace("-", "") + index;
            return Response.json(
                    200,
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("@odata.context", base.get() + "/api/$metadata#Edm.String")
                            .put(
                                    "value",
                                    spool.link(
                                            "CustomPlaybookCommandOutput",
                                            name,
                                            result,
                                            command.resultName,
                                            behaviour.linkLife)));
        });
    }
}
