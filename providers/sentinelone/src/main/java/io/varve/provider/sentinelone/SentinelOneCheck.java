package io.varve.provider.sentinelone;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.provider.Check;
import io.varve.provider.Check.Result;
import io.varve.provider.ProviderException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// What an API token may do, found by reading only. The console has no way to ask for the rights of a token that every
/// version offers, so rights that only acting would show are named as unknown, unless the console lists them.
final class SentinelOneCheck {
    private static final Duration EXPIRES_SOON = Duration.ofDays(30);
    private static final String NO_TASK = "100000000000000000";
    private static final List<String> NEVER = List.of(
            "Endpoints.disconnectFromNetwork",
            "Endpoints.reconnectToNetwork",
            "Remote Script Orchestration.runActionScript",
            "Remote Script Orchestration.runDataCollectionScript",
            "Remote Script Orchestration.reviewPendingExecutions");
    private static final Map<String, String> ONE = Map.of("limit", "1");

    private final SentinelOne client;

    SentinelOneCheck(SentinelOne client) {
        this.client = client;
    }

    /// Everything an integration is used for.
    List<Check> all() throws ProviderException, InterruptedException {
        var checks = new ArrayList<Check>();
        checks.add(health());
        JsonNode user = client.read(Right.NONE, "/user", Map.of()).path("data");
        checks.add(expiry(user));
        checks.addAll(captures());
        Feeds feeds = Feeds.of(client.connection());
        if (feeds.threats()) {
            checks.add(read(Right.THREATS, "/threats", ONE));
            checks.add(unseen(Right.THREAT_NOTES, user));
        }
        if (feeds.star()) {
            checks.add(read(Right.STAR_ALERTS, "/cloud-detection/alerts", ONE));
        }
        if (feeds.unified()) {
            checks.add(unified());
            checks.add(unseen(Right.UNIFIED_NOTES, user));
        }
        checks.addAll(broad(user));
        return List.copyOf(checks);
    }

    /// What captures need.
    List<Check> captures() throws ProviderException, InterruptedException {
        var checks = new ArrayList<Check>();
        JsonNode user = client.read(Right.NONE, "/user", Map.of()).path("data");
        checks.add(read(Right.ENDPOINTS, "/agents", ONE));
        checks.add(read(Right.ACTIVITIES, "/activities", ONE));
        checks.add(read(Right.SCRIPT_VIEW, "/remote-scripts", ONE));
        checks.add(read(Right.TASKS, "/remote-scripts/status", Map.of("parentTaskId", NO_TASK)));
        checks.add(unseen(Right.SCRIPT_UPLOAD, user));
        checks.add(unseen(Right.SCRIPT_RUN, user));
        checks.add(unseen(Right.SCRIPT_DELETE, user));
        checks.add(unseen(Right.FILE_FETCH, user));
        return checks;
    }

    private Check health() throws ProviderException, InterruptedException {
        String health = client.read(Right.NONE, "/system/status", Map.of())
                .path("data")
                .path("health")
                .asText("");
        return health.equals("ok")
                ? Check.ok("Console", "reach the console", "it answers and is well")
                : new Check(
                        "Console",
                        "reach the console",
                        Result.UNKNOWN,
                        "it says of itself: " + SentinelOne.printable(health, 100),
                        "");
    }

    private Check expiry(JsonNode user) {
        String name = "API token";
        String needed = "every call";
        Optional<Instant> end = SentinelOne.time(user.path("apiToken"), "expiresAt");
        if (end.isEmpty()) {
            return new Check(name, needed, Result.UNKNOWN, "the console does not say when it expires", "");
        }
        Duration left = Duration.between(client.clock().instant(), end.get());
        boolean soon = left.compareTo(EXPIRES_SOON) < 0;
        return new Check(
                name,
                needed,
                left.isNegative() ? Result.FAILED : Result.OK,
                "expires %s, in %d days".formatted(end.get(), left.toDays()),
                soon
                        ? "make a new token for the service user (Settings > Users > Service Users) and enter it here before then"
                        : "");
    }

    private Check read(Right right, String path, Map<String, String> query)
            throws ProviderException, InterruptedException {
        try {
            client.read(right, path, query);
            return Check.ok(right.permission(), right.needed(), "granted");
        } catch (ProviderException e) {
            return result(right, e);
        }
    }

    private Check unified() throws ProviderException, InterruptedException {
        try {
            new UnifiedAlerts(client).first();
            return Check.ok(Right.UNIFIED_ALERTS.permission(), Right.UNIFIED_ALERTS.needed(), "granted");
        } catch (ProviderException e) {
            return result(Right.UNIFIED_ALERTS, e);
        }
    }

    private static Check result(Right right, ProviderException e) throws ProviderException {
        return switch (e.kind()) {
            case FORBIDDEN -> new Check(right.permission(), right.needed(), Result.MISSING, e.reason(), right.mend());
            case NOT_FOUND -> Check.ok(right.permission(), right.needed(), "granted");
            case REFUSED, FAILED ->
                new Check(right.permission(), right.needed(), Result.FAILED, e.reason(), "see what the console says");
            case OFFLINE, THROTTLED, CANCELLED -> throw e;
        };
    }

    /// A right that only doing shows, unless the console lists the permissions of the user's roles.
    private static Check unseen(Right right, JsonNode user) {
        List<String> listed = permissions(user);
        if (listed.isEmpty()) {
            return new Check(
                    right.permission(),
                    right.needed(),
                    Result.UNKNOWN,
                    "the console shows this only when it is used",
                    "make sure that the role of the service user has it");
        }
        return listed.contains(right.permission())
                ? Check.ok(right.permission(), right.needed(), "granted")
                : new Check(
                        right.permission(),
                        right.needed(),
                        Result.MISSING,
                        "not among the role's permissions",
                        right.mend());
    }

    private static List<Check> broad(JsonNode user) {
        var checks = new ArrayList<Check>();
        List<String> listed = permissions(user);
        for (String right : NEVER) {
            if (listed.contains(right)) {
                checks.add(new Check(
                        right,
                        "nothing",
                        Result.TOO_BROAD,
                        "granted, and Varve never uses it",
                        "take it away from the role"));
            }
        }
        for (String role : roles(user)) {
            if (role.toLowerCase(Locale.ROOT).matches("(account |site |global )?admin|ir team|soc")) {
                checks.add(new Check(
                        "Role " + role,
                        "nothing",
                        Result.TOO_BROAD,
                        "a role of the console's own, which may also connect and disconnect hosts",
                        "give the service user a role of its own with the permissions above"));
            }
        }
        if (checks.isEmpty() && listed.isEmpty()) {
            checks.add(new Check(
                    "Endpoints.disconnectFromNetwork, Endpoints.reconnectToNetwork",
                    "nothing",
                    Result.UNKNOWN,
                    "whether the role has them cannot be seen from here; Varve never uses them",
                    "make sure that the role of the service user has neither"));
        }
        return checks;
    }

    private static List<String> permissions(JsonNode user) {
        var permissions = new TreeSet<String>();
        user.path("permissions").forEach(one -> permissions.add(one.asText()));
        return List.copyOf(permissions);
    }

    private static TreeSet<String> roles(JsonNode user) {
        var roles = new TreeSet<String>();
        for (JsonNode scope : user.path("scopeRoles")) {
            SentinelOne.text(scope, "roleName").ifPresent(roles::add);
            scope.path("roles").forEach(role -> roles.add(SentinelOne.printable(role.asText(), 100)));
        }
        SentinelOne.text(user, "lowestRole").ifPresent(roles::add);
        return roles;
    }
}
