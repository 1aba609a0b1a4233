package io.varve.provider.defender;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.provider.Connection;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.Waiting;
import io.varve.provider.http.Answer;
import io.varve.provider.http.Call;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Microsoft Defender for Endpoint's API for one tenant: machines, their actions, live response, the investigation
/// package. One for all captures through the tenant, so that they keep its limits together.
///
/// It reads whether a machine is isolated and has no call that changes it.
final class Defender {
    /// The tenant's limit for addresses of investigation packages.
    private static final int PACKAGE_LINKS_PER_MINUTE = 2;

    private static final int MOST_PAGES = 20;
    private static final int MOST_ROWS = 20_000;

    /// @param complete false when there are more than were read
    record Listed<T>(List<T> rows, boolean complete) {}

    private final MicrosoftApi api;
    private final Pace sessions;
    private final Pace packageLinks;
    private final Library library;

    Defender(Connection connection, Clock clock, Waiting waiting) throws ProviderException {
        this.api = new MicrosoftApi(connection, clock, waiting);
        this.sessions = new Pace(api.tenant().actionsPerMinute(), clock, waiting);
        this.packageLinks = new Pace(PACKAGE_LINKS_PER_MINUTE, clock, waiting);
        this.library = new Library(api);
    }

    MicrosoftApi api() {
        return api;
    }

    Tenant tenant() {
        return api.tenant();
    }

    Library library() {
        return library;
    }

    Optional<Machine> machine(String id) throws ProviderException, InterruptedException {
        Call call = Call.read(api.at(Service.DEFENDER, "/api/machines/" + MicrosoftApi.encoded(id)));
        Answer answer = api.ask(Service.DEFENDER, call);
        if (answer.status() == 404) {
            return Optional.empty();
        }
        if (!answer.good()) {
            throw api.refused(Permission.MACHINE_READ, call, answer);
        }
        return Optional.of(Machine.read(answer.json()));
    }

    /// Machines with exactly this DNS name. Microsoft answers 404 when none was seen of late.
    List<Machine> named(String dnsName) throws ProviderException, InterruptedException {
        String filter = "computerDnsName eq " + MicrosoftApi.quoted(dnsName);
        var machines = new ArrayList<Machine>();
        for (JsonNode row : rows("/api/machines", filter).rows()) {
            machines.add(Machine.read(row));
        }
        return machines;
    }

    Listed<MachineAction> actions(String filter) throws ProviderException, InterruptedException {
        Listed<JsonNode> rows = rows("/api/machineactions", filter);
        var actions = new ArrayList<MachineAction>();
        for (JsonNode row : rows.rows()) {
            actions.add(MachineAction.read(row));
        }
        return new Listed<>(List.copyOf(actions), rows.complete());
    }

    MachineAction action(String id) throws ProviderException, InterruptedException {
        return MachineAction.read(api.read(Permission.MACHINE_READ, "/api/machineactions/" + MicrosoftApi.encoded(id)));
    }

    /// Orders a live response. Empty when the machine is busy with another one.
    Optional<MachineAction> liveResponse(String machine, String comment, List<LiveCommand> commands)
            throws ProviderException, InterruptedException {
        ObjectNode order = JsonNodeFactory.instance.objectNode().put("Comment", comment);
        var array = order.putArray("Commands");
        commands.forEach(command -> array.add(command.json()));
        sessions.take();
        return order(machine, "runliveresponse", Permission.LIVE_RESPONSE, order);
    }

    /// Orders an investigation package. Empty when one is being collected.
    Optional<MachineAction> investigationPackage(String machine, String comment)
            throws ProviderException, InterruptedException {
        return order(
                machine,
                "collectInvestigationPackage",
                Permission.FORENSICS,
                JsonNodeFactory.instance.objectNode().put("Comment", comment));
    }

    private Optional<MachineAction> order(String machine, String what, Permission permission, ObjectNode order)
            throws ProviderException, InterruptedException {
        URI address = api.at(Service.DEFENDER, "/api/machines/%s/%s".formatted(MicrosoftApi.encoded(machine), what));
        Call call = Call.json("POST", address, order.toString().getBytes(StandardCharsets.UTF_8));
        Answer answer = api.ask(Service.DEFENDER, call);
        if (answer.good()) {
            return Optional.of(MachineAction.read(answer.json()));
        }
        if (answer.status() == 400 && MicrosoftApi.code(answer).equals("ActiveRequestAlreadyExists")) {
            return Optional.empty();
        }
        throw api.refused(permission, call, answer);
    }

    /// Cancels an action of ours. One that has ended meanwhile is left.
    void cancel(String action, Permission permission, String comment) throws ProviderException, InterruptedException {
        URI address = api.at(Service.DEFENDER, "/api/machineactions/%s/cancel".formatted(MicrosoftApi.encoded(action)));
        ObjectNode order = JsonNodeFactory.instance.objectNode().put("Comment", comment);
        Call call = Call.json("POST", address, order.toString().getBytes(StandardCharsets.UTF_8));
        Answer answer = api.ask(Service.DEFENDER, call);
        if (!answer.good() && answer.status() != 400) {
            throw api.refused(permission, call, answer);
        }
    }

    /// Where the result of one command lies, for 30 minutes. It can be asked for again.
    URI resultLink(String action, int index) throws ProviderException, InterruptedException {
        return link(api.read(
                Permission.MACHINE_READ,
                "/api/machineactions/%s/GetLiveResponseResultDownloadLink(index=%d)"
                        .formatted(MicrosoftApi.encoded(action), index)));
    }

    /// Where a collected package lies, for a short time. The address comes with quotes around it.
    URI packageLink(String action) throws ProviderException, InterruptedException {
        packageLinks.take();
        return link(api.read(
                Permission.MACHINE_READ,
                "/api/machineactions/%s/getPackageUri".formatted(MicrosoftApi.encoded(action))));
    }

    private static URI link(JsonNode answer) throws ProviderException {
        String text = answer.path("value").asText().strip().replaceAll("^\"+|\"+$", "");
        try {
            URI link = URI.create(text);
            if ("https".equals(link.getScheme()) && link.getHost() != null) {
                return link;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new ProviderException(Kind.FAILED, "Microsoft's link to the result is no https address");
    }

    private Listed<JsonNode> rows(String path, String filter) throws ProviderException, InterruptedException {
        var rows = new ArrayList<JsonNode>();
        Optional<URI> next = Optional.of(api.at(Service.DEFENDER, path + "?$filter=" + MicrosoftApi.encoded(filter)));
        for (int page = 0; next.isPresent() && page < MOST_PAGES && rows.size() < MOST_ROWS; page++) {
            Call call = Call.read(next.get());
            Answer answer = api.ask(Service.DEFENDER, call);
            if (answer.status() == 404) {
                return new Listed<>(List.copyOf(rows), true);
            }
            if (!answer.good()) {
                throw api.refused(Permission.MACHINE_READ, call, answer);
            }
            JsonNode json = answer.json();
            json.path("value").forEach(rows::add);
            next = api.next(Service.DEFENDER, json);
        }
        return new Listed<>(List.copyOf(rows), next.isEmpty());
    }
}
