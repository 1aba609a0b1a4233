package io.varve.provider.crowdstrike;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.http.Answer;
import io.varve.provider.http.Call;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Real Time Response: sessions on hosts and commands in them.
final class Rtr {
    /// Shown in Falcon's audit log of sessions.
    static final String ORIGIN = "Varve forensic acquisition";

    private static final String BASE = "/real-time-response/";
    private static final Duration OFFLINE_AGAIN = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofSeconds(1);
    /// The cloud may not know a command yet right after it took it.
    private static final int MOST_UNKNOWN = 5;

    private static final int LONGEST_OUTPUT = 1 << 20;

    private final CrowdStrike falcon;

    Rtr(CrowdStrike falcon) {
        this.falcon = falcon;
    }

    CrowdStrike falcon() {
        return falcon;
    }

    /// @param fresh no command was run in it yet
    /// @param queued the host is offline: commands wait for it, for seven days at most
    record Opened(String session, String folder, boolean fresh, boolean queued) {}

    record Output(String stdout, String stderr) {}

    /// @param request the cloud's id of the command
    record Asked(String request, Output output) {}

    /// A session on the host; one that this API client has there already is handed out again.
    ///
    /// @throws ProviderException OFFLINE when the host does not answer
    Opened open(String aid) throws ProviderException, InterruptedException {
        return opened(aid, body(aid).put("queue_offline", false));
    }

    /// A session whose commands wait until the host is back.
    Opened openQueued(String aid) throws ProviderException, InterruptedException {
        return opened(aid, body(aid).put("queue_offline", true));
    }

    private static ObjectNode body(String aid) {
        return CrowdStrike.JSON.createObjectNode().put("device_id", aid).put("origin", ORIGIN);
    }

    private Opened opened(String aid, ObjectNode body) throws ProviderException, InterruptedException {
        Call call = CrowdStrike.json(
                        "POST",
                        falcon.uri(BASE + "entities/sessions/v1", "timeout", "30", "timeout_duration", "30s"),
                        body)
                .again();
        Answer answer = falcon.answer(Scope.RTR_READ, call);
        if (!answer.good()) {
            throw unreachable(aid, answer);
        }
        return read(answer.json());
    }

    private static Opened read(JsonNode envelope) throws ProviderException {
        JsonNode session = envelope.path("resources").path(0);
        String id = session.path("session_id").asText("");
        if (id.isEmpty()) {
            throw new ProviderException(Kind.FAILED, "CrowdStrike opened a session without an id");
        }
        return new Opened(
                id,
                session.path("pwd").asText(""),
                session.path("previous_commands").isEmpty(),
                session.path("offline_queued").asBoolean(false));
    }

    private static ProviderException unreachable(String aid, Answer answer) throws ProviderException {
        int code = answer.json().path("errors").path(0).path("code").asInt(answer.status());
        boolean offline = answer.status() == 404 || code / 100 == 404 || code == 404 || code == 50401;
        if (!offline) {
            return CrowdStrike.failed(answer, "opening a session on " + aid);
        }
        return new ProviderException(
                Kind.OFFLINE,
                "the sensor %s does not answer CrowdStrike (%s)".formatted(aid, CrowdStrike.said(answer)),
                Optional.of(OFFLINE_AGAIN));
    }

    /// Keeps the session on a host alive; another one when it was over.
    Opened refresh(String aid) throws ProviderException, InterruptedException, SessionLostException {
        Call call = CrowdStrike.json(
                        "POST",
                        falcon.uri(BASE + "entities/refresh-session/v1"),
                        body(aid).put("queue_offline", false))
                .again();
        return read(found(falcon.answer(Scope.RTR_READ, call), "refreshing the session"));
    }

    /// True when it was there.
    boolean end(String session) throws ProviderException, InterruptedException {
        Call call = Call.delete(falcon.uri(BASE + "entities/sessions/v1", "session_id", session));
        return falcon.answer(Scope.RTR_READ, call).good();
    }

    /// Sends a command and waits for its output.
    ///
    /// @param longest how long it may take
    Asked run(String session, RtrCommand command, Duration longest)
            throws ProviderException, InterruptedException, SessionLostException {
        String request = send(session, command);
        return new Asked(request, output(session, command, request, longest));
    }

    /// Sends a command and does not wait.
    ///
    /// @return the cloud's id of it
    String send(String session, RtrCommand command)
            throws ProviderException, InterruptedException, SessionLostException {
        ObjectNode body = CrowdStrike.JSON
                .createObjectNode()
                .put("session_id", session)
                .put("base_command", command.base())
                .put("command_string", command.line());
        // Sent again when its answer is lost: every command we send may be run twice.
        Call call = CrowdStrike.json("POST", falcon.uri(address(command)), body).again();
        JsonNode taken = found(falcon.answer(command.level().scope(), call), command.base())
                .path("resources")
                .path(0);
        String id = taken.path("cloud_request_id").asText("");
        if (id.isEmpty()) {
            throw new ProviderException(
                    Kind.FAILED, "CrowdStrike took the command %s without an id".formatted(command.base()));
        }
        return id;
    }

    private static String address(RtrCommand command) {
        return BASE + "entities/" + command.level().address() + "/v1";
    }

    /// Output comes in pieces, numbered from 0; the answer names the next number.
    private Output output(String session, RtrCommand command, String request, Duration longest)
            throws ProviderException, InterruptedException, SessionLostException {
        Instant end = falcon.clock().instant().plus(longest);
        var stdout = new StringBuilder();
        var stderr = new StringBuilder();
        long sequence = 0;
        int unknown = 0;
        while (true) {
            Answer answer = falcon.answer(
                    command.level().scope(),
                    Call.read(falcon.uri(
                            address(command), "cloud_request_id", request, "sequence_id", Long.toString(sequence))));
            if (answer.status() == 404 && ++unknown < MOST_UNKNOWN) {
                falcon.pass(POLL);
                continue;
            }
            JsonNode piece = found(answer, command.base()).path("resources").path(0);
            String out = piece.path("stdout").asText("");
            String err = piece.path("stderr").asText("");
            append(stdout, out, command);
            append(stderr, err, command);
            if (piece.path("complete").asBoolean(false)) {
                return new Output(stdout.toString(), stderr.toString());
            }
            if (!falcon.clock().instant().isBefore(end)) {
                throw new ProviderException(
                        Kind.FAILED,
                        "the command %s in session %s was not done after %d s"
                                .formatted(command.base(), session, longest.toSeconds()),
                        Optional.of(OFFLINE_AGAIN));
            }
            long named = piece.path("sequence_id").asLong(sequence);
            boolean nothing = out.isEmpty() && err.isEmpty();
            if (named > sequence) {
                sequence = named;
            } else if (!nothing) {
                sequence++;
            }
            if (nothing) {
                falcon.pass(POLL);
            }
        }
    }

    private static void append(StringBuilder text, String piece, RtrCommand command) throws ProviderException {
        if (text.length() + piece.length() > LONGEST_OUTPUT) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "the output of %s is longer than %d characters".formatted(command.base(), LONGEST_OUTPUT));
        }
        text.append(piece);
    }

    /// The envelope of a good answer.
    static JsonNode found(Answer answer, String what) throws ProviderException, SessionLostException {
        if (answer.status() == 404) {
            throw new SessionLostException(what + ": " + CrowdStrike.said(answer));
        }
        if (!answer.good()) {
            throw CrowdStrike.failed(answer, what);
        }
        return answer.json();
    }

    /// Takes a command back that waits for an offline host.
    void withdraw(String session, String request) throws ProviderException, InterruptedException {
        falcon.answer(
                Scope.RTR_READ,
                Call.delete(falcon.uri(
                        BASE + "entities/queued-sessions/command/v1",
                        "session_id",
                        session,
                        "cloud_request_id",
                        request)));
    }

    /// This API client's sessions on the host, ended ones included, as far as the cloud still lists
    /// them.
    List<String> sessions(String aid) throws ProviderException, InterruptedException {
        JsonNode ids = falcon.read(
                        Scope.RTR_READ, BASE + "queries/sessions/v1", "filter", "user_id:'@me'", "limit", "100")
                .path("resources");
        if (ids.isEmpty()) {
            return List.of();
        }
        ObjectNode body = CrowdStrike.JSON.createObjectNode();
        body.set("ids", ids);
        var sessions = new ArrayList<String>();
        for (JsonNode session : falcon.post(Scope.RTR_READ, BASE + "entities/sessions/GET/v1", body)
                .path("resources")) {
            String device = session.path("device_id").asText(session.path("aid").asText(""));
            String id = session.path("id").asText(session.path("session_id").asText(""));
            if (device.equals(aid) && !id.isEmpty()) {
                sessions.add(id);
            }
        }
        return sessions;
    }
}
