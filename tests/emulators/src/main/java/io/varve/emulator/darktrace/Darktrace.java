package io.varve.emulator.darktrace;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.device.DeviceFacts;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Emulator;
import io.varve.emulator.kit.Handler;
import io.varve.emulator.kit.Response;
import io.varve.emulator.kit.Routes;
import io.varve.emulator.kit.TestClock;
import io.varve.emulator.kit.Throttle;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// A Darktrace appliance. It detects and blocks; nothing can be collected through it.
public final class Darktrace extends Emulator {
    private final Settings settings;
    private final Throttle throttle;
    private final Signatures signatures;
    private final Analyst analyst;
    private final Breaches breaches;
    private final Devices devices;
    private final Routes routes = new Routes();

    private Darktrace(TestClock clock, Settings settings) {
        super(clock);
        this.settings = settings;
        throttle = new Throttle(clock, Math.max(1, settings.perMinute()), Duration.ofMinutes(1));
        signatures = new Signatures(clock, settings);
        analyst = new Analyst(clock);
        breaches = new Breaches(clock);
        devices = new Devices(clock);
        routeAnalyst();
        routeBreaches();
        routeDevices();
    }

    public static Darktrace start(TestClock clock) {
        return start(clock, Settings.documented());
    }

    public static Darktrace start(TestClock clock, Settings settings) {
        var vendor = new Darktrace(clock, settings);
        vendor.start();
        return vendor;
    }

    /// A new token pair with these rights.
    public ApiToken token(Permission... permissions) {
        String id = UUID.randomUUID().toString().replace("-", "");
        return add(new ApiToken("pub" + id, "priv" + UUID.randomUUID(), Set.of(permissions)));
    }

    /// A token pair of the test's choosing.
    public ApiToken add(ApiToken token) {
        signatures.add(token);
        return token;
    }

    /// An incident event; it needs an `id`. A second one of the same id takes its place, as events grow.
    public void event(ObjectNode event) {
        analyst.event(event);
    }

    /// A group; it needs an `id`.
    public void group(ObjectNode group) {
        analyst.group(group);
    }

    /// Two groups become one with a new id, which is returned; the old ids go to `previousIds`.
    public String merge(String first, String second) {
        return analyst.merge(first, second);
    }

    /// A model breach; it needs a `pbid`. A flat model is served in both shapes.
    public void breach(ObjectNode breach) {
        breaches.add(breach);
    }

    public void device(ObjectNode device) {
        devices.add(device);
    }

    /// The device as the appliance sees it on the network: it knows no agent's id.
    public void device(long did, DeviceFacts facts) {
        devices.add(devices.of(did, facts));
    }

    /// A connection or notice for `/details`.
    public void detail(ObjectNode event) {
        devices.detail(event);
    }

    /// The comments on an incident event, in order.
    public List<Comment> eventComments(String id) {
        return analyst.comments(id);
    }

    /// The comments on a model breach, in order.
    public List<Comment> breachComments(long pbid) {
        return breaches.comments(Long.toString(pbid));
    }

    public ObjectNode storedEvent(String id) {
        return analyst.storedEvent(id);
    }

    public ObjectNode storedBreach(long pbid) {
        return breaches.stored(Long.toString(pbid));
    }

    private void routeAnalyst() {
        on("GET", "/aianalyst/groups", Permission.READ, analyst::groups);
        on("GET", "/aianalyst/incidentevents", Permission.READ, analyst::events);
        on("POST", "/aianalyst/incident/comments", Permission.COMMENT, analyst::comment);
        on("GET", "/aianalyst/incident/comments", Permission.READ, analyst::comments);
        on("POST", "/aianalyst/acknowledge", Permission.ACKNOWLEDGE, analyst::acknowledge);
        on("POST", "/aianalyst/unacknowledge", Permission.ACKNOWLEDGE, analyst::unacknowledge);
        on("POST", "/aianalyst/pin", Permission.ACKNOWLEDGE, analyst::pin);
        on("POST", "/aianalyst/unpin", Permission.ACKNOWLEDGE, analyst::unpin);
        on("POST", "/aianalyst/investigations", Permission.ACKNOWLEDGE, analyst::investigate);
        on("GET", "/aianalyst/investigations", Permission.READ, analyst::investigations);
    }

    private void routeBreaches() {
        on("GET", "/modelbreaches", Permission.READ, breaches::list);
        on("GET", "/modelbreaches/{pbid}", Permission.READ, breaches::one);
        on("POST", "/modelbreaches/{pbid}/comments", Permission.COMMENT, breaches::comment);
        on("POST", "/modelbreaches/{pbid}/acknowledge", Permission.ACKNOWLEDGE, breaches::acknowledge);
        on("POST", "/modelbreaches/{pbid}/unacknowledge", Permission.ACKNOWLEDGE, breaches::unacknowledge);
        on("GET", "/mbcomments", Permission.READ, breaches::comments);
    }

    private void routeDevices() {
        on("GET", "/status", Permission.READ, this::status);
        on("GET", "/summarystatistics", Permission.READ, call -> Response.json(200, Answers.JSON.objectNode()));
        on("GET", "/devices", Permission.READ, devices::list);
        on("GET", "/devicesearch", Permission.READ, devices::search);
        on("GET", "/details", Permission.READ, devices::details);
    }

    private Response status(Call call) {
        return Response.json(
                200,
                Answers.JSON
                        .objectNode()
                        .put("version", "6.3.0")
                        .put("time", clock().instant().toString())
                        .put("hostname", "darktrace-emulator"));
    }

    private void on(String method, String path, Permission permission, Handler handler) {
        routes.on(method, path, call -> {
            boolean allowed = signatures.holder(call.caller()).permissions().contains(permission);
            return allowed ? handler.answer(call) : Response.redirect("/403");
        });
    }

    @Override
    protected Response answer(Call call) throws IOException {
        if (call.path().startsWith("/antigena") && !call.method().equals("GET")) {
            call.containment("antigena " + call.path());
        }
        try {
            ApiToken token = signatures.check(call);
            call.from(token.publicToken());
            if (settings.perMinute() > 0 && !throttle.take(token.publicToken()).allowed()) {
                return tooMany(call);
            }
            return handle(call);
        } catch (Signatures.Unsigned e) {
            return e.toResponse();
        } catch (IllegalArgumentException e) {
            return Answers.wrong(String.valueOf(e.getMessage()));
        }
    }

    private Response handle(Call call) throws IOException {
        Optional<Handler> handler = routes.find(call);
        return handler.isEmpty() ? Response.redirect("/login") : handler.get().answer(call);
    }

    @Override
    protected Response tooMany(Call call) {
        return Response.text(429, "Too Many Requests");
    }

    @Override
    protected Response broken(Call call, int status) {
        return Response.text(status, "Internal Server Error");
    }
}
