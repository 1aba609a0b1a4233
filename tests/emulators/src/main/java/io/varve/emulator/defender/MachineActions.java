package io.varve.emulator.defender;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.defender.MachineAction.Status;
import io.varve.emulator.device.Containment;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import io.varve.emulator.kit.Routes;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// All orders to machines, and what drives them: an order waits until its machine can be reached, then its work runs
/// in a thread of its own.
///
/// Isolation that anybody else changed appears here as a row too: the only place where the vendor tells it.
final class MachineActions {
    private static final Set<String> FILTERS =
            Set.of("id", "status", "machineId", "type", "requestor", "creationDateTimeUtc");
    private static final String ANALYST = "analyst@contoso.example";

    /// What an order does on its machine. Failing ends the order as failed.
    interface Work {
        void run(MachineAction action) throws IOException;
    }

    private final Clock clock;
    private final Entra entra;
    private final Supplier<URI> base;
    private final Behaviour behaviour;
    private final Machines machines;
    private final Rates rates;
    private final List<MachineAction> actions = new ArrayList<>();
    private final Map<String, Work> works = new ConcurrentHashMap<>();
    private final Map<String, Future<?>> running = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    MachineActions(Clock clock, Entra entra, Supplier<URI> base, Behaviour behaviour, Machines machines) {
        this.clock = clock;
        this.entra = entra;
        this.base = base;
        this.behaviour = behaviour;
        this.machines = machines;
        this.rates = Rates.usual(clock);
    }

    void routes(Routes routes) {
        routes.on("GET", "/api/machineactions", this::list);
        routes.on("GET", "/api/machineactions/{id}", this::one);
        routes.on("POST", "/api/machineactions/{id}/cancel", this::cancel);
    }

    void does(String type, Work work) {
        works.put(type, work);
    }

    /// A new order; the answer shows it as it is before anything happened.
    synchronized Response create(
            Call call, Machine machine, String type, String scope, String comment, List<JsonNode> commands) {
        MachineAction action = add(machine, type, scope, call.caller(), comment);
        commands.forEach(command -> action.commands.add(new MachineAction.Command(command)));
        Response response = Response.json(201, single(action));
        advance();
        return response;
    }

    private MachineAction add(Machine machine, String type, String scope, String requestor, String comment) {
        Instant now = clock.instant();
        Instant last = actions.isEmpty() ? Instant.EPOCH : actions.getLast().created;
        Instant created = now.isAfter(last) ? now : last.plusMillis(1);
        var action = new MachineAction(type, scope, requestor, comment, machine, now, created);
        actions.add(action);
        return action;
    }

    synchronized List<MachineAction> open(Predicate<MachineAction> which) {
        return actions.stream()
                .filter(action -> action.status.open())
                .filter(which)
                .toList();
    }

    /// @throws Refused when there is none
    synchronized MachineAction find(String id) {
        return actions.stream()
                .filter(action -> action.id.equals(id))
                .findFirst()
                .orElseThrow(() -> Refused.notFound("MachineAction " + id));
    }

    synchronized List<MachineAction> all() {
        return List.copyOf(actions);
    }

    /// Runs something while nothing else changes an action.
    synchronized <T> T locked(Supplier<T> what) {
        return what.get();
    }

    /// Starts what can be started and ends what took too long. Called before every request.
    synchronized void advance() {
        machines.all().forEach(this::tellContainment);
        Instant now = clock.instant();
        for (MachineAction action : open(action -> true)) {
            if (action.status == Status.IN_PROGRESS) {
                interruptLateScript(action, now);
            } else if (now.isAfter(action.asked.plus(behaviour.queueLife))) {
                action.become(Status.TIME_OUT, now);
            } else if (action.machine.online() && !now.isBefore(action.asked.plus(behaviour.startDelay))) {
                start(action, now);
            }
        }
    }

    private void start(MachineAction action, Instant now) {
        Work work = works.get(action.type);
        if (work == null) {
            return;
        }
        action.become(Status.IN_PROGRESS, now);
        running.put(action.id, threads.submit(() -> work(action, work)));
    }

    private void work(MachineAction action, Work work) {
        Status end = Status.SUCCEEDED;
        try {
            work.run(action);
        } catch (IOException e) {
            end = Status.FAILED;
        }
        synchronized (this) {
            running.remove(action.id);
            if (action.status == Status.IN_PROGRESS) {
                action.become(end, clock.instant());
            }
        }
    }

    private void interruptLateScript(MachineAction action, Instant now) {
        boolean late = action.commands.stream()
                .filter(command -> command.type().equals("RunScript") && command.ended.isEmpty())
                .filter(command -> System.nanoTime() - command.startedNanos >= behaviour.leastRealTime.toNanos())
                .flatMap(command -> command.started.stream())
                .anyMatch(started -> now.isAfter(started.plus(behaviour.scriptTime)));
        Future<?> thread = running.get(action.id);
        if (late && thread != null) {
            thread.cancel(true);
        }
    }

    private void tellContainment(Machine machine) {
        if (machine.device().isEmpty()) {
            return;
        }
        Containment real = machine.device().get().containment();
        Containment told = machine.told().orElse(Containment.NORMAL);
        if (real == told) {
            return;
        }
        machine.told(real);
        String type = switch (real) {
            case CONTAINED, PENDING -> "Isolate";
            case NORMAL, RELEASE_PENDING -> "Unisolate";
        };
        boolean pending = real == Containment.PENDING || real == Containment.RELEASE_PENDING;
        MachineAction row = open(action -> action.machine == machine && action.type.equals(type)).stream()
                .findFirst()
                .orElseGet(() -> add(machine, type, type.equals("Isolate") ? "Full" : "", ANALYST, "by hand"));
        row.become(pending ? Status.IN_PROGRESS : Status.SUCCEEDED, clock.instant());
    }

    private synchronized Response list(Call call) {
        allowed(call);
        String updated = behaviour.oldListNames ? "lastUpdateTimeUtc" : "lastUpdateDateTimeUtc";
        List<ObjectNode> rows =
                actions.reversed().stream().map(action -> action.json(updated)).toList();
        List<ObjectNode> found = ODataPage.filtered(call, rows, FILTERS);
        return Response.json(
                200,
                ODataPage.of(call, base.get(), base.get() + "/api/$metadata#MachineActions", found, behaviour.page));
    }

    private synchronized Response one(Call call) {
        allowed(call);
        return Response.json(200, single(find(call.variable("id"))));
    }

    void allowed(Call call) {
        entra.require(call, Resource.DEFENDER, "Machine.Read.All", "Machine.ReadWrite.All");
        rates.take(call.caller());
    }

    private ObjectNode single(MachineAction action) {
        return action.json("lastUpdateDateTimeUtc")
                .put("@odata.context", base.get() + "/api/$metadata#MachineActions/$entity");
    }

    private synchronized Response cancel(Call call) {
        Optional<MachineAction> known = actions.stream()
                .filter(action -> action.id.equals(call.variable("id")))
                .findFirst();
        known.filter(action -> action.type.endsWith("solate"))
                .ifPresent(action -> call.containment("cancel " + action.type + " of " + action.machine.name()));
        entra.require(
                call, Resource.DEFENDER, known.map(MachineActions::permission).orElse("Machine.Read.All"));
        MachineAction action = find(call.variable("id"));
        String comment = call.json().path("Comment").asText();
        if (comment.isBlank()) {
            throw Refused.missing("Comment");
        }
        if (!action.status.open()) {
            throw Refused.badRequest("The action is already finished");
        }
        action.cancellation = Optional.of(JsonNodeFactory.instance
                .objectNode()
                .put("cancellationRequestor", call.caller())
                .put("cancellationComment", comment)
                .put("cancellationDateTimeUtc", clock.instant().toString()));
        action.become(Status.CANCELLED, clock.instant());
        Future<?> thread = running.get(action.id);
        if (thread != null) {
            thread.cancel(true);
        }
        return Response.json(200, single(action));
    }

    private static String permission(MachineAction action) {
        return switch (action.type) {
            case "LiveResponse" -> "Machine.LiveResponse";
            case "CollectInvestigationPackage" -> "Machine.CollectForensics";
            case "Isolate", "Unisolate" -> "Machine.Isolate";
            default -> "Machine.Read.All";
        };
    }

    /// What runs orders; it is ended with the emulator.
    ExecutorService threads() {
        return threads;
    }
}
