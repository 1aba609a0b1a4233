package io.varve.emulator.sentinelone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.device.Snapshot;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Multipart;
import io.varve.emulator.kit.Response;
import io.varve.emulator.kit.Routes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The script library.
final class Scripts {
    private static final String PATH = SentinelOneEmulator.BASE + "/remote-scripts";
    private static final Set<String> TYPES = Set.of("action", "artifactCollection", "dataCollection");
    private static final Set<String> SYSTEMS = Set.of("linux", "macos", "windows");
    private static final Set<String> SCOPES = Set.of("site", "account", "global");
    private static final Rows LIST = new Rows()
            .contains("query", "/scriptName", "/scriptDescription")
            .oneOf("ids", "/id")
            .oneOf("scriptType", "/scriptType")
            .contains("osTypes", "/osTypes")
            .oneOf("siteIds", "/scopeId")
            .oneOf("accountIds", "/scopeId");

    private final Clock clock;
    private final Gate gate;
    private final Ids ids;
    private final Behaviour behaviour;
    private final Map<String, Script> scripts = new LinkedHashMap<>();

    Scripts(Clock clock, Gate gate, Ids ids, Behaviour behaviour) {
        this.clock = clock;
        this.gate = gate;
        this.ids = ids;
        this.behaviour = behaviour;
    }

    void routes(Routes routes) {
        routes.on("GET", PATH, this::list);
        routes.on("POST", PATH, this::upload);
        routes.on("DELETE", PATH, this::delete);
        routes.on("GET", PATH + "/script-content", this::content);
        routes.on("GET", PATH + "/fetch-upload-limits", this::limits);
        routes.on("POST", PATH + "/guardrails/check", this::guardrail);
    }

    synchronized List<String> names() {
        return scripts.values().stream().map(Script::name).toList();
    }

    /// @throws Refused when there is none
    synchronized Script find(String id) {
        Script script = scripts.get(id);
        if (script == null) {
            throw Refused.notFound("Script " + id + " was not found");
        }
        return script;
    }

    private synchronized Response list(Call call) {
        gate.require(call, "Remote Script Orchestration.view");
        return LIST.page(call, scripts.values().stream().map(Script::json).toList());
    }

    private synchronized Response upload(Call call) throws IOException {
        gate.require(call, "Remote Script Orchestration.upload");
        Multipart form = Multipart.of(call.request());
        Multipart.Part file = form.part("file").orElseThrow(() -> Refused.invalid("file: Missing data"));
        String type = choice(form, "scriptType", TYPES);
        String scope = choice(form, "scopeLevel", SCOPES);
        if (!scope.equals("global") && form.field("scopeId").orElse("").isEmpty()) {
            throw Refused.invalid("scopeId: Missing data for required field");
        }
        List<String> systems = form.parts().stream()
                .filter(part -> part.name().equals("osTypes"))
                .flatMap(part -> Arrays.stream(part.text().split(",")))
                .map(String::strip)
                .toList();
        if (systems.isEmpty() || !SYSTEMS.containsAll(systems)) {
            throw Refused.invalid("osTypes: Not a valid choice");
        }
        if (file.content().length > behaviour.largestScript) {
            throw Refused.invalid("file: File is too large");
        }
        Optional<Script.Attachment> attachment = attachment(form);
        var script = new Script(
                ids.next(),
                required(form, "scriptName"),
                type,
                systems,
                Boolean.parseBoolean(required(form, "inputRequired")),
                file.content(),
                digest(file.content()),
                attachment,
                more(call, form, scope));
        scripts.put(script.id(), script);
        return Rows.data(script.json());
    }

    private Optional<Script.Attachment> attachment(Multipart form) throws IOException {
        Optional<Multipart.Part> part = form.part("packageFile");
        if (part.isEmpty()) {
            return Optional.empty();
        }
        if (part.get().content().length > behaviour.largestPackage) {
            throw Refused.invalid("packageFile: File is too large");
        }
        byte[] content = part.get().content();
        return Optional.of(new Script.Attachment(part.get().fileName().orElse("package"), content, digest(content)));
    }

    private ObjectNode more(Call call, Multipart form, String scope) {
        int timeout = Integer.parseInt(form.field("scriptRuntimeTimeoutSeconds")
                .filter(text -> text.matches("\\d{1,6}"))
                .orElse("3600"));
        if (timeout < 60 || timeout > 172_800) {
            throw Refused.invalid("scriptRuntimeTimeoutSeconds: Must be between 60 and 172800");
        }
        return JsonNodeFactory.instance
                .objectNode()
                .put("scriptDescription", form.field("scriptDescription").orElse(null))
                .put("scriptRuntimeTimeoutSeconds", timeout)
                .put("scopeLevel", scope)
                .put("scopeId", form.field("scopeId").orElse(null))
                .put("createdByUser", call.caller())
                .put("createdAt", Ids.time(clock.instant()))
                .put("updatedAt", Ids.time(clock.instant()));
    }

    private static String required(Multipart form, String name) {
        return form.field(name)
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> Refused.invalid(name + ": Missing data for required field"));
    }

    private static String choice(Multipart form, String name, Set<String> choices) {
        String text = required(form, name);
        if (!choices.contains(text)) {
            throw Refused.invalid(name + ": Not a valid choice");
        }
        return text;
    }

    private synchronized Response delete(Call call) {
        gate.require(call, "Remote Script Orchestration.delete");
        JsonNode chosen = call.json().at("/filter/ids");
        if (!chosen.isArray() || chosen.isEmpty()) {
            throw Refused.invalid("filter: Missing data for required field");
        }
        int before = scripts.size();
        chosen.forEach(id -> scripts.remove(id.asText()));
        return Rows.affected(before - scripts.size());
    }

    private Response content(Call call) {
        gate.require(call, "Remote Script Orchestration.view");
        Script script = find(call.query("scriptId").orElse(""));
        return Rows.data(JsonNodeFactory.instance
                .objectNode()
                .put("scriptContent", new String(script.content(), StandardCharsets.UTF_8)));
    }

    /// The vendor does not publish this body: these names are ours.
    private Response limits(Call call) {
        gate.require(call, "Remote Script Orchestration.view");
        return Rows.data(JsonNodeFactory.instance
                .objectNode()
                .put("scriptMaxSize", behaviour.largestScript)
                .put("packageMaxSize", behaviour.largestPackage));
    }

    private Response guardrail(Call call) {
        gate.require(call, "Remote Script Orchestration.view");
        JsonNode data = call.json().path("data");
        find(data.path("scriptId").asText());
        if (!data.path("agentIds").isArray() || data.path("agentIds").isEmpty()) {
            throw Refused.invalid("agentIds: Missing data for required field");
        }
        return Rows.data(JsonNodeFactory.instance.objectNode().put("requiresApproval", behaviour.approvalNeeded));
    }

    private static String digest(byte[] content) throws IOException {
        return Snapshot.sha256(new ByteArrayInputStream(content));
    }
}
