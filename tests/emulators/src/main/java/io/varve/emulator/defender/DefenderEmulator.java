package io.varve.emulator.defender;

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
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One customer's tenant: Defender for Endpoint, Entra sign-in, Graph security and Sentinel on one address.
///
/// Defender's calls are below `/api`, Graph's below `/v1.0`, Azure's below `/subscriptions`, sign-in below `/{tenant}`,
/// results below `/blob`. With a certificate it speaks https, which the Azure SDK's identity library insists on.
/// ```
/// var defender = new DefenderEmulator(TestClock.running(), Optional.of(TestCertificate.make()));
/// defender.register(new Application("client", "secret", Application.CAPTURE_ROLES));
/// defender.add(device);
/// defender.start();
/// ```
public final class DefenderEmulator extends Emulator {
    /// The only tenant.
    public static final String TENANT = "7a1f3c52-0d7e-4a53-9c0e-5f5a3b1c2d4e";

    private final Behaviour behaviour = new Behaviour();
    private final Routes routes = new Routes();
    private final Entra entra;
    private final Machines machines;
    private final MachineActions actions;
    private final Library library;
    private final Spool spool;
    private final Alerts alerts;
    private final Graph graph;
    private final Sentinel sentinel;

    public DefenderEmulator(TestClock clock) {
        this(clock, Optional.empty());
    }

    public DefenderEmulator(TestClock clock, Optional<TestCertificate> certificate) {
        super(clock, certificate);
        entra = new Entra(clock, TENANT);
        machines = new Machines(clock, entra, this::url, behaviour);
        actions = new MachineActions(clock, entra, this::url, behaviour, machines);
        library = new Library(clock, entra, this::url, behaviour);
        spool = new Spool(clock, this::url);
        alerts = new Alerts(clock, entra, this::url);
        graph = new Graph(clock, entra, this::url, behaviour);
        sentinel = new Sentinel(clock, entra, this::url);
        entra.routes(routes);
        machines.routes(routes);
        actions.routes(routes);
        new Packages(clock, entra, this::url, behaviour, machines, actions, spool).routes(routes);
        new LiveResponse(clock, entra, this::url, behaviour, machines, actions, library, spool).routes(routes);
        new Containing(entra, machines, actions).routes(routes);
        library.routes(routes);
        spool.routes(routes);
        alerts.routes(routes);
        graph.routes(routes);
        sentinel.routes(routes);
    }

    public Behaviour behaviour() {
        return behaviour;
    }

    /// Gives consent to an application, or changes its permissions and secret.
    public void register(Application application) {
        entra.register(application);
    }

    /// Tokens issued until now are refused from now on.
    public void revokeTokens() {
        entra.revokeTokens();
    }

    /// Onboards a device under its host name. When it is contained, an earlier isolation is among the machine actions.
    public Machine add(Device device) throws IOException {
        device.makeFolder(behaviour.workingFolder);
        String id = id(device.facts().machineId());
        var machine = new Machine(Machine.facts(id, device), Optional.of(device), clock().instant());
        machines.add(machine);
        device.whenOnline(actions::advance);
        actions.advance();
        return machine;
    }

    /// Onboards a machine that no device stands behind: it can be found, and packages are made up for it.
    ///
    /// @param platform such as `Windows11`, `WindowsServer2022` or `macOS`
    public Machine add(String name, String platform) {
        var machine = new Machine(Machine.named(id(name), name, platform, "22H2"), Optional.empty(), clock().instant());
        machines.add(machine);
        return machine;
    }

    /// Onboards a machine with facts of the test's own, such as a second one of the same name.
    public Machine add(JsonNode facts, Optional<Device> device) {
        var machine = new Machine(facts, device, clock().instant());
        machines.add(machine);
        device.ifPresent(host -> host.whenOnline(actions::advance));
        return machine;
    }

    /// An alert of `/api/alerts`, in the vendor's form.
    public void addAlert(JsonNode alert) {
        alerts.add(alert);
    }

    /// An alert of Graph's `alerts_v2`, in the vendor's form.
    public void addGraphAlert(JsonNode alert) {
        graph.addAlert(alert);
    }

    /// An incident of Graph; its alerts are those whose `incidentId` is its id.
    public void addGraphIncident(JsonNode incident) {
        graph.addIncident(incident);
    }

    /// A Sentinel incident; `name` is the id of its path.
    public void addSentinelIncident(JsonNode incident, List<JsonNode> itsAlerts, List<JsonNode> itsEntities) {
        sentinel.add(incident, itsAlerts, itsEntities);
    }

    /// The alert as it is now, with the comments that were added.
    public Optional<JsonNode> alert(String id) {
        return alerts.find(id);
    }

    public Optional<JsonNode> graphAlert(String id) {
        return graph.alert(id);
    }

    public Optional<JsonNode> graphIncident(String id) {
        return graph.incident(id);
    }

    /// Messages of the comments of a Sentinel incident.
    public List<String> sentinelComments(String incident) {
        return sentinel.messages(incident);
    }

    /// What lies in the live-response library.
    public List<String> libraryFiles() {
        return library.names();
    }

    /// Puts a file into the library, or swaps one, as an administrator of the tenant.
    public void putLibraryFile(String name, byte[] content) throws IOException {
        library.put(name, content, "admin@contoso.example");
    }

    /// How many machine actions of a type are in each status now, such as `Succeeded`.
    public Map<String, Integer> actions(String type) {
        actions.advance();
        return actions.locked(() -> {
            var counts = new TreeMap<String, Integer>();
            actions.all().stream()
                    .filter(action -> action.type.equals(type))
                    .forEach(action -> counts.merge(action.status.text(), 1, Integer::sum));
            return counts;
        });
    }

    @Override
    protected Response answer(Call call) throws IOException {
        actions.advance();
        try {
            Optional<Handler> handler = routes.find(call);
            if (handler.isEmpty()) {
                throw Refused.of(404, "NotFound", "No HTTP resource was found that matches " + call.path());
            }
            return handler.get().answer(call);
        } catch (Refused e) {
            return e.response();
        }
    }

    @Override
    protected Response tooMany(Call call) {
        return Refused.tooMany(5).response();
    }

    @Override
    protected Response broken(Call call, int status) {
        return Refused.of(status, "InternalServerError", "Something went wrong").response();
    }

    @Override
    public void close() {
        super.close();
        end(actions.threads());
        spool.close();
    }

    /// 40 hexadecimal digits that follow from the name.
    private static String id(String name) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(name.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    /// An empty JSON object to write alerts and incidents into.
    public static ObjectNode json() {
        return JsonNodeFactory.instance.objectNode();
    }
}
