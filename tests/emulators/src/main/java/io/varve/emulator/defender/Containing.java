package io.varve.emulator.defender;

import io.varve.emulator.device.Containment;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Handler;
import io.varve.emulator.kit.Response;
import io.varve.emulator.kit.Routes;
import java.util.List;

/// The calls that change what a machine may do. They work, and every one is recorded as containment, also a refused
/// one: the product must never make any.
final class Containing {
    private static final List<String> ISOLATION_TYPES = List.of("Full", "Selective", "UnManagedDevice");

    private final Entra entra;
    private final Machines machines;
    private final MachineActions actions;

    Containing(Entra entra, Machines machines, MachineActions actions) {
        this.entra = entra;
        this.machines = machines;
        this.actions = actions;
    }

    void routes(Routes routes) {
        routes.on("POST", "/api/machines/{id}/isolate", on("isolate", "Machine.Isolate", "Isolate"));
        routes.on("POST", "/api/machines/{id}/unisolate", on("unisolate", "Machine.Isolate", "Unisolate"));
        routes.on(
                "POST",
                "/api/machines/{id}/restrictCodeExecution",
                on("restrict", "Machine.RestrictExecution", "RestrictCodeExecution"));
        routes.on(
                "POST",
                "/api/machines/{id}/unrestrictCodeExecution",
                on("unrestrict", "Machine.RestrictExecution", "UnrestrictCodeExecution"));
        routes.on(
                "POST",
                "/api/machines/{id}/StopAndQuarantineFile",
                on("quarantine a file on", "Machine.StopAndQuarantine", "StopAndQuarantineFile"));
        routes.on("POST", "/api/machines/{id}/offboard", on("offboard", "Machine.Offboard", "Offboard"));
        actions.does("Isolate", action -> change(action.machine, Containment.CONTAINED));
        actions.does("Unisolate", action -> change(action.machine, Containment.NORMAL));
    }

    private Handler on(String verb, String permission, String type) {
        return call -> {
            call.containment(verb + " " + call.variable("id"));
            entra.require(call, Resource.DEFENDER, permission);
            return order(call, type);
        };
    }

    private Response order(Call call, String type) {
        Machine machine = machines.find(call.variable("id"));
        String comment = call.json().path("Comment").asText();
        if (comment.isBlank()) {
            throw Refused.missing("Comment");
        }
        String scope = call.json().path("IsolationType").asText();
        if (type.equals("Isolate") && !ISOLATION_TYPES.contains(scope)) {
            throw Refused.of(400, "InvalidRequestBody", "IsolationType is not valid");
        }
        if (!actions.open(action -> action.machine == machine && action.type.equals(type))
                .isEmpty()) {
            throw Refused.of(400, "ActiveRequestAlreadyExists", "The action is already in progress");
        }
        return actions.create(call, machine, type, scope, comment, List.of());
    }

    private static void change(Machine machine, Containment state) {
        // told first: this action is the row that tells it
        machine.told(state);
        machine.device().ifPresent(device -> device.containment(state));
    }
}
