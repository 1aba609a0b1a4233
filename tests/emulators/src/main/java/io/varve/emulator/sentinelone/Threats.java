package io.varve.emulator.sentinelone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.device.Device;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import io.varve.emulator.kit.Routes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/// Threats: list, notes, tickets, and the threat's own file.
final class Threats {
    private static final String PATH = SentinelOneEmulator.BASE + "/threats";
    private static final Rows LIST = new Rows()
            .oneOf("ids", "/id")
            .oneOf("contentHashes", "/threatInfo/sha1")
            .oneOf("incidentStatuses", "/threatInfo/incidentStatus")
            .oneOf("analystVerdicts", "/threatInfo/analystVerdict")
            .oneOf("confidenceLevels", "/threatInfo/confidenceLevel")
            .oneOf("agentIds", "/agentRealtimeInfo/agentId")
            .oneOf("siteIds", "/agentRealtimeInfo/siteId")
            .oneOf("accountIds", "/agentRealtimeInfo/accountId")
            .times("createdAt", "/threatInfo/createdAt")
            .times("updatedAt", "/threatInfo/updatedAt");
    private static final Rows PLAIN = new Rows();

    /// A threat, its notes, and its file once the console has it.
    private static final class Threat {
        private final ObjectNode row;
        private final List<ObjectNode> notes = new ArrayList<>();
        private Optional<Path> file = Optional.empty();
        private Optional<String> wanted = Optional.empty();

        private Threat(JsonNode row) {
            this.row = row.deepCopy();
        }

        private ObjectNode info() {
            return row.path("threatInfo") instanceof ObjectNode info ? info : row.putObject("threatInfo");
        }
    }

    private final Clock clock;
    private final Gate gate;
    private final Ids ids;
    private final Behaviour behaviour;
    private final Agents agents;
    private final Activities activities;
    private final FetchFiles uploads;
    private final Storage storage;
    private final ExecutorService threads;
    private final Map<String, Threat> threats = new LinkedHashMap<>();

    Threats(
            Clock clock,
            Gate gate,
            Ids ids,
            Behaviour behaviour,
            Agents agents,
            Activities activities,
            FetchFiles uploads,
            Storage storage,
            ExecutorService threads) {
        this.clock = clock;
        this.gate = gate;
        this.ids = ids;
        this.behaviour = behaviour;
        this.agents = agents;
        this.activities = activities;
        this.uploads = uploads;
        this.storage = storage;
        this.threads = threads;
    }

    void routes(Routes routes) {
        routes.on("GET", PATH, this::list);
        routes.on("POST", PATH + "/notes", this::note);
        routes.on("GET", PATH + "/{id}/notes", this::notes);
        routes.on("POST", PATH + "/external-ticket-id", this::ticket);
        routes.on("POST", PATH + "/fetch-file", this::fetch);
        routes.on("GET", PATH + "/{id}/timeline", this::timeline);
        routes.on("GET", PATH + "/{id}/download-from-cloud", this::download);
    }

    synchronized void add(JsonNode threat) {
        threats.put(threat.path("id").asText(), new Threat(threat));
    }

    synchronized List<String> noteTexts(String id) {
        Threat threat = threats.get(id);
        return threat == null
                ? List.of()
                : threat.notes.stream().map(note -> note.path("text").asText()).toList();
    }

    synchronized Optional<JsonNode> row(String id) {
        return Optional.ofNullable(threats.get(id)).map(threat -> shown(threat.row));
    }

    private ObjectNode shown(ObjectNode threat) {
        ObjectNode row = threat.deepCopy();
        // the agent's state is told as it is now
        if (row.path("agentRealtimeInfo") instanceof ObjectNode realtime) {
            agents.byId(realtime.path("agentId").asText())
                    .ifPresent(agent -> realtime.put("agentNetworkStatus", agent.networkStatus())
                            .put("agentIsActive", agent.online()));
        }
        return row;
    }

    private synchronized Response list(Call call) {
        gate.require(call, "Threats.view");
        return LIST.page(
                call, threats.values().stream().map(threat -> threat.row).toList(), this::shown);
    }

    private synchronized Response note(Call call) {
        gate.require(call, "Threats.manageNotes");
        String text = call.json().at("/data/text").asText();
        if (text.length() < 2 || text.length() > 10_000) {
            throw Refused.invalid("text: Length must be between 2 and 10000");
        }
        List<Threat> chosen = chosen(call);
        for (Threat threat : chosen) {
            threat.notes.add(JsonNodeFactory.instance
                    .objectNode()
                    .put("id", ids.next())
                    .put("text", text)
                    .put("creator", call.caller())
                    .put("edited", false)
                    .put("createdAt", Ids.time(clock.instant()))
                    .put("updatedAt", Ids.time(clock.instant())));
            threat.info().put("updatedAt", Ids.time(clock.instant()));
        }
        return Rows.affected(chosen.size());
    }

    private synchronized Response notes(Call call) {
        gate.require(call, "Threats.view");
        return PLAIN.page(call, List.copyOf(found(call.variable("id")).notes));
    }

    private synchronized Response ticket(Call call) {
        gate.require(call, "Threats.manageExternalTicket");
        String ticket = call.json().at("/data/externalTicketId").asText();
        List<Threat> chosen = chosen(call);
        for (Threat threat : chosen) {
            threat.info().put("externalTicketId", ticket).put("externalTicketExists", !ticket.isEmpty());
            threat.info().put("updatedAt", Ids.time(clock.instant()));
        }
        return Rows.affected(chosen.size());
    }

    private List<Threat> chosen(Call call) {
        JsonNode filter = call.json().at("/filter/ids");
        if (!filter.isArray() || filter.isEmpty()) {
            throw Refused.invalid("filter: Missing data for required field");
        }
        var chosen = new ArrayList<Threat>();
        filter.forEach(id -> Optional.ofNullable(threats.get(id.asText())).ifPresent(chosen::add));
        return chosen;
    }

    private Threat found(String id) {
        Threat threat = threats.get(id);
        if (threat == null) {
            throw Refused.notFound("Threat " + id + " was not found");
        }
        return threat;
    }

    private synchronized Response fetch(Call call) {
        gate.require(call, "Threats.fetchThreatFile");
        String password = call.json().at("/data/password").asText();
        if (!PasswordZip.acceptable(password)) {
            throw Refused.invalid("password: at least 10 characters with upper, lower, digit and symbol");
        }
        List<Threat> chosen = chosen(call);
        if (chosen.size() > 1) {
            throw Refused.invalid("filter: Only one threat file can be fetched");
        }
        chosen.forEach(threat -> threat.wanted = Optional.of(password));
        advance();
        return Rows.affected(chosen.size());
    }

    /// Starts uploads of threat files whose agents answer.
    synchronized void advance() {
        for (Threat threat : threats.values()) {
            String agentId = threat.row.at("/agentRealtimeInfo/agentId").asText();
            Optional<Agent> agent = agents.byId(agentId).filter(Agent::online);
            if (threat.wanted.isPresent() && agent.isPresent()) {
                String password = threat.wanted.get();
                threat.wanted = Optional.empty();
                threads.submit(() -> upload(threat, agent.get(), password));
            }
        }
    }

    private void upload(Threat threat, Agent agent, String password) {
        String path = threat.row.at("/threatInfo/filePath").asText();
        Path zip = storage.newFile();
        try (var out = new PasswordZip(zip, password)) {
            Device device = agent.reachable().orElseThrow(() -> new IOException("the agent does not answer"));
            try (InputStream content = device.read(path)) {
                out.add(path.substring(path.lastIndexOf('/') + 1), content);
            }
        } catch (IOException e) {
            return; // as on the console: nothing appears
        }
        tell(threat, agent, path, zip);
    }

    private synchronized void tell(Threat threat, Agent agent, String path, Path zip) {
        threat.file = Optional.of(zip);
        String activity = ids.next();
        String name = agent.name() + "_threat_" + threat.row.path("id").asText() + ".zip";
        uploads.uploaded(activity, agent, zip, name);
        ObjectNode data = JsonNodeFactory.instance
                .objectNode()
                .put("downloadUrl", "/agents/%s/uploads/%s".formatted(agent.id(), activity))
                .put("filePath", "/agents/%s/uploads/%s".formatted(agent.id(), activity))
                .put("fileDisplayName", path.substring(path.lastIndexOf('/') + 1))
                .put("filename", name)
                .put("uploadedFilename", name);
        activities
                .add(
                        activity,
                        Activities.THREAT_FILE,
                        Optional.of(agent),
                        "Agent %s uploaded a threat file.".formatted(agent.name()),
                        data)
                .put("threatId", threat.row.path("id").asText());
    }

    private synchronized Response timeline(Call call) {
        gate.require(call, "Threats.view");
        found(call.variable("id"));
        return PLAIN.page(call, activities.ofThreat(call.variable("id")));
    }

    private synchronized Response download(Call call) {
        gate.require(call, "Threats.fetchThreatFile");
        Threat threat = found(call.variable("id"));
        Path zip = threat.file.orElseThrow(() -> Refused.notFound("The file is not in the cloud"));
        String name = "threat-" + call.variable("id");
        return Rows.data(JsonNodeFactory.instance
                .objectNode()
                .put("downloadUrl", storage.link(name, zip, name + ".zip", behaviour.linkLife))
                .put("fileName", name + ".zip"));
    }
}
