package io.varve.emulator.sentinelone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.device.Device;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Emulator;
import io.varve.emulator.kit.Handler;
import io.varve.emulator.kit.Response;
import io.varve.emulator.kit.Routes;
import io.varve.emulator.kit.TestCertificate;
import io.varve.emulator.kit.TestClock;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// One SentinelOne console. The API is below `/web/api/v2.1`, results of scripts below `/rso-results`.
/// ```
/// var console = new SentinelOneEmulator(TestClock.running());
/// console.register(new ServiceUser("varve", "token", expires, ServiceUser.CAPTURE));
/// Agent agent = console.add(device);
/// console.start();
/// ```
public final class SentinelOneEmulator extends Emulator {
    public static final String BASE = "/web/api/v2.1";

    private final Behaviour behaviour = new Behaviour();
    private final Ids ids = new Ids();
    private final Routes routes = new Routes();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Gate gate;
    private final Agents agents;
    private final Activities activities;
    private final Storage storage;
    private final FetchFiles fetches;
    private final Scripts scripts;
    private final ScriptTasks tasks;
    private final Threats threats;
    private final UnifiedAlerts alerts;
    private final StarAlerts starAlerts;
    private final Containing containing;

    public SentinelOneEmulator(TestClock clock) {
        this(clock, Optional.empty());
    }

    public SentinelOneEmulator(TestClock clock, Optional<TestCertificate> certificate) {
        super(clock, certificate);
        gate = new Gate(clock);
        agents = new Agents(clock, gate);
        activities = new Activities(clock, gate, ids, behaviour);
        storage = new Storage(clock, this::url);
        fetches = new FetchFiles(clock, gate, ids, behaviour, agents, activities, storage, threads);
        scripts = new Scripts(clock, gate, ids, behaviour);
        tasks = new ScriptTasks(clock, gate, ids, behaviour, agents, scripts, storage, threads);
        threats = new Threats(clock, gate, ids, behaviour, agents, activities, fetches, storage, threads);
        alerts = new UnifiedAlerts(clock, gate, ids);
        starAlerts = new StarAlerts(gate);
        containing = new Containing(gate, agents);
        routes.on("GET", BASE + "/system/status", call -> health());
        routes.on("GET", BASE + "/user", this::user);
        containing.routes(routes);
        agents.routes(routes);
        activities.routes(routes);
        storage.routes(routes);
        fetches.routes(routes);
        scripts.routes(routes);
        tasks.routes(routes);
        threats.routes(routes);
        alerts.routes(routes);
        starAlerts.routes(routes);
    }

    public Behaviour behaviour() {
        return behaviour;
    }

    /// Adds a service user, or changes its token, permissions and their end.
    public void register(ServiceUser user) {
        gate.register(user);
    }

    /// Enrols a device under its host name.
    public Agent add(Device device) throws IOException {
        device.makeFolder(behaviour.scriptFolder);
        return add(Agent.facts(ids.next(), device, clock().instant()), Optional.of(device));
    }

    /// Enrols an agent that no device stands behind: it can be found and is never online.
    public Agent add(String name, String osType) {
        return add(Agent.named(ids.next(), name, osType, clock().instant()), Optional.empty());
    }

    /// Enrols an agent with facts of the test's own, such as a second one of the same name.
    public Agent add(JsonNode facts, Optional<Device> device) {
        var agent = new Agent(facts, device);
        agents.add(agent);
        device.ifPresent(host -> host.whenOnline(this::advance));
        return agent;
    }

    /// A threat in the vendor's form; `agentRealtimeInfo.agentId` names its agent.
    public void addThreat(JsonNode threat) {
        threats.add(threat);
    }

    /// A unified alert in the vendor's form.
    public void addAlert(JsonNode alert) {
        alerts.add(alert);
    }

    /// An alert of a custom rule in the vendor's form.
    public void addStarAlert(JsonNode alert) {
        starAlerts.add(alert);
    }

    /// The threat as the console shows it now.
    public Optional<JsonNode> threat(String id) {
        return threats.row(id);
    }

    /// Notes on a threat, oldest first.
    public List<String> threatNotes(String id) {
        return threats.noteTexts(id);
    }

    /// Notes on a unified alert, oldest first.
    public List<String> alertNotes(String id) {
        return alerts.noteTexts(id);
    }

    /// Names of the scripts in the library.
    public List<String> scripts() {
        return scripts.names();
    }

    /// Executions that wait for approval.
    public List<String> waitingForApproval() {
        return tasks.waitingForApproval();
    }

    /// Somebody in the console approves an execution, or declines it.
    ///
    /// @return the parent id of its tasks; empty when it was declined
    public Optional<String> decide(String execution, boolean approved) {
        return tasks.decide(execution, approved);
    }

    private void advance() {
        agents.all().forEach(activities::tell);
        fetches.advance();
        tasks.advance();
        threats.advance();
    }

    @Override
    protected Response answer(Call call) throws IOException {
        advance();
        try {
            if (call.path().startsWith(BASE)) {
                gate.rate(call, call.path().substring(BASE.length()));
            }
            if (Containing.changesFirewall(call)) {
                return containing.firewall(call);
            }
            Optional<Handler> handler = routes.find(call);
            if (handler.isEmpty()) {
                throw Refused.notFound("No " + call.method() + " " + call.path());
            }
            return handler.get().answer(call);
        } catch (Refused e) {
            return e.response();
        }
    }

    private static Response health() {
        return Rows.data(JsonNodeFactory.instance.objectNode().put("health", "ok"));
    }

    private Response user(Call call) {
        ServiceUser user = gate.user(call);
        ObjectNode data = JsonNodeFactory.instance
                .objectNode()
                .put("id", "1700000000000000201")
                .put("fullName", user.name())
                .put("scope", "account");
        data.putObject("apiToken")
                .put("createdAt", Ids.time(user.expiresAt().minusSeconds(15_552_000)))
                .put("expiresAt", Ids.time(user.expiresAt()));
        return Rows.data(data);
    }

    @Override
    protected Response tooMany(Call call) {
        return Refused.tooMany(2).response();
    }

    @Override
    protected Response broken(Call call, int status) {
        return Refused.broken(status).response();
    }

    @Override
    public void close() {
        super.close();
        end(threads);
        storage.close();
    }
}
