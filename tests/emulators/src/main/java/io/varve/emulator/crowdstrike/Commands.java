package io.varve.emulator.crowdstrike;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import java.time.Clock;
import java.util.Optional;

/// Takes commands at their three levels and hands out their output.
final class Commands {
    private final Clock clock;
    private final Settings settings;
    private final Sessions sessions;
    private final RtrShell shell;

    Commands(Clock clock, Settings settings, Sessions sessions, RtrShell shell) {
        this.clock = clock;
        this.settings = settings;
        this.sessions = sessions;
        this.shell = shell;
    }

    Response post(Call call, Level level) {
        JsonNode body = call.json();
        try {
            Session session = sessions.usable(body.path("session_id").asText(), call.caller());
            RtrCommand command = start(
                    session,
                    level,
                    body.path("base_command").asText(),
                    body.path("command_string").asText());
            return Envelope.one(
                    201,
                    Envelope.JSON
                            .objectNode()
                            .put("session_id", session.id)
                            .put("cloud_request_id", command.id)
                            .put("queued_command_offline", command.queued));
        } catch (Refused e) {
            return e.toResponse();
        }
    }

    RtrCommand start(Session session, Level level, String base, String line) throws Refused {
        var words = new Words(line);
        level.check(base, words);
        var command = new RtrCommand(
                session.id, base, line, !session.host.online(), settings.notFoundPolls(), clock.instant());
        session.submit(command, () -> shell.run(session, command, words));
        return command;
    }

    Response status(Call call) {
        String id = call.query("cloud_request_id").orElse("");
        int sequence = Hosts.number(call, "sequence_id", -1);
        if (sequence < 0) {
            return Envelope.error(400, 400, "sequence_id is required");
        }
        Optional<Session> session = sessions.all().stream()
                .filter(one ->
                        one.client.equals(call.caller()) && one.command(id).isPresent())
                .findFirst();
        if (session.isEmpty() || !sessions.live(session.get())) {
            return Envelope.error(404, 404, "Session or command not found");
        }
        RtrCommand command = session.get().command(id).orElseThrow();
        if (command.unknownYet()) {
            return Envelope.error(404, 404, "Command not found");
        }
        return Envelope.one(200, command.poll(sequence));
    }
}
