package io.varve.emulator.crowdstrike;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Opens, refreshes and ends sessions; a live one of the same client on the same host is used again.
final class Sessions {
    private static final Duration QUEUE = Duration.ofDays(7);

    private final Clock clock;
    private final Settings settings;
    private final Hosts hosts;
    private final Map<String, Session> sessions = new LinkedHashMap<>();

    Sessions(Clock clock, Settings settings, Hosts hosts) {
        this.clock = clock;
        this.settings = settings;
        this.hosts = hosts;
    }

    Response open(Call call) {
        try {
            Opened opened = open(
                    call.caller(),
                    call.json().path("device_id").asText(),
                    call.json().path("origin").asText(),
                    call.json().path("queue_offline").asBoolean());
            return Envelope.one(201, opened.session.toJson(opened.existed));
        } catch (Refused e) {
            return e.toResponse();
        }
    }

    /// @param existed whether the client had it already
    record Opened(Session session, boolean existed) {}

    synchronized Opened open(String client, String aid, String origin, boolean queue) throws Refused {
        FalconHost host = hosts.find(aid).orElseThrow(() -> new Refused(404, 404, "Host not found"));
        if (!host.rtr()) {
            throw new Refused(403, 403, "Real Time Response is not enabled for this host");
        }
        if (!host.online() && !queue) {
            throw new Refused(404, 40401, "Could not establish sensor comms");
        }
        Optional<Session> existing = sessions.values().stream()
                .filter(session -> session.client.equals(client) && session.host == host && live(session))
                .findFirst();
        if (existing.isPresent()) {
            existing.get().touch(clock.instant());
            return new Opened(existing.get(), true);
        }
        var session = new Session(client, host, origin, queue, clock.instant());
        sessions.put(session.id, session);
        return new Opened(session, false);
    }

    synchronized Response delete(Call call) {
        Session session = sessions.get(call.query("session_id").orElse(""));
        if (session == null || !session.client.equals(call.caller()) || !live(session)) {
            return Envelope.error(404, 404, "Session not found");
        }
        session.touch(clock.instant());
        session.delete();
        return Response.empty(204);
    }

    Response read(Call call) {
        var found = new ArrayList<ObjectNode>();
        for (JsonNode id : call.json().path("ids")) {
            owned(id.asText(), call.caller()).ifPresent(session -> found.add(session.audit()));
        }
        return Envelope.resources(200, found);
    }

    synchronized Response query(Call call) {
        Predicate<JsonNode> filter =
                Fql.parse(call.query("filter").orElse("").replace("'@me'", "'" + call.caller() + "'"));
        List<TextNode> ids = sessions.values().stream()
                .filter(session -> session.client.equals(call.caller()))
                .filter(session -> filter.test(session.audit()))
                .map(session -> TextNode.valueOf(session.id))
                .toList();
        return Envelope.page(ids, "0", Hosts.number(call, "limit", 100), ids.size());
    }

    synchronized Response audit(Call call) {
        Predicate<JsonNode> filter = Fql.parse(call.query("filter").orElse(""));
        boolean commands = call.query("with_command_info").orElse("false").equals("true");
        List<ObjectNode> found = sessions.values().stream()
                .map(Session::audit)
                .filter(filter)
                .sorted(Sorting.of(call.query("sort").orElse("")))
                .map(session -> commands ? session : session.<ObjectNode>without("logs"))
                .toList();
        return Envelope.page(found, "0", Hosts.number(call, "limit", 100), found.size());
    }

    Response queued(Call call) {
        var found = new ArrayList<ObjectNode>();
        for (JsonNode id : call.json().path("ids")) {
            owned(id.asText(), call.caller()).filter(session -> session.queue).ifPresent(session -> {
                ObjectNode json = Envelope.JSON
                        .objectNode()
                        .put("id", session.id)
                        .put("aid", session.host.aid())
                        .put("status", session.host.online() ? "ACTIVE" : "PENDING");
                var commands = json.putArray("Commands");
                session.commands().forEach(command -> commands.add(command.queueEntry()));
                found.add(json);
            });
        }
        return Envelope.resources(200, found);
    }

    Response deleteQueued(Call call) {
        Optional<Session> session = owned(call.query("session_id").orElse(""), call.caller());
        Optional<RtrCommand> command = session.flatMap(
                found -> found.command(call.query("cloud_request_id").orElse("")));
        if (command.isEmpty() || command.get().complete()) {
            return Envelope.error(404, 404, "Queued command not found");
        }
        session.get().drop(command.get());
        return Response.empty(204);
    }

    /// A session that takes commands now.
    ///
    /// @throws Refused when there is none, it has ended, or its host cannot be reached
    synchronized Session usable(String id, String client) throws Refused {
        Session session = sessions.get(id);
        if (session == null || !session.client.equals(client) || !live(session)) {
            throw new Refused(404, 404, "Session not found");
        }
        if (!session.host.online() && !session.queue) {
            throw new Refused(404, 40401, "Could not establish sensor comms");
        }
        return session;
    }

    synchronized Optional<Session> owned(String id, String client) {
        return Optional.ofNullable(sessions.get(id)).filter(session -> session.client.equals(client));
    }

    synchronized List<Session> all() {
        return List.copyOf(sessions.values());
    }

    synchronized boolean live(Session session) {
        if (session.deleted()) {
            return false;
        }
        boolean waits = session.queue && !session.host.online();
        Instant end = session.touched().plus(waits ? QUEUE : settings.sessionLife());
        return clock.instant().isBefore(end);
    }

    void hostIsBack(FalconHost host) {
        all().stream().filter(session -> session.host == host).forEach(session -> session.hostIsBack(clock.instant()));
    }
}
