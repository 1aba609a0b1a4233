package io.varve.emulator.sentinelone;

import io.varve.emulator.kit.Call;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Who may call what, and how often: tokens of service users, their permissions, and the rates per token.
final class Gate {
    /// So many calls a second, with a reserve for bursts.
    private record Rate(String path, double perSecond, int burst) {}

    private record Bucket(double left, Instant at) {}

    /// The first that fits wins; a path stands for everything below it.
    private static final List<Rate> RATES = List.of(
            new Rate("/system/status", 1, 1),
            new Rate("/agents", 25, 25),
            new Rate("/activities", 10, 30),
            new Rate("/threats/", 100, 100),
            new Rate("/threats", 10, 50),
            new Rate("/remote-scripts", 1, 30),
            new Rate("/remote-ops", 1, 5),
            new Rate("/user", 40, 40),
            new Rate("/sites", 100, 100),
            new Rate("/accounts", 100, 100));

    private final Clock clock;
    private final Map<String, ServiceUser> users = new ConcurrentHashMap<>();
    private final Map<String, Bucket> buckets = new HashMap<>();

    Gate(Clock clock) {
        this.clock = clock;
    }

    void register(ServiceUser user) {
        users.values().removeIf(old -> old.name().equals(user.name()));
        users.put(user.token(), user);
    }

    /// Refuses the call unless its token is valid now. Called for every path except the health check.
    ServiceUser user(Call call) {
        String header = call.request().header("Authorization").orElse("");
        ServiceUser user = header.startsWith("ApiToken ") ? users.get(header.substring(9)) : null;
        if (user == null || !clock.instant().isBefore(user.expiresAt())) {
            throw Refused.unauthenticated();
        }
        call.from(user.name());
        return user;
    }

    /// Refuses the call unless its user has the permission.
    ServiceUser require(Call call, String permission) {
        ServiceUser user = user(call);
        if (!user.permissions().contains(permission)) {
            throw Refused.forbidden(permission);
        }
        return user;
    }

    /// Refuses the call when it comes too fast.
    ///
    /// @param path below the base of the API
    void rate(Call call, String path) {
        String key = call.request().header("Authorization").orElse("");
        for (Rate rate : RATES) {
            if (rate.path().endsWith("/") ? below(path, rate.path()) : path.startsWith(rate.path())) {
                take(key + " " + rate.path(), rate);
                return;
            }
        }
    }

    /// A path such as `/threats/123…/notes`; `/threats/notes` is not below.
    private static boolean below(String path, String parent) {
        return path.startsWith(parent)
                && path.length() > parent.length()
                && Character.isDigit(path.charAt(parent.length()));
    }

    private synchronized void take(String key, Rate rate) {
        Instant now = clock.instant();
        Bucket bucket = buckets.getOrDefault(key, new Bucket(rate.burst(), now));
        double passed = Duration.between(bucket.at(), now).toMillis() / 1000.0;
        double left = Math.min(rate.burst(), bucket.left() + passed * rate.perSecond());
        if (left < 1) {
            buckets.put(key, new Bucket(left, now));
            throw Refused.tooMany((long) Math.ceil((1 - left) / rate.perSecond()));
        }
        buckets.put(key, new Bucket(left - 1, now));
    }
}
