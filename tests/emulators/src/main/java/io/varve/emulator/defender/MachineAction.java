package io.varve.emulator.defender;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// One order to a machine and how far it is. Guarded by the lock of [MachineActions].
final class MachineAction {
    enum Status {
        PENDING("Pending"),
        IN_PROGRESS("InProgress"),
        SUCCEEDED("Succeeded"),
        FAILED("Failed"),
        TIME_OUT("TimeOut"),
        CANCELLED("Cancelled");

        private final String text;

        Status(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }

        boolean open() {
            return this == PENDING || this == IN_PROGRESS;
        }
    }

    /// One command of a live response.
    static final class Command {
        final JsonNode asked;
        Optional<Instant> started = Optional.empty();
        long startedNanos;
        Optional<Instant> ended = Optional.empty();
        String status = "Created";
        Optional<String> error = Optional.empty();
        Optional<Path> result = Optional.empty();
        String resultName = "";

        Command(JsonNode asked) {
            this.asked = asked.deepCopy();
        }

        String type() {
            return asked.path("type").asText();
        }

        Optional<String> parameter(String key) {
            for (JsonNode param : asked.path("params")) {
                if (param.path("key").asText().equals(key)) {
                    return Optional.of(param.path("value").asText());
                }
            }
            return Optional.empty();
        }

        private ObjectNode json(int index) {
            ObjectNode json = JsonNodeFactory.instance.objectNode().put("index", index);
            json.put("startTime", started.map(Instant::toString).orElse(null));
            json.put("endTime", ended.map(Instant::toString).orElse(null));
            json.put("commandStatus", status);
            ArrayNode errors = json.putArray("errors");
            error.ifPresent(errors::add);
            json.set("command", asked.deepCopy());
            return json;
        }
    }

    final String id = UUID.randomUUID().toString();
    final String type;
    final String scope;
    final String requestor;
    final String comment;
    final Machine machine;
    final Instant asked;

    /// As the vendor tells it: no two orders have the same, also when the clock stands still.
    final Instant created;

    final List<Command> commands = new ArrayList<>();
    Instant updated;
    Status status = Status.PENDING;
    Optional<Path> result = Optional.empty();
    Optional<ObjectNode> cancellation = Optional.empty();

    MachineAction(
            String type,
            String scope,
            String requestor,
            String comment,
            Machine machine,
            Instant asked,
            Instant created) {
        this.type = type;
        this.scope = scope;
        this.requestor = requestor;
        this.comment = comment;
        this.machine = machine;
        this.asked = asked;
        this.created = created;
        this.updated = created;
    }

    void become(Status next, Instant now) {
        status = next;
        updated = now;
    }

    /// @param updateName the name that this answer has for the time of the last update
    ObjectNode json(String updateName) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("type", type)
                .putNull("title")
                .put("requestor", requestor)
                .put("requestorComment", comment)
                .put("status", status.text)
                .put("machineId", machine.id())
                .put("computerDnsName", machine.name())
                .put("creationDateTimeUtc", created.toString())
                .put(updateName, updated.toString())
                .put("errorHResult", status == Status.FAILED ? -2147467259 : 0)
                .put("scope", scope.isEmpty() ? null : scope)
                .putNull("externalId")
                .put("requestSource", "PublicApi")
                .putNull("relatedFileInfo")
                .putNull("troubleshootInfo");
        for (String name : List.of("cancellationRequestor", "cancellationComment", "cancellationDateTimeUtc")) {
            json.put(name, cancellation.map(all -> all.path(name).asText()).orElse(null));
        }
        ArrayNode rows = json.putArray("commands");
        for (int i = 0; i < commands.size(); i++) {
            rows.add(commands.get(i).json(i));
        }
        return json;
    }
}
