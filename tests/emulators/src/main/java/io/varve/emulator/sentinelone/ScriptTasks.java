package io.varve.emulator.sentinelone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import io.varve.emulator.kit.Routes;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/// Runs of scripts: ordered, followed by their rows, results fetched by links.
final class ScriptTasks {
    private static final String PATH = SentinelOneEmulator.BASE + "/remote-scripts";
    private static final Set<String> DESTINATIONS = Set.of("SentinelCloud", "Local", "None", "SingularityXDR");
    private static final Rows LIST = new Rows()
            .oneOf("parentTaskId", "/parentTaskId")
            .oneOf("parentTaskId__in", "/parentTaskId")
            .oneOf("parent_task_id", "/parentTaskId")
            .oneOf("parent_task_id__in", "/parentTaskId")
            .oneOf("ids", "/id")
            .oneOf("status", "/status")
            .oneOf("agentIds", "/agentId")
            .oneOf("siteIds", "/siteId")
            .oneOf("accountIds", "/accountId")
            .oneOf("groupIds", "/groupId")
            .times("createdAt", "/createdAt")
            .times("updatedAt", "/updatedAt");

    /// An execution that waits for somebody's approval.
    private record Waiting(List<Agent> agents, Task.Order order, Instant since) {}

    /// What somebody decided about an execution; `task` is empty when it was declined.
    private record Decided(Waiting execution, Optional<String> task) {}

    private final Clock clock;
    private final Gate gate;
    private final Ids ids;
    private final Behaviour behaviour;
    private final Agents agents;
    private final Scripts scripts;
    private final Storage storage;
    private final ScriptRun run;
    private final ExecutorService threads;
    private final Map<String, Task> tasks = new LinkedHashMap<>();
    private final Map<String, Waiting> waiting = new LinkedHashMap<>();
    private final Map<String, Decided> decided = new LinkedHashMap<>();
    private final Map<String, Future<?>> running = new ConcurrentHashMap<>();

    ScriptTasks(
            Clock clock,
            Gate gate,
            Ids ids,
            Behaviour behaviour,
            Agents agents,
            Scripts scripts,
            Storage storage,
            ExecutorService threads) {
        this.clock = clock;
        this.gate = gate;
        this.ids = ids;
        this.behaviour = behaviour;
        this.agents = agents;
        this.scripts = scripts;
        this.storage = storage;
        this.run = new ScriptRun(behaviour, storage);
        this.threads = threads;
    }

    void routes(Routes routes) {
        routes.on("POST", PATH + "/execute", this::execute);
        routes.on("GET", PATH + "/status", this::status);
        routes.on("POST", PATH + "/fetch-files", this::results);
        routes.on("GET", PATH + "/fetch-file", this::result);
        routes.on("GET", PATH + "/pending-executions", this::pending);
        routes.on("PUT", PATH + "/pending-executions/{id}", this::review);
    }

    private Response execute(Call call) {
        JsonNode data = call.json().path("data");
        if (data.path("scriptId").asText().isEmpty()) {
            throw Refused.invalid("scriptId: Missing data for required field");
        }
        gate.user(call);
        Script script = scripts.find(data.path("scriptId").asText());
        gate.require(call, script.permission());
        Task.Order order = order(call, data, script);
        List<Agent> reached = agents.matching(call.json().path("filter")).stream()
                .filter(agent -> script.osTypes().contains(agent.osType()))
                .toList();
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        if (reached.isEmpty()) {
            return Rows.data(answer.put("affected", 0).put("pending", false).putNull("parentTaskId"));
        }
        if (behaviour.approvalNeeded || data.path("requiresApproval").asBoolean()) {
            String id = ids.next();
            synchronized (this) {
                waiting.put(id, new Waiting(reached, order, clock.instant()));
            }
            return Rows.data(answer.put("affected", 0)
                    .put("pending", true)
                    .put("pendingExecutionId", id)
                    .putNull("parentTaskId"));
        }
        String parent = create(reached, order);
        advance();
        return Rows.data(
                answer.put("affected", reached.size()).put("pending", false).put("parentTaskId", parent));
    }

    private Task.Order order(Call call, JsonNode data, Script script) {
        String destination = data.path("outputDestination").asText();
        if (!DESTINATIONS.contains(destination)) {
            throw Refused.invalid("outputDestination: Not a valid choice");
        }
        if (data.path("taskDescription").asText().length() < 2) {
            throw Refused.invalid("taskDescription: Shorter than minimum length 2");
        }
        long timeout = data.path("scriptRuntimeTimeoutSeconds")
                .asLong(script.more().path("scriptRuntimeTimeoutSeconds").asLong());
        if (timeout < 60 || timeout > 172_800) {
            throw Refused.invalid("scriptRuntimeTimeoutSeconds: Must be between 60 and 172800");
        }
        String input = data.path("inputParams").asText("");
        if (script.inputRequired() && input.isBlank()) {
            throw Refused.invalid("inputParams: Missing data for required field");
        }
        String password = data.path("password").asText("");
        if (!password.isEmpty() && !PasswordZip.acceptable(password)) {
            throw Refused.invalid("password: at least 10 characters with upper, lower, digit and symbol");
        }
        var outputs = new ArrayList<String>();
        data.path("outputFilePaths").forEach(path -> outputs.add(path.asText()));
        return new Task.Order(
                script,
                data.path("taskDescription").asText(),
                input,
                timeout,
                destination.equals("SentinelCloud"),
                List.copyOf(outputs),
                password,
                call.caller());
    }

    private synchronized String create(List<Agent> reached, Task.Order order) {
        String parent = ids.next();
        for (Agent agent : reached) {
            var task = new Task(ids.next(), parent, agent, order, clock.instant());
            tasks.put(task.id, task);
        }
        return parent;
    }

    /// Starts what can be started and ends what took too long.
    synchronized void advance() {
        Instant now = clock.instant();
        for (Task task : tasks.values()) {
            if (task.over()) {
                continue;
            }
            if (task.status.equals("in_progress")) {
                endLate(task, now);
            } else if (now.isAfter(task.created.plus(behaviour.orderLife))) {
                task.become("expired", "The task expired before the agent answered", now);
            } else if (task.agent.online()) {
                start(task, now);
            } else if (!task.status.equals("pending")) {
                task.become("pending", "Waiting for the agent to come online", now);
            }
        }
    }

    private void start(Task task, Instant now) {
        task.become("in_progress", "Script is running", now);
        task.started = Optional.of(now);
        task.startedNanos = System.nanoTime();
        running.put(task.id, threads.submit(() -> finish(task, run.of(task))));
    }

    private void endLate(Task task, Instant now) {
        boolean ran = System.nanoTime() - task.startedNanos >= behaviour.leastRealTime.toNanos();
        boolean late = ran
                && task.started
                        .map(begun -> now.isAfter(begun.plusSeconds(task.order.timeoutSeconds())))
                        .orElse(false);
        Future<?> thread = running.get(task.id);
        if (late && thread != null) {
            task.become("failed", "Script execution timed out", now);
            thread.cancel(true);
        }
    }

    private synchronized void finish(Task task, ScriptRun.Outcome outcome) {
        running.remove(task.id);
        if (task.over()) {
            return;
        }
        task.code = outcome.exit();
        task.result = outcome.zip();
        task.signature = outcome.signature();
        task.resultError = outcome.resultError();
        task.become(outcome.status(), outcome.detail(), clock.instant());
    }

    private synchronized Response status(Call call) {
        gate.require(call, "Task Management.view");
        boolean named = call.request().query().keySet().stream()
                .anyMatch(name -> name.startsWith("parentTaskId") || name.startsWith("parent_task_id"));
        if (!named) {
            throw Refused.invalid("parent_task_id or parent_task_id__in is mandatory");
        }
        return LIST.page(call, tasks.values().stream().map(Task::json).toList());
    }

    private synchronized Response results(Call call) {
        gate.require(call, "Remote Script Orchestration.view");
        JsonNode chosen = call.json().at("/data/taskIds");
        if (!chosen.isArray() || chosen.isEmpty()) {
            throw Refused.invalid("taskIds: Missing data for required field");
        }
        ArrayNode links = JsonNodeFactory.instance.arrayNode();
        ArrayNode errors = JsonNodeFactory.instance.arrayNode();
        for (JsonNode id : chosen) {
            Task task = tasks.get(id.asText());
            if (task != null && task.result.isPresent()) {
                links.add(link(task, task.result.get()).put("taskId", task.id));
            } else {
                String why = task == null ? "Task was not found" : task.resultError;
                errors.addObject()
                        .put("taskId", id.asText())
                        .put("errorString", why.isEmpty() ? "No results for this task" : why);
            }
        }
        return shaped(links, errors);
    }

    private Response shaped(ArrayNode links, ArrayNode errors) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode data = body.putObject("data");
        switch (behaviour.resultShape) {
            case SPECIFIED -> {
                data.putObject("data").set("downloadLinks", links);
                data.set("errors", errors);
            }
            case FLAT -> {
                data.set("downloadLinks", links);
                data.set("errors", errors);
            }
            case SNAKE_CASE -> {
                data.set("download_links", links);
                data.set("errors", errors);
            }
        }
        return Response.json(200, body);
    }

    private ObjectNode link(Task task, java.nio.file.Path zip) {
        String name = task.signature + ".zip";
        return JsonNodeFactory.instance
                .objectNode()
                .put("downloadUrl", storage.link(task.signature, zip, name, behaviour.linkLife))
                .put("fileName", name);
    }

    /// The older route, by the signature in the task's row.
    private synchronized Response result(Call call) {
        gate.require(call, "Remote Script Orchestration.view");
        Task task = tasks.values().stream()
                .filter(row -> row.result.isPresent())
                .filter(row -> row.agent.id().equals(call.query("agentId").orElse("")))
                .filter(row -> row.signature.equals(call.query("signature").orElse("")))
                .findFirst()
                .orElseThrow(() -> Refused.notFound("Result was not found"));
        return Rows.data(link(task, task.result.orElseThrow()));
    }

    private synchronized Response pending(Call call) {
        gate.require(call, "Remote Script Orchestration.view");
        var rows = new ArrayList<ObjectNode>();
        waiting.forEach((id, execution) -> rows.add(row(id, execution, "waiting")));
        decided.forEach(
                (id, one) -> rows.add(row(id, one.execution(), one.task().isPresent() ? "approved" : "declined")
                        .put("scheduledTaskId", one.task().orElse(null))));
        return new Rows().page(call, rows);
    }

    private static ObjectNode row(String id, Waiting execution, String state) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("pendingExecutionId", id)
                .put("state", state)
                .put("scriptName", execution.order().script().name())
                .put("createdAt", Ids.time(execution.since()))
                .putNull("scheduledTaskId");
    }

    private Response review(Call call) {
        gate.require(call, "Remote Script Orchestration.reviewPendingExecutions");
        boolean approved = call.json().at("/data/action").asText().equals("approve");
        decide(call.variable("id"), approved);
        return Rows.data(JsonNodeFactory.instance.objectNode().put("success", true));
    }

    /// Somebody in the console approves the execution, or declines it.
    ///
    /// @return the parent id of the tasks; empty when it was declined
    Optional<String> decide(String id, boolean approved) {
        Waiting execution;
        synchronized (this) {
            execution = waiting.remove(id);
        }
        if (execution == null) {
            throw Refused.notFound("Pending execution not found");
        }
        Optional<String> parent =
                approved ? Optional.of(create(execution.agents(), execution.order())) : Optional.empty();
        synchronized (this) {
            decided.put(id, new Decided(execution, parent));
        }
        advance();
        return parent;
    }

    synchronized List<String> waitingForApproval() {
        return List.copyOf(waiting.keySet());
    }
}
