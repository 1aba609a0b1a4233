package io.varve.emulator.defender;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.varve.emulator.defender.MachineAction.Status;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import io.varve.emulator.kit.Routes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Investigation packages: ordered, then fetched by a link whose text has quote characters in it.
final class Packages {
    private final Clock clock;
    private final Entra entra;
    private final Supplier<java.net.URI> base;
    private final Behaviour behaviour;
    private final Machines machines;
    private final MachineActions actions;
    private final Spool spool;
    private final Rates rates;

    Packages(
            Clock clock,
            Entra entra,
            Supplier<java.net.URI> base,
            Behaviour behaviour,
            Machines machines,
            MachineActions actions,
            Spool spool) {
        this.clock = clock;
        this.entra = entra;
        this.base = base;
        this.behaviour = behaviour;
        this.machines = machines;
        this.actions = actions;
        this.spool = spool;
        this.rates = new Rates(clock, 2, 120);
    }

    void routes(Routes routes) {
        routes.on("POST", "/api/machines/{id}/collectInvestigationPackage", this::order);
        routes.on("GET", "/api/machineactions/{id}/getPackageUri", this::link);
        actions.does("CollectInvestigationPackage", this::collect);
    }

    private Response order(Call call) {
        entra.require(call, Resource.DEFENDER, "Machine.CollectForensics");
        Machine machine = machines.find(call.variable("id"));
        String comment = call.json().path("Comment").asText();
        if (comment.isBlank()) {
            throw Refused.missing("Comment");
        }
        return actions.locked(() -> {
            if (!actions.open(action -> action.machine == machine && action.type.startsWith("Collect"))
                    .isEmpty()) {
                throw Refused.of(400, "ActiveRequestAlreadyExists", "Action is already in progress");
            }
            return actions.create(call, machine, "CollectInvestigationPackage", "", comment, List.of());
        });
    }

    private void collect(MachineAction action) throws IOException {
        Map<String, byte[]> files = switch (action.machine.platform()) {
            case "Linux" -> LinuxPackage.files(action.machine);
            case "macOS" -> MadeUpPackage.macos(action.machine.name());
            default -> MadeUpPackage.windows(action.machine.name());
        };
        Path file = spool.newFile();
        try (OutputStream out = Files.newOutputStream(file);
                var zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> entry : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        actions.locked(() -> action.result = java.util.Optional.of(file));
    }

    private Response link(Call call) {
        entra.require(call, Resource.DEFENDER, "Machine.Read.All", "Machine.CollectForensics");
        rates.take(call.caller());
        return actions.locked(() -> {
            MachineAction action = actions.find(call.variable("id"));
            if (action.status != Status.SUCCEEDED || action.result.isEmpty()) {
                throw Refused.notFound("Package of " + action.id);
            }
            String link = spool.link(
                    action.id,
                    "WDATP_Investigation_Package.zip",
                    action.result.get(),
                    "WDATP_Investigation_Package.zip",
                    behaviour.linkLife);
            return Response.json(
                    200,
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("@odata.context", base.get() + "/api/$metadata#Edm.String")
                            .put("value", "\"" + link + "\""));
        });
    }
}
