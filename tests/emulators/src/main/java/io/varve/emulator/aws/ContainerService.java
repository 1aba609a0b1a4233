package io.varve.emulator.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import io.varve.emulator.kit.TestClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// Elastic Container Service: clusters, services, task definitions and tasks are moto's; containers beyond the first,
/// image digests, exec, and protection of tasks, which moto does not know, are ours.
public final class ContainerService implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String TARGET = "AmazonEC2ContainerServiceV20141113.";
    private static final Duration USUAL = Duration.ofHours(2);
    private static final int LONGEST_MINUTES = 2880;

    private final Moto moto;
    private final Scene scene;
    private final TestClock clock;
    private final DataChannels channels = new DataChannels();
    private final Map<String, Running> tasks = new ConcurrentHashMap<>();
    private final Map<String, Instant> protectedUntil = new ConcurrentHashMap<>();

    ContainerService(Moto moto, Scene scene, TestClock clock) {
        this.moto = moto;
        this.scene = scene;
        this.clock = clock;
    }

    private static final class Running {
        private final EcsTask task;
        private final List<EcsContainer> containers;
        private final Map<String, String> runtimes = new HashMap<>();
        private volatile boolean isExec = true;
        private volatile boolean isStopped;

        private Running(EcsTask task, List<EcsContainer> containers) {
            this.task = task;
            this.containers = containers;
            String run =
                    task.id().substring(0, Math.min(32, task.id().length())).replace("-", "");
            containers.forEach(one ->
                    runtimes.put(one.name(), run + "-" + Math.abs(one.name().hashCode())));
        }
    }

    /// Runs a task on Fargate whose containers log to CloudWatch, in the group `/ecs/FAMILY`.
    ///
    /// @param service name of its service, which is made where there is none; empty for a task that stands alone
    public EcsTask run(String account, String region, String cluster, String service, EcsContainer... containers)
            throws IOException {
        String key = scene.accessKey(account);
        String family = containers[0].name() + "-task";
        ask(key, region, "CreateCluster", JSON.createObjectNode().put("clusterName", cluster));
        String subnet = Moto.one(network(key, region, "DescribeSubnets"), "subnetId");
        String group = Moto.one(network(key, region, "DescribeSecurityGroups"), "groupId");
        JsonNode definition = ask(key, region, "RegisterTaskDefinition", definition(family, region, containers));
        ObjectNode run = JSON.createObjectNode()
                .put("cluster", cluster)
                .put("taskDefinition", family)
                .put("launchType", "FARGATE");
        network(run, subnet, group);
        if (!service.isEmpty()) {
            run.put("group", "service:" + service);
            ObjectNode create = JSON.createObjectNode()
                    .put("cluster", cluster)
                    .put("serviceName", service)
                    .put("taskDefinition", family)
                    .put("desiredCount", 0)
                    .put("launchType", "FARGATE");
            network(create, subnet, group);
            ask(key, region, "CreateService", create);
        }
        if (definition.path("taskDefinition").path("taskDefinitionArn").asText().isEmpty()) {
            throw new IOException("moto has no task definition " + family);
        }
        String arn = ask(key, region, "RunTask", run)
                .path("tasks")
                .path(0)
                .path("taskArn")
                .asText();
        var task = new EcsTask(arn, account, region, cluster, service);
        tasks.put(arn, new Running(task, List.of(containers)));
        return task;
    }

    private String network(String key, String region, String action) throws IOException {
        return moto.ask(key, region, "ec2", Map.of("Action", action, "Version", "2016-11-15"));
    }

    private static void network(ObjectNode asked, String subnet, String group) {
        ObjectNode network = asked.putObject("networkConfiguration").putObject("awsvpcConfiguration");
        network.putArray("subnets").add(subnet);
        network.putArray("securityGroups").add(group);
    }

    private static ObjectNode definition(String family, String region, EcsContainer... containers) {
        ObjectNode definition = JSON.createObjectNode()
                .put("family", family)
                .put("networkMode", "awsvpc")
                .put("cpu", "256")
                .put("memory", "512");
        definition.putArray("requiresCompatibilities").add("FARGATE");
        ArrayNode list = definition.putArray("containerDefinitions");
        for (EcsContainer container : containers) {
            ObjectNode one = list.addObject()
                    .put("name", container.name())
                    .put("image", container.image())
                    .put("memory", 256);
            one.putObject("logConfiguration")
                    .put("logDriver", "awslogs")
                    .putObject("options")
                    .put("awslogs-group", "/ecs/" + family)
                    .put("awslogs-region", region)
                    .put("awslogs-stream-prefix", "app");
        }
        return definition;
    }

    private JsonNode ask(String key, String region, String action, JsonNode body) throws IOException {
        return JSON.readTree(moto.json(key, region, "ecs", TARGET + action, body.toString()));
    }

    /// The task was started without exec.
    public void withoutExec(EcsTask task) {
        known(task.arn()).isExec = false;
    }

    public void stop(EcsTask task) {
        known(task.arn()).isStopped = true;
    }

    public void start(EcsTask task) {
        known(task.arn()).isStopped = false;
    }

    /// Somebody protected it before, until then.
    public void protect(EcsTask task, Instant until) {
        protectedUntil.put(task.arn(), until);
    }

    /// Until when it is protected from scale-in now.
    public Optional<Instant> protectedUntil(EcsTask task) {
        return Optional.ofNullable(protectedUntil.get(task.arn())).filter(until -> until.isAfter(clock.instant()));
    }

    /// What goes wrong with messages of exec.
    public ExecTrouble trouble() {
        return channels.trouble();
    }

    /// What clients of exec did that the protocol does not allow.
    public List<String> violations() {
        return channels.violations();
    }

    /// Sessions of exec that have a client now.
    public int sessions() {
        return channels.open();
    }

    /// Writes lines to the log of a container, as awslogs does.
    public void log(EcsTask task, String container, Map<Instant, String> lines) throws IOException {
        String key = scene.accessKey(task.account());
        String family = known(task.arn()).containers.getFirst().name() + "-task";
        ObjectNode group = JSON.createObjectNode().put("logGroupName", "/ecs/" + family);
        logs(key, task, "CreateLogGroup", group);
        ObjectNode stream = group.deepCopy().put("logStreamName", "app/%s/%s".formatted(container, task.id()));
        logs(key, task, "CreateLogStream", stream);
        ArrayNode events = stream.putArray("logEvents");
        // CloudWatch Logs takes them in the order of their times only
        new TreeMap<>(lines)
                .forEach((at, text) ->
                        events.addObject().put("timestamp", at.toEpochMilli()).put("message", text));
        logs(key, task, "PutLogEvents", stream);
    }

    private void logs(String key, EcsTask task, String action, JsonNode body) throws IOException {
        moto.json(key, task.region(), "logs", "Logs_20140328." + action, body.toString());
    }

    private Running known(String arn) {
        return Optional.ofNullable(tasks.get(arn)).orElseThrow();
    }

    Response answer(Call call, String action) throws Refused, IOException {
        return switch (action) {
            case "ecs:DescribeTasks" -> described(call);
            case "ecs:ExecuteCommand" -> executed(call.json());
            case "ecs:GetTaskProtection" -> protection(call.json(), false);
            case "ecs:UpdateTaskProtection" -> protection(call.json(), true);
            default -> {
                Moto.Answer answer = moto.forward(call, 0);
                yield Response.bytes(answer.status(), answer.type(), answer.bytes());
            }
        };
    }

    private Response described(Call call) throws IOException {
        Moto.Answer answer = moto.forward(call, 0);
        if (answer.status() != 200) {
            return Response.bytes(answer.status(), answer.type(), answer.bytes());
        }
        JsonNode body = JSON.readTree(answer.bytes());
        for (JsonNode task : body.path("tasks")) {
            Running running = tasks.get(task.path("taskArn").asText());
            if (running != null) {
                complete((ObjectNode) task, running);
            }
        }
        return Response.json(200, body);
    }

    private static void complete(ObjectNode task, Running running) {
        String state = running.isStopped ? "STOPPED" : "RUNNING";
        task.put("enableExecuteCommand", running.isExec)
                .put("platformFamily", "Linux")
                .put("lastStatus", state);
        String address = "";
        for (JsonNode detail : task.path("attachments").path(0).path("details")) {
            if (detail.path("name").asText().equals("privateIPv4Address")) {
                address = detail.path("value").asText();
            }
        }
        ArrayNode containers = task.putArray("containers");
        for (EcsContainer container : running.containers) {
            ObjectNode one = containers
                    .addObject()
                    .put("containerArn", running.task.arn().replace(":task/", ":container/") + "/" + container.name())
                    .put("taskArn", running.task.arn())
                    .put("name", container.name())
                    .put("image", container.image())
                    .put(
                            "imageDigest",
                            "sha256:"
                                    + "%064x".formatted(Math.abs((long)
                                            container.image().hashCode())))
                    .put("runtimeId", running.runtimes.get(container.name()))
                    .put("lastStatus", state);
            one.putArray("networkInterfaces").addObject().put("privateIpv4Address", address);
            if (!container.agent().isEmpty() && running.isExec) {
                one.putArray("managedAgents")
                        .addObject()
                        .put("name", "ExecuteCommandAgent")
                        .put("lastStatus", container.agent());
            }
        }
    }

    private Response executed(JsonNode asked) throws Refused {
        Running running = Optional.ofNullable(tasks.get(asked.path("task").asText()))
                .filter(one -> !one.isStopped)
                .filter(one -> one.task.cluster().equals(asked.path("cluster").asText()))
                .orElseThrow(() -> new Refused(
                        400, "InvalidParameterException", "", "The task provided with taskId was not found."));
        EcsContainer container = running.containers.stream()
                .filter(one -> one.name().equals(asked.path("container").asText()))
                .findFirst()
                .orElseThrow(() -> new Refused(400, "InvalidParameterException", "", "container not found"));
        if (!asked.path("interactive").asBoolean()
                || asked.path("command").asText().isBlank()) {
            throw new Refused(400, "InvalidParameterException", "", "Interactive is the only mode supported.");
        }
        if (!running.isExec) {
            throw new Refused(
                    400,
                    "InvalidParameterException",
                    "",
                    "The execute command failed because execute command was not enabled when the task was run or the execute command agent isn't running.");
        }
        if (!container.agent().equals("RUNNING")) {
            throw new Refused(
                    400,
                    "TargetNotConnectedException",
                    "",
                    "The execute command failed due to an internal error. Try again later.");
        }
        DataChannels.Session session =
                channels.session(container, asked.path("command").asText());
        ObjectNode answer = JSON.createObjectNode()
                .put("clusterArn", running.task.cluster())
                .put("containerName", container.name())
                .put("interactive", true)
                .put("taskArn", running.task.arn());
        answer.putObject("session")
                .put("sessionId", session.id())
                .put("streamUrl", session.url())
                .put("tokenValue", session.token());
        return Response.json(200, answer);
    }

    private Response protection(JsonNode asked, boolean isChange) throws Refused {
        int minutes = asked.path("expiresInMinutes").asInt((int) USUAL.toMinutes());
        if (minutes < 1 || minutes > LONGEST_MINUTES) {
            throw new Refused(400, "InvalidParameterException", "", "expiresInMinutes");
        }
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode done = answer.putArray("protectedTasks");
        ArrayNode failures = answer.putArray("failures");
        for (JsonNode arn : asked.path("tasks")) {
            Running running = tasks.get(arn.asText());
            if (running == null || running.isStopped || running.task.service().isEmpty()) {
                failures.addObject().put("arn", arn.asText()).put("reason", "TASK_NOT_VALID");
                continue;
            }
            if (isChange && asked.path("protectionEnabled").asBoolean()) {
                protectedUntil.put(arn.asText(), clock.instant().plus(Duration.ofMinutes(minutes)));
            } else if (isChange) {
                protectedUntil.remove(arn.asText());
            }
            ObjectNode one = done.addObject().put("taskArn", arn.asText());
            Optional<Instant> until = protectedUntil(running.task);
            one.put("protectionEnabled", until.isPresent());
            until.ifPresent(end -> one.put("expirationDate", end.getEpochSecond()));
        }
        return Response.json(200, answer);
    }

    @Override
    public void close() {
        channels.close();
    }
}
