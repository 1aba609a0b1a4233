package io.varve.emulator.gcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.CallFilter;
import io.varve.emulator.kit.Emulator;
import io.varve.emulator.kit.Response;
import io.varve.emulator.kit.TestClock;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Projects of Google Cloud behind one address, for a service account whose key it hands out.
///
/// Cloud Storage of the forensic project is fake-gcs-server's; who may ask it, how often and how fast, is
/// ours. All else is ours altogether, buckets of source projects too.
public final class GcpEmulator extends Emulator {
    public static final String BUCKET = "varve-staging";
    public static final String FORENSIC = "forensic-project";
    private static final JsonMapper JSON = new JsonMapper();

    private final GcsServer storage;
    private final Buckets buckets;
    private final SignIn signIn;
    private final Grants grants = new Grants();
    private final Compute compute;
    private final Builds builds;
    private final Scene scene;
    private final Logging logging;
    /// Answers to reads, by object and first byte.
    private final Map<String, Map<String, Integer>> ranges = new ConcurrentHashMap<>();
    private final AtomicInteger rangeCalls = new AtomicInteger();
    private volatile int refuseEvery;
    private volatile Duration latency = Duration.ZERO;

    private GcpEmulator(TestClock clock, GcsServer storage, Path folder) {
        super(clock);
        this.storage = storage;
        this.buckets = new Buckets(clock);
        this.signIn = new SignIn(clock);
        this.compute = new Compute(clock, grants);
        this.builds = new Builds(clock, grants, compute, storage, folder);
        this.logging = new Logging(clock, grants);
        this.scene = new Scene(compute, storage, logging, buckets);
    }

    /// Whether what it needs is on this machine.
    public static boolean possible() {
        return GcsServer.isInstalled()
                && Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                        .anyMatch(path -> Files.isExecutable(Path.of(path, "qemu-img")));
    }

    /// @param folder for objects and exports under way
    public static GcpEmulator start(TestClock clock, Path folder) throws IOException {
        Files.createDirectories(folder);
        GcsServer storage = GcsServer.start(folder.resolve("objects"));
        storage.bucket(BUCKET);
        var emulator = new GcpEmulator(clock, storage, folder);
        emulator.start();
        return emulator;
    }

    /// Of the service account [#account], as JSON.
    public String serviceAccountKey() {
        return signIn.keyFile(url().toString());
    }

    public String account() {
        return SignIn.EMAIL;
    }

    /// No token that was given out is taken any more.
    public void revokeTokens() {
        signIn.revoke();
    }

    public Scene scene() {
        return scene;
    }

    public Grants grants() {
        return grants;
    }

    /// How long operations of Compute Engine take.
    public void settling(Duration time) {
        compute.settling(time);
    }

    /// How long builds take at least.
    public void exporting(Duration time) {
        builds.exporting(time);
    }

    public void failBuilds(int times) {
        builds.fail(times);
    }

    /// Whether what protects an instance changes when the operation is done, not when it begins.
    public void changesLate(boolean late) {
        compute.late(late);
    }

    /// So many pages without a build come before those of every list of builds.
    public void emptyBuildPages(int pages) {
        builds.emptyPages(pages);
    }

    public int buildsBegun() {
        return builds.begun();
    }

    /// The next operation of this type, e.g. `createSnapshot`, fails with this code.
    public void failOperation(String type, String code) {
        compute.fail(type, code);
    }

    /// No page of log entries has more, whatever was asked for, and every second has none.
    public void logPages(int most) {
        logging.page(most);
    }

    /// So many lists of log entries are answered in a minute.
    public void logQuota(int calls) {
        logging.quota(calls);
    }

    /// No answer has more bytes of a serial port's output.
    public void serialPieces(int most) {
        compute.serial().piece(most);
    }

    /// Refuses one of so many reads of ranges; 0 refuses none.
    public void refuseEvery(int calls) {
        refuseEvery = calls;
    }

    /// How long a range takes.
    public void latency(Duration time) {
        latency = time;
    }

    /// Ranges of objects that end so, e.g. `.qcow2`, which were read, each counted once.
    public int rangesRead(String ending) {
        return ranges.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(ending))
                .mapToInt(entry -> entry.getValue().size())
                .sum();
    }

    /// The same range again counted again.
    public int rangeReads(String ending) {
        return ranges.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(ending))
                .flatMap(entry -> entry.getValue().values().stream())
                .mapToInt(Integer::intValue)
                .sum();
    }

    public void forgetRanges() {
        ranges.clear();
    }

    /// Reads of ranges, for faults.
    public static Predicate<Call> range() {
        return call -> call.method().equals("GET")
                && call.query("alt").filter("media"::equals).isPresent()
                && call.request().header("range").isPresent();
    }

    public static Predicate<Call> call(String method, String path) {
        return CallFilter.of(method, path);
    }

    @Override
    protected Response answer(Call call) throws IOException {
        try {
            if (call.path().equals("/token")) {
                return signIn.token(call);
            }
            if (!signIn.knows(call)) {
                throw Refused.unknown();
            }
            call.from(SignIn.EMAIL);
            return routed(call);
        } catch (Refused e) {
            return e.answer();
        }
    }

    private Response routed(Call call) throws IOException, Refused {
        String path = call.path();
        if (path.startsWith("/compute/v1/")) {
            return compute.answer(call, path.substring("/compute/v1/".length()));
        }
        if (path.equals("/v2/entries:list") && call.method().equals("POST")) {
            return logging.list(call);
        }
        if (path.endsWith(":testIamPermissions")) {
            return permissions(call.json().path("permissions"));
        }
        if (path.matches("/v1/projects/[^/]+/locations/[^/]+/builds.*")) {
            return build(call, path.substring("/v1/".length()));
        }
        if (path.matches("/storage/v1/b/[^/]+/iam/testPermissions")) {
            ArrayNode asked = JSON.createArrayNode();
            call.request().queries("permissions").forEach(asked::add);
            return permissions(asked);
        }
        if (path.equals("/storage/v1/b") && call.method().equals("GET")) {
            grants.require(
                    "storage.buckets.list", "projects/" + call.query("project").orElse(""));
            return buckets.list(call);
        }
        if (path.startsWith("/storage/") || path.startsWith("/download/")) {
            return object(call);
        }
        throw Refused.missing(path);
    }

    private Response permissions(JsonNode asked) {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode granted = answer.putArray("permissions");
        for (JsonNode permission : asked) {
            if (grants.allows(permission.asText())) {
                granted.add(permission.asText());
            }
        }
        return Response.json(200, answer);
    }

    private Response build(Call call, String path) throws Refused {
        if (path.endsWith("/builds")) {
            String place = path.substring(0, path.length() - "/builds".length());
            return call.method().equals("POST") ? builds.create(call, place) : builds.list(call, place);
        }
        return path.endsWith(":cancel") && call.method().equals("POST")
                ? builds.cancel(path.substring(0, path.length() - ":cancel".length()))
                : builds.look(path);
    }

    private Response object(Call call) throws IOException, Refused {
        String path = call.path();
        boolean list = Buckets.isList(call);
        grants.require(
                call.method().equals("DELETE")
                        ? "storage.objects.delete"
                        : list ? "storage.objects.list" : "storage.objects.get",
                path);
        if (buckets.has(call)) {
            return buckets.answer(call);
        }
        if (!range().test(call)) {
            return storage.forward(call);
        }
        int every = refuseEvery;
        if (every > 0 && rangeCalls.incrementAndGet() % every == 0) {
            throw Refused.tooMany(path);
        }
        pause();
        Response answer = storage.forward(call);
        if (answer.status() == 206) {
            ranges.computeIfAbsent(path, any -> new ConcurrentHashMap<>())
                    .merge(call.request().header("range").orElse(""), 1, Integer::sum);
        }
        return answer;
    }

    private void pause() throws IOException {
        try {
            new CountDownLatch(1).await(latency.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    protected Response tooMany(Call call) {
        return Refused.tooMany(call.path()).answer();
    }

    @Override
    protected Response broken(Call call, int status) {
        return Refused.broken(status).answer();
    }

    /// The names of all objects of the bucket.
    public List<String> objects() throws IOException {
        return scene.objects();
    }

    @Override
    public void close() {
        super.close();
        builds.close();
        storage.close();
    }
}
