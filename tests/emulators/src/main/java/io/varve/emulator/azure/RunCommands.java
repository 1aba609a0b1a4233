package io.varve.emulator.azure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.device.Command;
import io.varve.emulator.device.Device;
import io.varve.emulator.device.Output;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// Machines with a VM agent, and managed Run Commands, which really run.
///
/// As Microsoft documents it: a command is a resource below its machine, of output and errors the last 4
/// KiB are kept, and a machine must run to take one. Parameters are variables of the script's environment,
/// as in Microsoft's handler for Linux; protected ones are in no answer. That there are 25 at most is ours,
/// so that what is never removed is seen; a command that was removed is listed for a moment.
final class RunCommands implements AutoCloseable {
    private static final int LONGEST = 4096;
    private static final int MOST = 25;
    /// So that who waits with a clock of a test does not ask a thousand times.
    private static final long WAIT_MILLIS = 200;

    private final Map<String, Device> agents = new ConcurrentHashMap<>();
    private final Map<String, Run> runs = new ConcurrentHashMap<>();
    private final List<Run> made = new CopyOnWriteArrayList<>();
    private final List<String> answers = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private static final class Run {
        private final String id;
        private final JsonNode body;
        private final CompletableFuture<Output> output = new CompletableFuture<>();
        private volatile boolean isFetched;
        private volatile boolean isRemoved;

        private Run(String id, JsonNode body) {
            this.id = id;
            this.body = body;
        }

        private String script() {
            return body.at("/properties/source/script").asText();
        }

        /// Of the environment, as `env` takes them.
        private List<String> variables() {
            return Stream.of("parameters", "protectedParameters")
                    .flatMap(kind -> parameters(kind).stream())
                    .map(parameter -> parameter.path("name").asText() + "="
                            + parameter.path("value").asText())
                    .toList();
        }

        private List<JsonNode> parameters(String kind) {
            var all = new ArrayList<JsonNode>();
            body.at("/properties/" + kind).forEach(all::add);
            return all;
        }

        private String name() {
            return id.substring(id.lastIndexOf('/') + 1);
        }
    }

    void agent(Machine machine, Device device) {
        agents.put(Estate.key(machine.id()), device);
    }

    Optional<Device> agent(String machine) {
        return Optional.ofNullable(agents.get(Estate.key(machine)));
    }

    /// Names of the commands that are on a machine.
    List<String> on(String machine) {
        return below(machine).stream()
                .filter(run -> !run.isRemoved)
                .map(Run::name)
                .toList();
    }

    /// Every script that was ever sent to a machine.
    List<String> scripts(String machine) {
        return made.stream()
                .filter(run -> isBelow(run, machine))
                .map(Run::script)
                .toList();
    }

    /// Values of all protected parameters that were ever sent to a machine.
    List<String> secrets(String machine) {
        return made.stream()
                .filter(run -> isBelow(run, machine))
                .flatMap(run -> run.parameters("protectedParameters").stream())
                .map(parameter -> parameter.path("value").asText())
                .toList();
    }

    /// All that was ever answered of the commands of machines.
    List<String> answers() {
        return List.copyOf(answers);
    }

    private Response answered(ObjectNode answer) {
        answers.add(answer.toString());
        return Response.json(200, answer);
    }

    private List<Run> below(String machine) {
        return runs.values().stream()
                .filter(run -> isBelow(run, machine))
                .sorted(Comparator.comparing(run -> run.id))
                .toList();
    }

    private static boolean isBelow(Run run, String machine) {
        return Estate.key(run.id).startsWith(Estate.key(machine) + "/runcommands/");
    }

    Response list(String machine) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode value = answer.putArray("value");
        for (Run run : below(machine)) {
            value.add(json(run));
            if (run.isRemoved) {
                runs.remove(Estate.key(run.id));
            }
        }
        return answered(answer);
    }

    ObjectNode put(Call call, String machine, boolean isRunning) {
        JsonNode asked = call.json();
        if (!isRunning) {
            throw new Refusal(
                    409, "OperationNotAllowed", "Cannot modify extensions in the VM when the VM is not running.");
        }
        if (asked.path("location").asText().isEmpty()) {
            throw new Refusal(400, "LocationRequired", "The location property is required for this definition.");
        }
        if (asked.at("/properties/source/script").asText().isEmpty()
                || asked.at("/properties/asyncExecution").asBoolean()) {
            throw new Refusal(400, "InvalidParameter", "only scripts that are waited for are emulated");
        }
        var run = new Run(call.path(), asked);
        if (run.variables().stream().anyMatch(one -> one.startsWith("=") || one.endsWith("="))) {
            throw new Refusal(400, "InvalidParameter", "A parameter needs a name and a value.");
        }
        runs.values().removeIf(one -> one.isRemoved);
        if (below(machine).size() >= MOST) {
            throw new Refusal(409, "Conflict", "A VM can have 25 run commands at most.");
        }
        runs.put(Estate.key(run.id), run);
        made.add(run);
        agent(machine).ifPresent(device -> fetch(device, run));
        ObjectNode answer = json(run);
        answers.add(answer.toString());
        return answer;
    }

    private void fetch(Device device, Run run) {
        if (!device.online()) {
            device.whenOnline(() -> fetch(device, run));
            return;
        }
        if (run.isFetched || run.isRemoved) {
            return;
        }
        run.isFetched = true;
        var time =
                Duration.ofSeconds(run.body.at("/properties/timeoutInSeconds").asInt(5400));
        threads.submit(() -> {
            try {
                run.output.complete(device.run(command(run).within(time)));
            } catch (IOException e) {
                run.output.completeExceptionally(e);
            }
        });
    }

    private static Command command(Run run) {
        var words = new ArrayList<>(List.of("/usr/bin/env"));
        words.addAll(run.variables());
        words.addAll(List.of("/bin/sh", "-c", run.script()));
        return Command.of(words.toArray(String[]::new));
    }

    private Run find(String id) {
        return Optional.ofNullable(runs.get(Estate.key(id)))
                .filter(run -> !run.isRemoved)
                .orElseThrow(() -> Refusal.notFound(id));
    }

    Response get(Call call) throws IOException {
        Run run = find(call.path());
        ObjectNode answer = json(run);
        if (call.query("$expand").equals(Optional.of("instanceView"))) {
            answer.withObject("/properties/instanceView").setAll(view(run));
        }
        return answered(answer);
    }

    void delete(String id) {
        find(id).isRemoved = true;
    }

    private static ObjectNode json(Run run) {
        ObjectNode answer = JsonNodeFactory.instance
                .objectNode()
                .put("id", run.id)
                .put("name", run.name())
                .put("type", "Microsoft.Compute/virtualMachines/runCommands")
                .put("location", run.body.path("location").asText());
        ObjectNode properties = answer.putObject("properties");
        properties.set("source", run.body.at("/properties/source"));
        if (run.body.at("/properties/parameters").isArray()) {
            properties.set("parameters", run.body.at("/properties/parameters"));
        }
        properties
                .put("asyncExecution", false)
                .put(
                        "timeoutInSeconds",
                        run.body.at("/properties/timeoutInSeconds").asInt(5400))
                .put("provisioningState", state(run));
        return answer;
    }

    private static String state(Run run) {
        if (run.isRemoved) {
            return "Deleting";
        }
        return run.output.isDone() ? "Succeeded" : "Creating";
    }

    private static ObjectNode view(Run run) throws IOException {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        try {
            Output output = run.output.get(run.isFetched ? WAIT_MILLIS : 0, TimeUnit.MILLISECONDS);
            return view.put("executionState", output.exit() == 0 ? "Succeeded" : "Failed")
                    .put("executionMessage", output.exit() == 0 ? "" : "Script exited with an error.")
                    .put("exitCode", output.exit())
                    .put("output", last(output.out()))
                    .put("error", last(output.err()));
        } catch (TimeoutException e) {
            return view.put("executionState", run.isFetched ? "Running" : "Pending")
                    .put("exitCode", 0)
                    .put("output", "")
                    .put("error", "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    private static String last(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new String(
                Arrays.copyOfRange(bytes, Math.max(0, bytes.length - LONGEST), bytes.length), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
