package io.varve.emulator.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Emulator;
import io.varve.emulator.kit.Handler;
import io.varve.emulator.kit.Response;
import io.varve.emulator.kit.Routes;
import io.varve.emulator.kit.TestCertificate;
import io.varve.emulator.kit.TestClock;
import io.varve.emulator.kit.Throttle;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/// A cluster's API server. It deletes, evicts and isolates nothing: whoever tries is refused and noted by the recorder.
public final class KubernetesEmulator extends Emulator {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String NODE = "ip-10-0-7-21.eu-central-1.compute.internal";
    private static final int LARGEST_PAGE = 500;

    private final TestCertificate certificate = TestCertificate.make();
    private final Tokens tokens;
    private final Rbac rbac = new Rbac();
    private final Throttle throttle;
    private final Routes routes = new Routes();
    private final Map<String, Pod> pods = new ConcurrentHashMap<>();
    private final List<ObjectNode> events = new CopyOnWriteArrayList<>();
    private final AtomicLong version = new AtomicLong(1_000);
    private final Front front;
    private volatile String providerId = "aws:///eu-central-1a/i-0ab1c2d3e4f567890";
    private volatile boolean admitsEphemeral = true;
    private volatile int pageSize = LARGEST_PAGE;
    private volatile boolean pagesExpire;

    private KubernetesEmulator(TestClock clock, int perSecond) {
        super(clock);
        tokens = new Tokens(clock);
        throttle = new Throttle(clock, perSecond, Duration.ofSeconds(1));
        route();
        start();
        front = new Front(certificate, super.url());
    }

    public static KubernetesEmulator start(TestClock clock) {
        return new KubernetesEmulator(clock, 10_000);
    }

    /// @param perSecond calls of one user before 429
    public static KubernetesEmulator start(TestClock clock, int perSecond) {
        return new KubernetesEmulator(clock, perSecond);
    }

    /// Where clients call: https, with [#ca].
    @Override
    public URI url() {
        return front.url();
    }

    /// PEM of the cluster's certificate authority.
    public String ca() {
        return certificate.pem();
    }

    /// A token of a service account of the namespace `varve`.
    public String token(String account, Duration life) {
        return tokens.issue("system:serviceaccount:varve:" + account, life);
    }

    /// Every token there is stops working.
    public void expireTokens() {
        tokens.expireAll();
    }

    public Rbac rbac() {
        return rbac;
    }

    public Pod pod(String namespace, String name, Container... containers) {
        var pod = new Pod(namespace, name, NODE, List.of(containers));
        pods.put(key(namespace, name), pod);
        event(pod, "Normal", "Scheduled", "Successfully assigned %s/%s to %s".formatted(namespace, name, NODE));
        return pod;
    }

    /// It is deleted by somebody else.
    public void removed(Pod pod) {
        pods.remove(key(pod.namespace(), pod.name()));
        event(pod, "Normal", "Killing", "Stopping container app");
    }

    public void event(Pod about, String type, String reason, String message) {
        ObjectNode event = JSON.createObjectNode().put("kind", "Event").put("apiVersion", "v1");
        event.putObject("metadata")
                .put("name", about.name() + "." + Long.toHexString(version.incrementAndGet()))
                .put("namespace", about.namespace())
                .put("resourceVersion", version.toString())
                .put("uid", UUID.randomUUID().toString());
        event.putObject("involvedObject")
                .put("kind", "Pod")
                .put("namespace", about.namespace())
                .put("name", about.name())
                .put("uid", about.uid());
        event.put("type", type)
                .put("reason", reason)
                .put("message", message)
                .put("firstTimestamp", text(clock().instant()))
                .put("lastTimestamp", text(clock().instant()))
                .put("count", 1);
        event.putObject("source").put("component", "kubelet").put("host", about.node());
        events.add(event);
    }

    /// What the node's `spec.providerID` says.
    public void providerId(String id) {
        providerId = id;
    }

    /// Whether Pod Security admission lets ephemeral containers in.
    public void admitsEphemeral(boolean admits) {
        admitsEphemeral = admits;
    }

    /// Lists come in pages of this many.
    public void pageSize(int size) {
        pageSize = size;
    }

    /// The next `continue` of a list is too old.
    public void pagesExpire() {
        pagesExpire = true;
    }

    /// The connections of the next matching commands break after so many bytes of their output.
    public void cutExec(int times, int afterBytes, Predicate<String> commands) {
        front.cut(new Cut(commands, afterBytes, new AtomicInteger(times)));
    }

    @Override
    public void close() {
        front.close();
        super.close();
    }

    private static String key(String namespace, String name) {
        return namespace + "/" + name;
    }

    private void route() {
        String pod = "/api/v1/namespaces/{namespace}/pods/{name}";
        routes.on(
                        "GET",
                        "/version",
                        call -> Response.json(
                                200, JSON.createObjectNode().put("major", "1").put("minor", "35")))
                .on("GET", "/api", call -> Response.json(200, Discovery.versions()))
                .on("GET", "/apis", call -> Response.json(200, Discovery.groups()))
                .on("GET", "/api/v1", call -> Response.json(200, Discovery.core()))
                .on("GET", "/api/v1/pods", call -> list(call, "PodList", Access.core("list", "pods", ""), all("")))
                .on("GET", "/api/v1/namespaces/{namespace}/pods", this::pods)
                .on("GET", pod, this::pod)
                .on("GET", pod + "/log", this::log)
                .on("GET", pod + "/exec", this::exec)
                .on("POST", pod + "/exec", this::spdy)
                .on("PATCH", pod + "/ephemeralcontainers", this::debug)
                .on("GET", "/api/v1/namespaces/{namespace}/events", this::events)
                .on("GET", "/api/v1/nodes/{name}", this::node)
                .on("GET", "/apis/{group}/v1/namespaces/{namespace}/{kind}/{name}", this::owner)
                .on("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", this::review)
                .on("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", this::whoAmI);
    }

    @Override
    protected Response answer(Call call) throws IOException {
        try {
            call.from(tokens.user(call.request().header("authorization")).orElseThrow(Refused::unauthorized));
            if (!throttle.take(call.caller()).allowed()) {
                throw Refused.tooMany();
            }
            Optional<Handler> handler = routes.find(call);
            if (handler.isEmpty()) {
                throw refusal(call);
            }
            return handler.get().answer(call);
        } catch (Refused e) {
            return e.response();
        }
    }

    /// Nothing here changes a cluster but an ephemeral container: other writes are noted as what they would do.
    private static Refused refusal(Call call) {
        if (call.method().equals("GET")) {
            return Refused.missing("path", call.path());
        }
        call.containment(call.method() + " " + call.path());
        return Refused.method();
    }

    @Override
    protected Response tooMany(Call call) {
        return Refused.tooMany().response();
    }

    @Override
    protected Response broken(Call call, int status) {
        return Refused.broken(status).response();
    }

    private void require(Call call, Access access) {
        if (!rbac.allows(access)) {
            throw Refused.forbidden(call.caller(), access);
        }
    }

    private Pod found(Call call) {
        String name = call.variable("name");
        return Optional.ofNullable(pods.get(key(call.variable("namespace"), name)))
                .orElseThrow(() -> Refused.missing("pods", name));
    }

    private Response pod(Call call) {
        require(call, Access.core("get", "pods", call.variable("namespace")));
        return Response.json(200, found(call).json(version.get()));
    }

    private Response pods(Call call) {
        String namespace = call.variable("namespace");
        return list(call, "PodList", Access.core("list", "pods", namespace), all(namespace));
    }

    private List<ObjectNode> all(String namespace) {
        return pods.values().stream()
                .filter(pod -> namespace.isEmpty() || pod.namespace().equals(namespace))
                .sorted(java.util.Comparator.comparing(Pod::name))
                .map(pod -> pod.json(version.get()))
                .toList();
    }

    private Response events(Call call) {
        String namespace = call.variable("namespace");
        List<ObjectNode> here = events.stream()
                .filter(event ->
                        event.path("metadata").path("namespace").asText().equals(namespace))
                .toList();
        return list(call, "EventList", Access.core("list", "events", namespace), here);
    }

    private Response list(Call call, String kind, Access access, List<ObjectNode> items) {
        require(call, access);
        int from = call.query("continue")
                .filter(text -> !text.isEmpty())
                .map(this::start)
                .orElse(0);
        int limit = Math.min(call.query("limit").map(Integer::parseInt).orElse(Integer.MAX_VALUE), pageSize);
        int to = Math.min(items.size(), from + limit);
        ObjectNode list = JSON.createObjectNode().put("kind", kind).put("apiVersion", "v1");
        ObjectNode metadata = list.putObject("metadata").put("resourceVersion", version.toString());
        if (to < items.size()) {
            metadata.put(
                    "continue",
                    Base64.getUrlEncoder()
                            .encodeToString(
                                    ("{\"v\":\"meta.k8s.io/v1\",\"rv\":%d,\"start\":%d}".formatted(version.get(), to))
                                            .getBytes(StandardCharsets.UTF_8)));
            metadata.put("remainingItemCount", items.size() - to);
        }
        ArrayNode page = list.putArray("items");
        items.subList(Math.min(from, to), to).forEach(page::add);
        return Response.json(200, list);
    }

    private int start(String token) {
        if (pagesExpire) {
            pagesExpire = false;
            throw Refused.noPage();
        }
        try {
            return JSON.readTree(Base64.getUrlDecoder().decode(token))
                    .path("start")
                    .asInt();
        } catch (IOException | IllegalArgumentException e) {
            throw Refused.bad("continue key is not valid: " + e.getMessage());
        }
    }

    private Response log(Call call) {
        require(call, Access.core("get", "pods/log", call.variable("namespace")));
        return Logs.of(found(call), call);
    }

    private Response exec(Call call) {
        String namespace = call.variable("namespace");
        require(call, Access.core("get", "pods/exec", namespace));
        // from 1.35 on a WebSocket needs what a POST always needed
        require(call, Access.core("create", "pods/exec", namespace));
        Pod pod = found(call);
        Container container = Logs.chosen(pod, call.query("container"));
        List<String> argv = new ArrayList<>(call.request().queries("command"));
        if (argv.isEmpty()) {
            throw Refused.bad("you must specify at least one command for the container");
        }
        if (call.request().header(Front.UPGRADE).isEmpty()) {
            throw Refused.bad("Upgrade request required");
        }
        if (!container.isRunning()) {
            throw Refused.bad("cannot exec into a container in a completed pod; current phase is Succeeded");
        }
        String session = UUID.randomUUID().toString();
        boolean stdin = call.query("stdin")
                .filter(text -> text.equals("true") || text.equals("1"))
                .isPresent();
        front.allow(session, new ExecOrder(container.name(), container.device(), container.shell(), argv, stdin));
        return Response.empty(200).with(Front.SESSION, session);
    }

    /// What a client tries when no WebSocket was opened.
    private Response spdy(Call call) {
        require(call, Access.core("create", "pods/exec", call.variable("namespace")));
        throw Refused.bad("this emulator speaks WebSocket, not SPDY");
    }

    private Response debug(Call call) {
        require(call, Access.core("patch", "pods/ephemeralcontainers", call.variable("namespace")));
        Pod pod = found(call);
        if (!admitsEphemeral) {
            throw Refused.admission(
                    "pods \"%s\" is forbidden: violates PodSecurity \"restricted:latest\"".formatted(pod.name()));
        }
        if (!call.request().header("content-type").orElse("").startsWith("application/strategic-merge-patch+json")) {
            throw Refused.bad("this emulator takes strategic merge patches only");
        }
        for (JsonNode spec : call.json().path("spec").path("ephemeralContainers")) {
            String name = spec.path("name").asText();
            if (pod.container(name).isEmpty()) {
                pod.debug((ObjectNode) spec);
                event(pod, "Normal", "Started", "Started container " + name);
            } else if (!pod.ephemeralContainers().contains(name)) {
                throw Refused.invalid("Pod \"%s\" is invalid: Duplicate value: \"%s\"".formatted(pod.name(), name));
            }
        }
        version.incrementAndGet();
        return Response.json(200, pod.json(version.get()));
    }

    private Response node(Call call) {
        require(call, Access.core("get", "nodes", ""));
        String name = call.variable("name");
        if (!name.equals(NODE)) {
            throw Refused.missing("nodes", name);
        }
        ObjectNode node = JSON.createObjectNode().put("kind", "Node").put("apiVersion", "v1");
        node.putObject("metadata")
                .put("name", name)
                .put(
                        "uid",
                        UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8))
                                .toString());
        node.putObject("spec").put("providerID", providerId);
        node.putObject("status")
                .putObject("nodeInfo")
                .put("osImage", "Amazon Linux 2023")
                .put("kernelVersion", "6.1.0");
        return Response.json(200, node);
    }

    private Response owner(Call call) {
        String kind = call.variable("kind");
        require(call, new Access("get", call.variable("group"), kind, call.variable("namespace")));
        String name = call.variable("name");
        boolean replicas = kind.equals("replicasets");
        boolean known = pods.values().stream()
                .anyMatch(pod -> replicas
                        ? pod.owner().equals(name)
                        : kind.equals("deployments") && pod.owner().startsWith(name));
        if (!known) {
            throw Refused.missing(kind + "." + call.variable("group"), name);
        }
        ObjectNode owner = JSON.createObjectNode()
                .put("kind", replicas ? "ReplicaSet" : "Deployment")
                .put("apiVersion", "apps/v1");
        ObjectNode metadata =
                owner.putObject("metadata").put("name", name).put("namespace", call.variable("namespace"));
        if (replicas) {
            metadata.putArray("ownerReferences")
                    .addObject()
                    .put("apiVersion", "apps/v1")
                    .put("kind", "Deployment")
                    .put("name", name.contains("-") ? name.substring(0, name.lastIndexOf('-')) : name)
                    .put("controller", true);
        }
        return Response.json(200, owner);
    }

    private Response review(Call call) {
        JsonNode asked = call.json().path("spec").path("resourceAttributes");
        String sub = asked.path("subresource").asText("");
        var access = new Access(
                asked.path("verb").asText(),
                asked.path("group").asText(""),
                asked.path("resource").asText() + (sub.isEmpty() ? "" : "/" + sub),
                asked.path("namespace").asText(""));
        ObjectNode answer = JSON.createObjectNode()
                .put("kind", "SelfSubjectAccessReview")
                .put("apiVersion", "authorization.k8s.io/v1");
        answer.set("spec", call.json().path("spec"));
        answer.putObject("status").put("allowed", rbac.allows(access));
        return Response.json(201, answer);
    }

    private Response whoAmI(Call call) {
        ObjectNode answer =
                JSON.createObjectNode().put("kind", "SelfSubjectReview").put("apiVersion", "authentication.k8s.io/v1");
        answer.putObject("status").putObject("userInfo").put("username", call.caller());
        return Response.json(201, answer);
    }

    private static String text(Instant at) {
        return at.truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString();
    }
}
