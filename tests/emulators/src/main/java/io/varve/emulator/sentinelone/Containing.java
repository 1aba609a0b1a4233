package io.varve.emulator.sentinelone;

import io.varve.emulator.device.Containment;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import io.varve.emulator.kit.Routes;
import java.util.List;

/// The calls that change what an agent or a threat may do. They work, and every one is recorded as containment, also a
/// refused one: the product must never make any.
final class Containing {
    private static final String FIREWALL = SentinelOneEmulator.BASE + "/firewall-control";

    private final Gate gate;
    private final Agents agents;

    Containing(Gate gate, Agents agents) {
        this.gate = gate;
        this.agents = agents;
    }

    void routes(Routes routes) {
        routes.on("POST", SentinelOneEmulator.BASE + "/agents/actions/disconnect", call -> {
            call.containment("disconnect " + call.json().path("filter"));
            return change(call, "Endpoints.disconnectFromNetwork", Containment.CONTAINED);
        });
        routes.on("POST", SentinelOneEmulator.BASE + "/agents/actions/connect", call -> {
            call.containment("connect " + call.json().path("filter"));
            return change(call, "Endpoints.reconnectToNetwork", Containment.NORMAL);
        });
        routes.on("POST", SentinelOneEmulator.BASE + "/threats/mitigate/{action}", call -> {
            call.containment("mitigate " + call.variable("action"));
            gate.require(call, "Threats.mitigate");
            return Rows.affected(call.json().at("/filter/ids").size());
        });
    }

    /// Whether the call changes firewall or quarantine rules, which no route of its own answers.
    static boolean changesFirewall(Call call) {
        return call.path().startsWith(FIREWALL) && !call.method().equals("GET");
    }

    Response firewall(Call call) {
        call.containment("firewall " + call.method());
        gate.require(call, "Firewall.edit");
        return Rows.affected(1);
    }

    private Response change(Call call, String permission, Containment state) {
        gate.require(call, permission);
        List<Agent> chosen = agents.matching(call.json().path("filter"));
        chosen.forEach(agent -> agent.device().ifPresent(device -> device.containment(state)));
        return Rows.affected(chosen.size());
    }
}
