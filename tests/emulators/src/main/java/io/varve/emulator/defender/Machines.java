package io.varve.emulator.defender;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import io.varve.emulator.kit.Routes;
import java.net.URI;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// The machines of the tenant: list, filter, single.
final class Machines {
    private static final Set<String> FILTERS = Set.of(
            "computerDnsName",
            "id",
            "version",
            "deviceValue",
            "aadDeviceId",
            "machineTags",
            "lastSeen",
            "exposureLevel",
            "onboardingStatus",
            "lastIpAddress",
            "healthStatus",
            "osPlatform",
            "riskScore",
            "rbacGroupId");

    private final Entra entra;
    private final Supplier<URI> base;
    private final Behaviour behaviour;
    private final Rates rates;
    private final Map<String, Machine> machines = new LinkedHashMap<>();

    Machines(Clock clock, Entra entra, Supplier<URI> base, Behaviour behaviour) {
        this.entra = entra;
        this.base = base;
        this.behaviour = behaviour;
        this.rates = Rates.usual(clock);
    }

    void routes(Routes routes) {
        routes.on("GET", "/api/machines", this::list);
        routes.on("GET", "/api/machines/{id}", this::one);
    }

    synchronized void add(Machine machine) {
        machines.put(machine.id(), machine);
    }

    synchronized Collection<Machine> all() {
        return List.copyOf(machines.values());
    }

    /// @throws Refused when there is none
    synchronized Machine find(String id) {
        Machine machine = machines.get(id);
        if (machine == null) {
            throw Refused.notFound("Machine " + id);
        }
        return machine;
    }

    private Response list(Call call) {
        entra.require(call, Resource.DEFENDER, "Machine.Read.All", "Machine.ReadWrite.All");
        rates.take(call.caller());
        List<ObjectNode> rows =
                ODataPage.filtered(call, all().stream().map(Machine::json).toList(), FILTERS);
        if (rows.isEmpty()
                && behaviour.notFoundForNoMachines
                && call.query("$filter").isPresent()) {
            throw Refused.of(404, "NotFound", "No recent machine matches the filter");
        }
        return Response.json(
                200, ODataPage.of(call, base.get(), base.get() + "/api/$metadata#Machines", rows, behaviour.page));
    }

    private Response one(Call call) {
        entra.require(call, Resource.DEFENDER, "Machine.Read.All", "Machine.ReadWrite.All");
        rates.take(call.caller());
        return Response.json(
                200,
                find(call.variable("id")).json().put("@odata.context", base.get() + "/api/$metadata#Machines/$entity"));
    }
}
