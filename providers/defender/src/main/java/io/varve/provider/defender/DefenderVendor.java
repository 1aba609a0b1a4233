package io.varve.provider.defender;

import com.google.auto.service.AutoService;
import io.varve.provider.AlertFeed;
import io.varve.provider.Check;
import io.varve.provider.Check.Result;
import io.varve.provider.Connection;
import io.varve.provider.Console;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.Vendor;
import io.varve.provider.Waiting;
import io.varve.provider.http.Answer;
import io.varve.provider.http.Call;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Microsoft's security services for one tenant: Defender for Endpoint, Graph security, Sentinel.
@AutoService(Vendor.class)
public final class DefenderVendor implements Vendor {
    private final Clock clock;
    private final Waiting waiting;
    private final Defenders defenders;

    public DefenderVendor() {
        this(Clock.systemUTC(), Thread::sleep);
    }

    DefenderVendor(Clock clock, Waiting waiting) {
        this.clock = clock;
        this.waiting = waiting;
        this.defenders = new Defenders(clock, waiting);
    }

    @Override
    public String name() {
        return "defender";
    }

    /// Compares the permissions in the tokens with those that are needed; for Sentinel, whose roles
    /// stand in no token, it reads one incident.
    @Override
    public List<Check> check(Connection connection) throws ProviderException, InterruptedException {
        // signed in anew: permissions granted a minute ago are in the token
        var api = new MicrosoftApi(connection, clock, waiting);
        String application = api.tenant().application();
        boolean fromDefender = feedName(connection).equals("defender");
        List<String> defender = api.roles(Service.DEFENDER);
        List<String> graph = api.roles(Service.GRAPH);
        var checks = new ArrayList<Check>();
        for (Permission permission : Permission.values()) {
            List<String> roles = permission.service() == Service.DEFENDER ? defender : graph;
            switch (permission) {
                case MACHINE_READ, LIVE_RESPONSE, LIBRARY, FORENSICS ->
                    checks.add(RightsCheck.of(permission, roles, application));
                case ALERT_READ, ALERT_WRITE -> {
                    if (fromDefender) {
                        checks.add(RightsCheck.of(permission, roles, application));
                    }
                }
                case GRAPH_ALERT_READ, GRAPH_ALERT_WRITE -> {
                    if (!fromDefender) {
                        checks.add(RightsCheck.of(permission, roles, application));
                    }
                }
                case SENTINEL_READ, SENTINEL_RESPOND -> {}
            }
        }
        checks.addAll(RightsCheck.tooBroad(Service.DEFENDER, defender, application));
        checks.addAll(RightsCheck.tooBroad(Service.GRAPH, graph, application));
        if (connection.setting("workspace_resource_id").isPresent()) {
            checks.add(sentinel(api, connection));
        }
        return List.copyOf(checks);
    }

    private static Check sentinel(MicrosoftApi api, Connection connection)
            throws ProviderException, InterruptedException {
        Permission needed = Permission.SENTINEL_RESPOND;
        String path = MicrosoftComments.workspace(connection)
                + "/providers/Microsoft.SecurityInsights/incidents?api-version=2024-03-01&$top=1";
        Answer answer = api.ask(Service.AZURE, Call.read(api.at(Service.AZURE, path)));
        String mend = needed.mend(api.tenant().application());
        return switch (answer.status()) {
            case 200 ->
                new Check(
                        needed.text(),
                        needed.use(),
                        Result.UNKNOWN,
                        "incidents can be read; whether comments may be written shows at the first one",
                        mend);
            case 401, 403 -> new Check(needed.text(), needed.use(), Result.MISSING, "incidents cannot be read", mend);
            case 404 ->
                new Check(
                        needed.text(),
                        needed.use(),
                        Result.FAILED,
                        "there is no such workspace, or Sentinel is not enabled on it",
                        "check workspace_resource_id");
            default -> new Check(needed.text(), needed.use(), Result.FAILED, "Azure answers " + answer.status(), "");
        };
    }

    @Override
    public Optional<AlertFeed> feed() {
        return Optional.of(this::next);
    }

    private AlertFeed.Page next(Connection connection, Optional<String> cursor, Instant now)
            throws ProviderException, InterruptedException {
        long days = connection.number("first_days", 1, 0, 30);
        FeedCursor from = cursor.isPresent()
                ? FeedCursor.read(cursor.get())
                : FeedCursor.startingAt(now.minus(Duration.ofDays(days)));
        ChangedAlerts alerts = switch (feedName(connection)) {
            case "graph" -> ChangedAlerts.GRAPH;
            case "defender" -> ChangedAlerts.DEFENDER;
            default ->
                throw new ProviderException(
                        Kind.REFUSED, "integration %s: feed must be graph or defender".formatted(connection.name()));
        };
        return alerts.page(defenders.of(connection).api(), from, now);
    }

    private static String feedName(Connection connection) {
        return connection.setting("feed").orElse("graph");
    }

    @Override
    public Optional<Console> console() {
        return Optional.of(new MicrosoftComments(defenders));
    }
}
