package io.varve.emulator.sentinelone;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One run of a script on one agent. Guarded by the lock of [ScriptTasks].
final class Task {
    private static final Set<String> OVER = Set.of("completed", "failed", "canceled", "expired", "partially_completed");

    /// What was asked for.
    ///
    /// @param password empty for none
    /// @param outputs files that come with the result
    record Order(
            Script script,
            String description,
            String input,
            long timeoutSeconds,
            boolean toCloud,
            List<String> outputs,
            String password,
            String user) {}

    final String id;
    final String parent;
    final Agent agent;
    final Order order;
    final Instant created;
    Instant updated;
    String status = "created";
    String detail = "Task created";
    Optional<Integer> code = Optional.empty();
    Optional<Instant> started = Optional.empty();
    long startedNanos;
    Optional<Path> result = Optional.empty();
    String signature = "";
    String resultError = "";

    Task(String id, String parent, Agent agent, Order order, Instant now) {
        this.id = id;
        this.parent = parent;
        this.agent = agent;
        this.order = order;
        this.created = now;
        this.updated = now;
    }

    void become(String next, String why, Instant now) {
        status = next;
        detail = why;
        updated = now;
    }

    boolean over() {
        return OVER.contains(status);
    }

    ObjectNode json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("parentTaskId", parent)
                .put("type", "script_execution")
                .put("description", order.description())
                .put("agentId", agent.id())
                .put("agentUuid", agent.uuid())
                .put("agentComputerName", agent.name())
                .put("agentOsType", agent.osType())
                .put("agentIsActive", agent.online())
                .put("agentIsDecommissioned", false)
                .put("agentMachineType", "server")
                .put("status", status)
                .put("statusDescription", status)
                .put("detailedStatus", detail)
                .put("statusCode", code.map(number -> Integer.toString(number)).orElse(null))
                .put("scriptResultsSignature", result.isPresent() ? signature : null)
                .put("scriptResultsBucket", result.isPresent() ? "remote-scripts-uploads" : null)
                .put("scriptResultsPath", result.isPresent() ? "rso-results/" + signature : null)
                .put("initiatedBy", order.user())
                .put("initiatedById", "1700000000000000201")
                .put("accountId", Agent.ACCOUNT)
                .put("accountName", "Example Corp")
                .put("siteId", Agent.SITE)
                .put("siteName", "Default site")
                .put("groupId", Agent.GROUP)
                .put("groupName", "Default Group")
                .put("createdAt", Ids.time(created))
                .put("updatedAt", Ids.time(updated));
    }
}
