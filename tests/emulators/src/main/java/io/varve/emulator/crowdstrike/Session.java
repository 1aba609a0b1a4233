package io.varve.emulator.crowdstrike;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A Real Time Response session of one API client on one host. Its commands run one after the other.
final class Session {
    final String id = Ids.uuid();
    final String client;
    final FalconHost host;
    final String origin;
    final boolean queue;
    final Instant created;
    private final ExecutorService runner =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().factory());
    private final List<RtrCommand> commands = new ArrayList<>();
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private Instant touched;
    private String pwd = "/";
    private boolean deleted;

    Session(String client, FalconHost host, String origin, boolean queue, Instant now) {
        this.client = client;
        this.host = host;
        this.origin = origin;
        this.queue = queue;
        this.created = now;
        this.touched = now;
    }

    synchronized Instant touched() {
        return touched;
    }

    synchronized void touch(Instant now) {
        touched = now;
    }

    synchronized boolean deleted() {
        return deleted;
    }

    synchronized void delete() {
        deleted = true;
        waiting.clear();
    }

    synchronized String pwd() {
        return pwd;
    }

    synchronized void pwd(String folder) {
        pwd = folder;
    }

    synchronized List<RtrCommand> commands() {
        return List.copyOf(commands);
    }

    synchronized Optional<RtrCommand> command(String cloudRequest) {
        return commands.stream()
                .filter(command -> command.id.equals(cloudRequest))
                .findFirst();
    }

    /// Runs it after those before it, now or when the host is back.
    synchronized void submit(RtrCommand command, Runnable work) {
        commands.add(command);
        runner.execute(() -> runOrWait(work));
    }

    private void runOrWait(Runnable work) {
        synchronized (this) {
            if (!host.online()) {
                waiting.add(work);
                return;
            }
        }
        work.run();
    }

    synchronized void drop(RtrCommand command) {
        commands.remove(command);
    }

    synchronized void hostIsBack(Instant now) {
        if (!deleted && !waiting.isEmpty()) {
            touched = now;
            waiting.forEach(runner::execute);
            waiting.clear();
        }
    }

    void close() {
        runner.shutdownNow();
    }

    synchronized ObjectNode toJson(boolean existing) {
        ObjectNode json = Envelope.JSON
                .objectNode()
                .put("session_id", id)
                .put("device_id", host.aid())
                .put("created_at", created.toString())
                .put("pwd", pwd)
                .put("platform", "linux")
                .put("existing_aid_sessions", existing ? 1 : 0)
                .put("offline_queued", !host.online());
        ArrayNode previous = json.putArray("previous_commands");
        commands.forEach(command -> previous.addObject().put("command", command.line));
        ArrayNode scripts = json.putArray("scripts");
        for (String name : Level.commands()) {
            scripts.addObject().put("command", name).put("description", name).put("runnable", true);
        }
        return json;
    }

    synchronized ObjectNode audit() {
        ObjectNode json = Envelope.JSON
                .objectNode()
                .put("id", id)
                .put("device_id", host.aid())
                .put("hostname", host.toJson().path("hostname").asText())
                .put("user_id", client)
                .put("origin", origin)
                .put("offline_queued", queue)
                .put("pwd", pwd)
                .put("platform_name", "Linux")
                .put("created_at", created.toString())
                .put("updated_at", touched.toString());
        ArrayNode ids = json.putArray("cloud_request_ids");
        ArrayNode logs = json.putArray("logs");
        for (RtrCommand command : commands) {
            ids.add(command.id);
            logs.addObject()
                    .put("base_command", command.base)
                    .put("command_string", command.line)
                    .put("cloud_request_id", command.id)
                    .put("created_at", command.created.toString());
        }
        if (deleted) {
            json.put("deleted_at", touched.toString());
        } else {
            json.putNull("deleted_at");
        }
        return json;
    }
}
