package io.varve.emulator.crowdstrike;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.device.Device;
import io.varve.emulator.device.DeviceFacts;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Emulator;
import io.varve.emulator.kit.Handler;
import io.varve.emulator.kit.Response;
import io.varve.emulator.kit.Routes;
import io.varve.emulator.kit.TestClock;
import io.varve.emulator.kit.Throttle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A tenant of CrowdStrike Falcon.
public final class CrowdStrike extends Emulator {
    private static final String RTR = "/real-time-response";

    private final String cid = Ids.hex();
    private final Throttle throttle;
    private final Tokens tokens;
    private final Hosts hosts;
    private final Sessions sessions;
    private final SessionFiles files;
    private final Library library;
    private final Alerts alerts;
    private final Routes routes = new Routes();

    private CrowdStrike(TestClock clock, Settings settings, Path folder) {
        super(clock);
        throttle = new Throttle(clock, settings.perMinute(), Duration.ofMinutes(1));
        tokens = new Tokens(clock, settings);
        hosts = new Hosts(clock);
        sessions = new Sessions(clock, settings, hosts);
        files = new SessionFiles(clock, settings, sessions, folder);
        library = new Library(clock, settings, folder);
        alerts = new Alerts(clock);
        var commands = new Commands(clock, settings, sessions, new RtrShell(library, files));
        var batches = new Batches(clock, settings, sessions, commands, files);
        routeHosts();
        routeSessions();
        routeCommands(commands, batches);
        routeLibrary();
        routeAlerts();
    }

    /// @param folder where it may keep files for as long as it runs
    public static CrowdStrike start(TestClock clock, Path folder) throws IOException {
        return start(clock, Settings.documented(), folder);
    }

    public static CrowdStrike start(TestClock clock, Settings settings, Path folder) throws IOException {
        var vendor = new CrowdStrike(clock, settings, Files.createTempDirectory(folder, "crowdstrike-"));
        vendor.start();
        return vendor;
    }

    /// A new API client with these rights.
    public Client client(Scope... scopes) {
        return tokens.add(Set.of(scopes));
    }

    /// A sensor on the device, with an id of its own.
    public FalconHost host(Device device) {
        FalconHost host = hosts.add(FalconHost.on(device, cid, clock()));
        device.whenOnline(() -> sessions.hostIsBack(host));
        return host;
    }

    /// A host that was re-imaged or is gone: found by its name, never reached.
    public FalconHost goneHost(DeviceFacts facts, Instant lastSeen) {
        return hosts.add(FalconHost.gone(facts, cid, clock(), lastSeen));
    }

    /// A detection; it needs a `composite_id`.
    public void alert(ObjectNode alert) {
        alerts.add(alert);
    }

    /// The comments that were appended to an alert, in order.
    public List<String> comments(String compositeId) {
        return alerts.comments(compositeId);
    }

    public ObjectNode storedAlert(String compositeId) {
        return alerts.alert(compositeId);
    }

    /// Files of `get` that are still in the cloud.
    public List<SessionFile> cloudFiles() {
        return files.all();
    }

    /// The next downloads of files whose path on the host contains the text arrive with one wrong byte in an archive
    /// that
    /// is sound. The file's row keeps the digest of the right bytes.
    public void damageDownloads(int times, String path) {
        files.damage(times, path);
    }

    /// Names in the put-file library.
    public List<String> putFiles() {
        return library.names();
    }

    /// Names in the script library.
    public List<String> scripts() {
        return library.scriptNames();
    }

    /// Sessions that are open now, by id.
    public List<String> openSessions() {
        return sessions.all().stream()
                .filter(sessions::live)
                .map(session -> session.id)
                .toList();
    }

    /// The tenant's id.
    public String cid() {
        return cid;
    }

    /// Every token becomes invalid at once, as when an administrator resets the client.
    public void expireTokens() {
        tokens.expireAll();
    }

    private void routeHosts() {
        routes.on("POST", "/oauth2/token", tokens::issue);
        routes.on("POST", "/oauth2/revoke", tokens::revoke);
        scoped("GET", "/devices/queries/devices/v1", Scope.HOSTS_READ, hosts::query);
        scoped("GET", "/devices/queries/devices-scroll/v1", Scope.HOSTS_READ, hosts::scroll);
        scoped("GET", "/devices/combined/devices/v1", Scope.HOSTS_READ, hosts::combined);
        scoped("GET", "/devices/entities/devices/v2", Scope.HOSTS_READ, hosts::entities);
        scoped("POST", "/devices/entities/devices/v2", Scope.HOSTS_READ, hosts::entities);
        scoped("GET", "/devices/entities/online-state/v1", Scope.HOSTS_READ, hosts::onlineState);
        scoped("POST", "/devices/entities/devices-actions/v2", Scope.HOSTS_WRITE, hosts::action);
    }

    private void routeSessions() {
        scoped("POST", RTR + "/entities/sessions/v1", Scope.RTR_READ, sessions::open);
        scoped("POST", RTR + "/entities/refresh-session/v1", Scope.RTR_READ, sessions::open);
        scoped("DELETE", RTR + "/entities/sessions/v1", Scope.RTR_READ, sessions::delete);
        scoped("POST", RTR + "/entities/sessions/GET/v1", Scope.RTR_READ, sessions::read);
        scoped("GET", RTR + "/queries/sessions/v1", Scope.RTR_READ, sessions::query);
        scoped("POST", RTR + "/entities/queued-sessions/GET/v1", Scope.RTR_READ, sessions::queued);
        scoped("DELETE", RTR + "/entities/queued-sessions/command/v1", Scope.RTR_READ, sessions::deleteQueued);
        scoped("GET", "/real-time-response-audit/combined/sessions/v1", Scope.RTR_AUDIT_READ, sessions::audit);
        scoped("GET", RTR + "/entities/file/v2", Scope.RTR_WRITE, files::list);
        scoped("DELETE", RTR + "/entities/file/v2", Scope.RTR_WRITE, files::delete);
        scoped("GET", RTR + "/entities/extracted-file-contents/v1", Scope.RTR_WRITE, files::contents);
    }

    private void routeCommands(Commands commands, Batches batches) {
        for (Level level : Level.values()) {
            String name = level.endpoint();
            scoped("POST", RTR + "/entities/" + name + "/v1", level.scope(), call -> commands.post(call, level));
            scoped("GET", RTR + "/entities/" + name + "/v1", level.scope(), commands::status);
            scoped("POST", RTR + "/combined/batch-" + name + "/v1", level.scope(), call -> batches.run(call, level));
        }
        scoped("POST", RTR + "/combined/batch-init-session/v1", Scope.RTR_READ, batches::open);
        scoped("POST", RTR + "/combined/batch-refresh-session/v1", Scope.RTR_READ, batches::refresh);
        scoped("POST", RTR + "/combined/batch-get-command/v1", Scope.RTR_WRITE, batches::get);
        scoped("GET", RTR + "/combined/batch-get-command/v1", Scope.RTR_WRITE, batches::gotten);
    }

    private void routeLibrary() {
        scoped("POST", RTR + "/entities/put-files/v2", Scope.RTR_ADMIN, library::upload);
        scoped("GET", RTR + "/queries/put-files/v1", Scope.RTR_ADMIN, library::query);
        scoped("GET", RTR + "/entities/put-files/v2", Scope.RTR_ADMIN, library::entities);
        scoped("GET", RTR + "/entities/put-file-contents/v1", Scope.RTR_ADMIN, library::contents);
        scoped("DELETE", RTR + "/entities/put-files/v1", Scope.RTR_ADMIN, library::delete);
        scoped("POST", RTR + "/entities/scripts/v2", Scope.RTR_ADMIN, library::uploadScript);
        scoped("PATCH", RTR + "/entities/scripts/v2", Scope.RTR_ADMIN, library::changeScript);
        scoped("GET", RTR + "/queries/scripts/v1", Scope.RTR_ADMIN, library::queryScripts);
        scoped("GET", RTR + "/entities/scripts/v2", Scope.RTR_ADMIN, library::scriptEntities);
        scoped("DELETE", RTR + "/entities/scripts/v1", Scope.RTR_ADMIN, library::deleteScript);
    }

    private void routeAlerts() {
        scoped("GET", "/alerts/queries/alerts/v2", Scope.ALERTS_READ, alerts::query);
        scoped("POST", "/alerts/entities/alerts/v2", Scope.ALERTS_READ, alerts::entities);
        scoped("POST", "/alerts/combined/alerts/v1", Scope.ALERTS_READ, alerts::combined);
        scoped("PATCH", "/alerts/entities/alerts/v3", Scope.ALERTS_WRITE, alerts::change);
    }

    private void scoped(String method, String path, Scope scope, Handler handler) {
        routes.on(method, path, call -> {
            Optional<Client> client = tokens.holder(call);
            if (client.isEmpty()) {
                return Envelope.error(401, 401, "access denied, invalid bearer token");
            }
            call.from(client.get().id());
            if (!client.get().scopes().contains(scope)) {
                return Envelope.error(403, 403, "access denied, authorization failed");
            }
            return handler.answer(call);
        });
    }

    @Override
    protected Response answer(Call call) throws IOException {
        Hosts.guard(call);
        Throttle.Decision decision = throttle.take(cid);
        if (!decision.allowed()) {
            return refusal(decision.limit(), decision.resetsAt());
        }
        Response response = handle(call)
                .with("X-RateLimit-Limit", Integer.toString(decision.limit()))
                .with("X-RateLimit-Remaining", Integer.toString(decision.remaining()));
        return response.headers().containsKey(Envelope.TRACE) ? response : response.with(Envelope.TRACE, Ids.uuid());
    }

    private Response handle(Call call) throws IOException {
        Optional<Handler> handler = routes.find(call);
        if (handler.isEmpty()) {
            return Envelope.error(404, 404, "404: Page Not Found");
        }
        try {
            return handler.get().answer(call);
        } catch (IllegalArgumentException e) {
            return Envelope.error(400, 400, String.valueOf(e.getMessage()));
        }
    }

    @Override
    protected Response tooMany(Call call) {
        return refusal(6000, clock().instant().plusSeconds(1));
    }

    private static Response refusal(int limit, Instant retryAt) {
        long seconds = retryAt.getEpochSecond() + (retryAt.getNano() > 0 ? 1 : 0);
        return Envelope.error(429, 429, "API rate limit exceeded.")
                .with("X-RateLimit-Limit", Integer.toString(limit))
                .with("X-RateLimit-Remaining", "0")
                .with("X-RateLimit-RetryAfter", Long.toString(seconds));
    }

    @Override
    protected Response broken(Call call, int status) {
        return Envelope.error(status, status, "Internal Server Error: Please provide trace-id to support");
    }

    @Override
    public void close() {
        super.close();
        sessions.all().forEach(Session::close);
    }
}
