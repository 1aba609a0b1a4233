package io.varve.emulator.crowdstrike;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// Sessions on many hosts as one, and commands to all of them.
final class Batches {
    private static final int MOST_HOSTS = 10_000;

    private static final class Batch {
        private final String client;
        private final Map<String, Session> sessions = new LinkedHashMap<>();
        private Instant touched;

        private Batch(String client, Instant now) {
            this.client = client;
            this.touched = now;
        }
    }

    /// One `get` on many hosts: which command it is on which.
    private record Get(String client, Map<String, RtrCommand> commands) {}

    private final Clock clock;
    private final Settings settings;
    private final Sessions sessions;
    private final Commands commands;
    private final SessionFiles files;
    private final Map<String, Batch> batches = new ConcurrentHashMap<>();
    private final Map<String, Get> gets = new ConcurrentHashMap<>();

    Batches(Clock clock, Settings settings, Sessions sessions, Commands commands, SessionFiles files) {
        this.clock = clock;
        this.settings = settings;
        this.sessions = sessions;
        this.commands = commands;
        this.files = files;
    }

    Response open(Call call) {
        JsonNode ids = call.json().path("host_ids");
        if (ids.isEmpty() || ids.size() > MOST_HOSTS) {
            return Envelope.error(400, 400, "the number of hosts is invalid");
        }
        var batch = new Batch(call.caller(), clock.instant());
        Batch existing = batches.get(call.json().path("existing_batch_id").asText());
        if (existing != null && existing.client.equals(call.caller())) {
            batch.sessions.putAll(existing.sessions);
        }
        ObjectNode body = Envelope.wrap(Set.of());
        ObjectNode resources = Envelope.JSON.objectNode();
        for (JsonNode id : ids) {
            resources.set(id.asText(), open(call, batch, id.asText()));
        }
        if (batch.sessions.isEmpty()) {
            return Envelope.error(404, 404, "no successful hosts initialized on RTR");
        }
        String id = Ids.uuid();
        batches.put(id, batch);
        body.put("batch_id", id);
        body.set("resources", resources);
        return Envelope.respond(201, body);
    }

    private ObjectNode open(Call call, Batch batch, String aid) {
        ObjectNode json = Envelope.JSON.objectNode().put("aid", aid).put("complete", true);
        json.put("stdout", "").put("stderr", "").put("base_command", "").put("query_time", 0.01);
        try {
            Session session = sessions.open(
                            call.caller(),
                            aid,
                            "",
                            call.json().path("queue_offline").asBoolean())
                    .session();
            batch.sessions.put(aid, session);
            json.put("session_id", session.id).put("offline_queued", !session.host.online());
            json.putArray("errors");
        } catch (Refused e) {
            json.put("session_id", "").put("offline_queued", false);
            json.putArray("errors").add(Envelope.errorOf(e.code(), e.text()));
        }
        return json;
    }

    Response refresh(Call call) {
        try {
            Batch batch = usable(call);
            call.json().path("hosts_to_remove").forEach(id -> batch.sessions.remove(id.asText()));
            ObjectNode body = Envelope.wrap(Set.of());
            ObjectNode resources = Envelope.JSON.objectNode();
            batch.sessions.forEach((aid, session) -> {
                session.touch(clock.instant());
                resources.set(
                        aid,
                        Envelope.JSON
                                .objectNode()
                                .put("aid", aid)
                                .put("session_id", session.id)
                                .put("complete", true)
                                .put("offline_queued", !session.host.online()));
            });
            body.set("resources", resources);
            return Envelope.respond(201, body);
        } catch (Refused e) {
            return e.toResponse();
        }
    }

    Response run(Call call, Level level) {
        JsonNode json = call.json();
        String base = json.path("base_command").asText();
        try {
            var started = new LinkedHashMap<String, RtrCommand>();
            ObjectNode resources = start(
                    call, usable(call), level, base, json.path("command_string").asText(), started);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeout(call));
            for (Map.Entry<String, RtrCommand> entry : started.entrySet()) {
                entry.getValue().awaitDone(Math.max(0, (deadline - System.nanoTime()) / 1_000_000));
                ObjectNode whole = entry.getValue().whole();
                whole.put("aid", entry.getKey()).put("offline_queued", entry.getValue().queued);
                whole.put("query_time", 0.5).putArray("errors");
                resources.set(entry.getKey(), whole);
            }
            ObjectNode body = Envelope.wrap(Set.of());
            body.remove("resources");
            body.putObject("combined").set("resources", resources);
            return Envelope.respond(201, body);
        } catch (Refused e) {
            return e.toResponse();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Envelope.error(504, 50401, "Exceeded maximum timeout");
        }
    }

    /// Starts it everywhere; answers the entries of the hosts where it could not be started.
    private ObjectNode start(
            Call call, Batch batch, Level level, String base, String line, Map<String, RtrCommand> started)
            throws Refused {
        level.check(base, new Words(line));
        Set<String> only = new LinkedHashSet<>();
        call.json().path("optional_hosts").forEach(id -> only.add(id.asText()));
        ObjectNode failed = Envelope.JSON.objectNode();
        for (Map.Entry<String, Session> entry : batch.sessions.entrySet()) {
            if (!only.isEmpty() && !only.contains(entry.getKey())) {
                continue;
            }
            try {
                Session session = sessions.usable(entry.getValue().id, call.caller());
                started.put(entry.getKey(), commands.start(session, level, base, line));
            } catch (Refused e) {
                ObjectNode json = failed.putObject(entry.getKey());
                json.put("aid", entry.getKey())
                        .put("complete", false)
                        .put("stdout", "")
                        .put("stderr", "");
                json.putArray("errors").add(Envelope.errorOf(e.code(), e.text()));
            }
        }
        return failed;
    }

    Response get(Call call) {
        String path = call.json().path("file_path").asText();
        try {
            var started = new LinkedHashMap<String, RtrCommand>();
            String line = "get \"" + path.replace("\"", "\\\"") + "\"";
            ObjectNode resources = start(call, usable(call), Level.ACTIVE_RESPONDER, "get", line, started);
            started.forEach((aid, command) -> {
                ObjectNode whole = command.whole();
                whole.put("aid", aid).putArray("errors");
                resources.set(aid, whole);
            });
            String id = Ids.uuid();
            gets.put(id, new Get(call.caller(), started));
            ObjectNode body = Envelope.wrap(Set.of());
            body.remove("resources");
            body.put("batch_get_cmd_req_id", id);
            body.putObject("combined").set("resources", resources);
            return Envelope.respond(201, body);
        } catch (Refused e) {
            return e.toResponse();
        }
    }

    Response gotten(Call call) {
        Get get = gets.get(call.query("batch_get_cmd_req_id").orElse(""));
        if (get == null || !get.client.equals(call.caller())) {
            return Envelope.error(404, 404, "Request not found");
        }
        ObjectNode resources = Envelope.JSON.objectNode();
        get.commands.forEach((aid, command) -> files.row(command.id)
                .filter(row -> row.path("complete").asBoolean())
                .ifPresent(row -> resources.set(aid, row)));
        ObjectNode body = Envelope.wrap(Set.of());
        body.set("resources", resources);
        return Envelope.respond(200, body);
    }

    private Batch usable(Call call) throws Refused {
        Batch batch = batches.get(call.json().path("batch_id").asText());
        boolean live = batch != null
                && batch.client.equals(call.caller())
                && clock.instant().isBefore(batch.touched.plus(settings.sessionLife()));
        if (batch == null || !live) {
            throw new Refused(404, 404, "Batch session not found");
        }
        if (call.path().contains("refresh")) {
            batch.touched = clock.instant();
        }
        return batch;
    }

    private static long timeout(Call call) {
        int asked = Hosts.number(call, "timeout", 30);
        return Math.clamp(asked, 1, 600);
    }
}
