package io.varve.provider.sentinelone;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.sentinelone.Kept.Order;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Runs of a script on one host: ordered, followed to their end, their results brought here.
final class ScriptRuns {
    private static final String PATH = "/remote-scripts";
    private static final String APPROVAL = "approval:";
    private static final int RUNTIME_SECONDS = 600;
    private static final int DOWNLOADS = 3;
    private static final long SLACK = 16 << 20;
    private static final Duration APPROVAL_PAUSE = Duration.ofMinutes(2);

    private final Site site;

    ScriptRuns(Site site) {
        this.site = site;
    }

    /// A run that ended.
    ///
    /// @param row the console's id of it on this host
    /// @param status `completed`, `partially_completed`, `failed`, `canceled` or `expired`
    record Ended(Order order, String row, String status, String detail) {
        boolean well() {
            return status.equals("completed") || status.equals("partially_completed");
        }

        String words() {
            return "task %s on the host: %s%s".formatted(row, status, detail.isEmpty() ? "" : ", " + detail);
        }
    }

    /// @param paths files of the host that come with the result
    /// @param keepsResult false when nothing is to be sent to the vendor's cloud
    record Wish(String script, String what, List<String> paths, boolean keepsResult) {}

    Order order(Wish wish) throws ProviderException, InterruptedException {
        var order = new Order(0, UUID.randomUUID().toString(), "", wish.what(), wish.paths());
        var data = new LinkedHashMap<String, Object>();
        data.put("scriptId", wish.script());
        data.put("taskDescription", "Varve capture " + site.context().capture());
        data.put("outputDestination", wish.keepsResult() ? "SentinelCloud" : "None");
        data.put("inputParams", wish.what());
        data.put("scriptRuntimeTimeoutSeconds", RUNTIME_SECONDS);
        if (wish.keepsResult()) {
            data.put("password", site.password(order));
        }
        if (!wish.paths().isEmpty()) {
            data.put("outputFilePaths", wish.paths());
        }
        var body = Map.of("filter", Map.of("ids", List.of(site.host().id())), "data", data);
        JsonNode answer =
                site.client().post(Right.SCRIPT_RUN, PATH + "/execute", body).path("data");
        String id = given(answer);
        site.custody(
                "channel.task",
                "%s on agent %s: %s"
                        .formatted(
                                id.startsWith(APPROVAL) ? id : "parent task " + id,
                                site.host().id(),
                                wish.what()));
        return order.as(0, id);
    }

    private String given(JsonNode answer) throws ProviderException {
        String task = answer.path("parentTaskId").asText("");
        if (SentinelOne.id(task)) {
            return task;
        }
        String pending = answer.path("pendingExecutionId").asText("");
        if (answer.path("pending").asBoolean(false) && SentinelOne.id(pending)) {
            return APPROVAL + pending;
        }
        throw new ProviderException(
                Kind.REFUSED,
                "SentinelOne would run the collector on %d hosts: the script is not for the system of %s, or the token's scope does not hold this host"
                        .formatted(answer.path("affected").asInt(0), site.host().name()));
    }

    /// Waits for the end. An order that has to wait for the host or for a person is kept, and
    /// followed the next time.
    Ended follow(Order order) throws ProviderException, InterruptedException {
        return follow(order, site::proceed);
    }

    /// Waits for the end also when the capture is over: what runs on the host has to end before it
    /// is cleaned.
    Ended settle(Order order) throws ProviderException, InterruptedException {
        return follow(order, () -> {});
    }

    @FunctionalInterface
    private interface Leave {
        void check() throws ProviderException;
    }

    private Ended follow(Order order, Leave leave) throws ProviderException, InterruptedException {
        Instant since = site.client().clock().instant();
        while (true) {
            leave.check();
            String task = task(order);
            Optional<Ended> ended = ended(order, task);
            if (ended.isPresent()) {
                return ended.get();
            }
            waitable(order, task, since);
            site.pause();
        }
    }

    private Optional<Ended> ended(Order order, String task) throws ProviderException, InterruptedException {
        for (JsonNode row : site.client()
                .read(Right.TASKS, PATH + "/status", Map.of("parentTaskId", task))
                .path("data")) {
            String status = row.path("status").asText("");
            switch (status) {
                case "completed", "partially_completed", "failed", "canceled", "expired" -> {
                    return Optional.of(new Ended(
                            order,
                            row.path("id").asText(""),
                            status,
                            SentinelOne.text(row, "detailedStatus").orElse("")));
                }
                default -> {
                    if (status.equals("pending_user_action")) {
                        site.context().progress(0, 0, "SentinelOne waits for a person to act on task " + task);
                    }
                }
            }
        }
        return Optional.empty();
    }

    private void waitable(Order order, String task, Instant since) throws ProviderException, InterruptedException {
        try {
            site.online("task %s waits for it at the console".formatted(task));
        } catch (ProviderException e) {
            if (e.kind() == Kind.OFFLINE) {
                site.kept().keep(order);
            }
            throw e;
        }
        if (site.outOfPatience(since)) {
            site.kept().keep(order);
            throw new ProviderException(
                    Kind.FAILED,
                    "%s answers SentinelOne and has not run task %s within %d minutes"
                            .formatted(
                                    site.host().name(),
                                    task,
                                    site.settings().patience().toMinutes()),
                    Optional.of(Site.TRY_AGAIN));
        }
    }

    /// The parent task. One that waits for a second person's approval has none; we never approve.
    private String task(Order order) throws ProviderException, InterruptedException {
        if (!order.id().startsWith(APPROVAL)) {
            return order.id();
        }
        String pending = order.id().substring(APPROVAL.length());
        String state = "gone";
        for (JsonNode row : site.client().rows(Right.SCRIPT_VIEW, PATH + "/pending-executions", Map.of(), 1000)) {
            if (row.path("pendingExecutionId").asText("").equals(pending)) {
                state = row.path("state").asText("waiting");
                String task = row.path("scheduledTaskId").asText("");
                if (state.equals("approved") && SentinelOne.id(task)) {
                    return task;
                }
            }
        }
        Order kept = site.kept().keep(order);
        if (state.equals("declined") || state.equals("expired") || state.equals("gone")) {
            site.kept().close(kept, state);
            throw new ProviderException(
                    state.equals("declined") ? Kind.REFUSED : Kind.FAILED,
                    "the approval that SentinelOne's guardrail asks for is %s (pending execution %s)"
                            .formatted(state, pending),
                    state.equals("declined") ? Optional.empty() : Optional.of(APPROVAL_PAUSE));
        }
        throw new ProviderException(
                Kind.FAILED,
                "waits for approval: SentinelOne's guardrail asks a second person to approve pending execution %s in the console (Automation > RemoteOps > Pending executions); Varve does not approve its own runs. To capture without waiting, exempt artifact collection on single endpoints from the guardrail"
                        .formatted(pending),
                Optional.of(APPROVAL_PAUSE));
    }

    /// Brings the result of a run from the vendor's cloud. The caller removes the file.
    ///
    /// @param most bytes of the files in it
    /// @return empty when the console has none
    Optional<ResultZip> result(Ended ended, Path target, long most)
            throws ProviderException, InterruptedException, IOException {
        for (int times = 1; ; times++) {
            Optional<String> link = link(ended);
            if (link.isEmpty()) {
                return Optional.empty();
            }
            try {
                site.client().follow(link.get(), target, most + SLACK);
                return Optional.of(ResultZip.open(target, site.password(ended.order())));
            } catch (ProviderException e) {
                Files.deleteIfExists(target);
                if (e.kind() != Kind.FAILED) {
                    throw e;
                }
                if (times >= DOWNLOADS) {
                    site.kept().close(ended.order(), "unusable");
                    throw e;
                }
                site.pause();
            }
        }
    }

    /// The reference has one shape of this answer, clients in use read two others.
    private Optional<String> link(Ended ended) throws ProviderException, InterruptedException {
        JsonNode data = site.client()
                .ask(Right.SCRIPT_VIEW, PATH + "/fetch-files", Map.of("data", Map.of("taskIds", List.of(ended.row()))))
                .path("data");
        for (JsonNode links : List.of(
                data.path("data").path("downloadLinks"), data.path("downloadLinks"), data.path("download_links"))) {
            for (JsonNode link : links) {
                String task = link.path("taskId").asText(link.path("task_id").asText(ended.row()));
                String url = link.path("downloadUrl")
                        .asText(link.path("download_url").asText(""));
                if (task.equals(ended.row()) && !url.isEmpty()) {
                    return Optional.of(url);
                }
            }
        }
        return Optional.empty();
    }
}
