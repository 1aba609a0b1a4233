package io.varve.emulator.azure;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.emulator.defender.Application;
import io.varve.emulator.defender.Entra;
import io.varve.emulator.defender.Refused;
import io.varve.emulator.defender.Resource;
import io.varve.emulator.device.Device;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Emulator;
import io.varve.emulator.kit.Handler;
import io.varve.emulator.kit.Response;
import io.varve.emulator.kit.Routes;
import io.varve.emulator.kit.TestCertificate;
import io.varve.emulator.kit.TestClock;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;

/// A tenant of Microsoft Azure on one https address: sign-in below `/{tenant}`, Azure Resource Manager
/// below `/subscriptions`, pages of snapshots below `/md-…`, logs of serial consoles below
/// `/bootdiagnostics-…`, and a storage account below its name when Azurite is behind it.
public final class AzureEmulator extends Emulator {
    public static final String TENANT = "7a1f3c52-0d7e-4a53-9c0e-5f5a3b1c2d4e";
    public static final String SUBSCRIPTION = "00000000-0000-4000-8000-0000000000bb";
    public static final String CLIENT = "00000000-0000-4000-8000-0000000000c1";
    public static final String SECRET = "opensesame";

    private final TestCertificate certificate;
    private final Routes signIn = new Routes();
    private final Entra entra;
    private final Allowed allowed = new Allowed();
    private final Estate estate;
    private final Access access;
    private final Arm arm;
    private final Pages pages;
    private final RunCommands commands = new RunCommands();
    private final ActivityLog log;
    private final Consoles consoles;
    private final Networks networks = new Networks();
    private final SignIns signIns = new SignIns(this::url);
    private final List<Action> actions = new CopyOnWriteArrayList<>();
    private final AtomicInteger pageCalls = new AtomicInteger();
    private volatile int refuseEvery;
    private volatile Duration latency = Duration.ZERO;
    private volatile Optional<Blobs> blobs = Optional.empty();

    private AzureEmulator(TestClock clock, TestCertificate certificate) {
        super(clock, Optional.of(certificate));
        this.certificate = certificate;
        // tokens follow the machine's own clock, as those who keep them do
        this.entra = new Entra(Clock.systemUTC(), TENANT);
        this.estate = new Estate(clock);
        this.access = new Access(clock, this::url);
        this.log = new ActivityLog(clock, this::url);
        this.consoles = new Consoles(clock, this::url);
        this.arm = new Arm(estate, access, allowed, new Arm.Parts(commands, log, consoles, networks), this::url);
        this.pages = new Pages(clock, estate, access, allowed, entra);
        entra.routes(signIn);
        entra.register(new Application(CLIENT, SECRET, Set.of("AuditLog.Read.All")));
        arm.subscription(SUBSCRIPTION);
    }

    /// One call of the control plane, as roles name it.
    public record Action(String name, String path) {}

    public static AzureEmulator start(TestClock clock) {
        var emulator = new AzureEmulator(clock, TestCertificate.make());
        emulator.start();
        return emulator;
    }

    /// Settings of an integration with it.
    public Map<String, String> settings() {
        return Map.of(
                "tenant_id", TENANT,
                "client_id", CLIENT,
                "authority", url().toString(),
                "endpoint", url().toString(),
                "graph", url().toString(),
                "ca", certificate.pem());
    }

    /// Another subscription that the application sees.
    public void subscription(String id) {
        arm.subscription(id);
    }

    public Estate estate() {
        return estate;
    }

    /// A device answers as this machine's VM agent from now on: what is run on the machine runs there.
    public void agent(Machine machine, Device device) {
        commands.agent(machine, device);
    }

    /// Names of the run commands that are on a machine now.
    public List<String> commands(Machine machine) {
        return commands.on(machine.id());
    }

    /// Every script that was sent to a machine.
    public List<String> scripts(Machine machine) {
        return commands.scripts(machine.id());
    }

    /// Values of all protected parameters that were sent to a machine.
    public List<String> secrets(Machine machine) {
        return commands.secrets(machine.id());
    }

    /// All that was answered of commands, to whoever made them, looked at them or listed them.
    public List<String> commandAnswers() {
        return commands.answers();
    }

    public SignIns signIns() {
        return signIns;
    }

    /// What an administrator of the tenant consented to.
    public void permissions(String... names) {
        entra.register(new Application(CLIENT, SECRET, Set.of(names)));
    }

    /// Matches calls of Microsoft Graph, for faults.
    public static Predicate<Call> graph() {
        return SignIns::isFor;
    }

    public Networks networks() {
        return networks;
    }

    /// Resource id of the storage account that Azurite stands behind.
    public static String storageAccount() {
        return "/subscriptions/%s/resourceGroups/storage/providers/Microsoft.Storage/storageAccounts/%s"
                .formatted(SUBSCRIPTION, Blobs.ACCOUNT);
    }

    /// Somebody did something to a machine.
    public void log(Machine machine, Instant at, String operation, String caller) {
        log.add(machine, at, operation, caller);
    }

    /// Puts Azurite behind the storage account, which is one of [#SUBSCRIPTION] then.
    ///
    /// @param azurite an https address without a path; it takes Entra's tokens (`--oauth basic`)
    /// @param trust knows Azurite's certificate
    /// @return the account's address
    public URI storage(URI azurite, SSLContext trust) {
        blobs = Optional.of(new Blobs(allowed, entra, azurite, trust));
        arm.account(SUBSCRIPTION, "storage", Blobs.ACCOUNT);
        return URI.create(url() + "/" + Blobs.ACCOUNT);
    }

    /// Lists this of a container instead of what Azurite, which keeps no versions, has there; nothing for no such list.
    public void blobList(String container, String xml) {
        blobs.orElseThrow().list(container, xml);
    }

    /// Whether lists of versions are refused, as by an account that has none.
    public void refuseVersions(boolean isRefused) {
        blobs.orElseThrow().refuseVersions(isRefused);
    }

    /// What the emulator's https shows, for devices that are to trust it.
    public String certificate() {
        return certificate.pem();
    }

    public Allowed allowed() {
        return allowed;
    }

    /// How long snapshots are copied in the background.
    public void settling(Duration time) {
        arm.settling(time);
    }

    /// How often a running operation is said to run before it is over.
    public void looks(int times) {
        arm.looks(times);
    }

    /// Ranges in one list of pages.
    public void pageSize(int ranges) {
        pages.pageSize(ranges);
    }

    /// Refuses one of so many calls for pages; 0 refuses none.
    public void refuseEvery(int calls) {
        refuseEvery = calls;
    }

    /// How long an answer with pages takes.
    public void latency(Duration time) {
        latency = time;
    }

    /// Every signed address that was given until now is refused from now on.
    public void endAccess() {
        access.endAll();
    }

    public List<Action> actions() {
        return List.copyOf(actions);
    }

    /// Matches calls of one action of the control plane, for faults.
    public static Predicate<Call> action(String name) {
        return call -> isControl(call) && Arm.action(call).equals(name);
    }

    /// Matches calls of one action of the storage account, for faults.
    public static Predicate<Call> storageAction(String name) {
        return call -> Blobs.isFor(call) && Blobs.action(call).equals(name);
    }

    /// Matches reads of pages.
    public static Predicate<Call> reads() {
        return call -> Pages.isFor(call) && !Pages.isList(call);
    }

    /// Matches lists of pages.
    public static Predicate<Call> lists() {
        return Pages::isList;
    }

    /// Blocks of 512 KiB of a snapshot that were served, each counted once.
    public int blocksRead(String snapshot) {
        return pages.distinct(snapshot);
    }

    /// Answers with pages, the same again counted again.
    public int blockReads(String snapshot) {
        return pages.reads(snapshot);
    }

    /// Blocks read as a share of those that were written.
    public double share(String snapshot) {
        int written = estate.image(snapshot)
                .map(image -> image.written().cardinality())
                .orElse(0);
        return written == 0 ? 0 : (double) pages.distinct(snapshot) / written;
    }

    private static boolean isControl(Call call) {
        return call.path().startsWith("/subscriptions");
    }

    @Override
    protected Response answer(Call call) throws IOException {
        if (Pages.isFor(call)) {
            return pages(call);
        }
        if (isControl(call)) {
            return control(call);
        }
        if (SignIns.isFor(call)) {
            return graph(call);
        }
        if (Consoles.isFor(call)) {
            return consoles.answer(call);
        }
        if (Blobs.isFor(call) && blobs.isPresent()) {
            return blobs(call, blobs.get());
        }
        Optional<Handler> handler = signIn.find(call);
        return handler.isPresent()
                ? handler.get().answer(call)
                : new Refusal(404, "NotFound", "There is nothing at " + call.path()).json();
    }

    private Response blobs(Call call, Blobs account) throws IOException {
        try {
            actions.add(new Action(Blobs.action(call), call.path()));
            return account.answer(call);
        } catch (Refused e) {
            return new Refusal(401, "InvalidAuthenticationInfo", "The token is not good.").xml();
        } catch (Refusal e) {
            return e.xml();
        }
    }

    private Response control(Call call) throws IOException {
        try {
            entra.signedIn(call, Resource.AZURE);
            actions.add(new Action(Arm.action(call), call.path()));
            return identified(arm.answer(call));
        } catch (Refused e) {
            return identified(e.response());
        } catch (Refusal e) {
            return identified(e.json());
        }
    }

    private Response graph(Call call) {
        try {
            JsonNode claims = entra.signedIn(call, Resource.GRAPH);
            if (!claims.path("roles").toString().contains("\"AuditLog.Read.All\"")) {
                throw new Refusal(403, "Authorization_RequestDenied", "Required roles: AuditLog.Read.All");
            }
            return signIns.answer(call);
        } catch (Refused e) {
            return e.response();
        } catch (Refusal e) {
            return e.json();
        }
    }

    private static Response identified(Response answer) {
        return answer.with("x-ms-request-id", UUID.randomUUID().toString())
                .with("x-ms-correlation-request-id", UUID.randomUUID().toString());
    }

    private Response pages(Call call) throws IOException {
        try {
            if (!Pages.isList(call)) {
                int number = pageCalls.incrementAndGet();
                if (refuseEvery > 0 && number % refuseEvery == 0) {
                    return busy();
                }
                pause();
            }
            return pages.answer(call);
        } catch (Refused e) {
            return new Refusal(401, "InvalidAuthenticationInfo", "The token is not good.").xml();
        } catch (Refusal e) {
            return e.xml();
        }
    }

    private void pause() throws IOException {
        try {
            new CountDownLatch(1).await(latency.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static Response busy() {
        return new Refusal(503, "ServerBusy", "The server is currently unable to receive requests.").xml();
    }

    @Override
    protected Response tooMany(Call call) {
        if (SignIns.isFor(call)) {
            return new Refusal(429, "TooManyRequests", "Too many requests")
                    .json()
                    .with("Retry-After", "17");
        }
        return isData(call)
                ? busy().with("Retry-After", "1")
                : identified(new Refusal(429, "TooManyRequests", "The request was throttled.").json());
    }

    @Override
    protected Response broken(Call call, int status) {
        return isData(call)
                ? new Refusal(status, "InternalError", "Server encountered an internal error.").xml()
                : identified(new Refusal(status, "InternalServerError", "Something went wrong.").json());
    }

    private static boolean isData(Call call) {
        return Pages.isFor(call) || Blobs.isFor(call) || Consoles.isFor(call);
    }

    @Override
    public void close() {
        commands.close();
        super.close();
    }
}
