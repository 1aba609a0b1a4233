package io.varve.emulator.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.device.Command;
import io.varve.emulator.device.Device;
import io.varve.emulator.device.Output;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import io.varve.emulator.kit.TestClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Systems Manager: instances with an agent, and commands that run on them. moto takes commands and knows no agents.
///
/// As in the API reference: a command is not found right after it was sent, output ends after 24,000 characters, errors
/// after 8,000, and a command that no agent fetches times out.
final class SystemsManager implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int LONGEST_OUT = 24_000;
    private static final int LONGEST_ERR = 8_000;
    private static final int LONGEST_COMMENT = 100;
    /// So that who waits with a clock of a test does not ask a thousand times.
    private static final long WAIT_MILLIS = 200;

    private final TestClock clock;
    private final Map<String, Device> managed = new ConcurrentHashMap<>();
    private final Map<String, Run> runs = new ConcurrentHashMap<>();
    private final List<Run> sent = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    SystemsManager(TestClock clock) {
        this.clock = clock;
    }

    private static final class Run {
        private final String instance;
        private final String text;
        private final Instant deliverBy;
        private final CompletableFuture<Output> output = new CompletableFuture<>();
        private volatile boolean isFetched;
        private volatile boolean isSeen;
        private volatile boolean isCancelled;

        private Run(String instance, String text, Instant deliverBy) {
            this.instance = instance;
            this.text = text;
            this.deliverBy = deliverBy;
        }
    }

    void manage(String instance, Device device) {
        managed.put(instance, device);
    }

    List<String> commands(String instance) {
        return sent.stream()
                .filter(run -> run.instance.equals(instance))
                .map(run -> run.text)
                .toList();
    }

    Response answer(Call call, String action, Moto moto) throws Refused, IOException {
        return switch (action) {
            case "ssm:DescribeInstanceInformation" -> described(call.json());
            case "ssm:SendCommand" -> sent(call, moto);
            case "ssm:GetCommandInvocation" -> invocation(call.json());
            case "ssm:CancelCommand" -> {
                run(call.json()).isCancelled = true;
                yield json(JSON.createObjectNode());
            }
            case "ssm:ListCommands" -> {
                // moto keeps what was sent
                Moto.Answer answer = moto.forward(call, 0);
                yield Response.bytes(answer.status(), answer.type(), answer.bytes());
            }
            default -> throw new Refused(400, "UnknownOperationException", "", action);
        };
    }

    private static Response json(JsonNode body) {
        return Response.json(200, body);
    }

    private Response described(JsonNode asked) throws Refused {
        var ids = new ArrayList<String>();
        for (JsonNode filter : asked.path("InstanceInformationFilterList")) {
            if (!filter.path("key").asText().equals("InstanceIds")) {
                throw new Refused(400, "InvalidInstanceInformationFilterValue", "", "unknown key");
            }
            filter.path("valueSet").forEach(id -> ids.add(id.asText()));
        }
        ObjectNode answer = JSON.createObjectNode();
        var list = answer.putArray("InstanceInformationList");
        managed.forEach((id, device) -> {
            if (ids.isEmpty() || ids.contains(id)) {
                list.addObject()
                        .put("InstanceId", id)
                        .put("PingStatus", device.online() ? "Online" : "ConnectionLost")
                        .put("AgentVersion", "3.3.2299.0")
                        .put("PlatformType", "Linux")
                        .put("PlatformName", device.facts().osName())
                        .put("PlatformVersion", device.facts().osVersion())
                        .put("ResourceType", "EC2Instance")
                        .put("IPAddress", device.facts().localIp())
                        .put("ComputerName", device.facts().hostname());
            }
        });
        return json(answer);
    }

    private Response sent(Call call, Moto moto) throws Refused, IOException {
        JsonNode asked = call.json();
        String instance = asked.path("InstanceIds").path(0).asText();
        Device device = managed.get(instance);
        if (device == null) {
            throw new Refused(
                    400,
                    "InvalidInstanceId",
                    "",
                    "Instances [[%s]] not in a valid state for account".formatted(instance));
        }
        if (!asked.path("DocumentName").asText().equals("AWS-RunShellScript")) {
            throw new Refused(400, "InvalidDocument", "", "the device runs Linux");
        }
        int seconds = asked.path("TimeoutSeconds").asInt(3600);
        if (seconds < 30 || asked.path("Comment").asText().length() > LONGEST_COMMENT) {
            throw new Refused(400, "ValidationException", "", "timeoutSeconds or comment");
        }
        Moto.Answer answer = moto.forward(call, 0);
        if (answer.status() == 200) {
            var lines = new ArrayList<String>();
            asked.path("Parameters").path("commands").forEach(line -> lines.add(line.asText()));
            var run =
                    new Run(instance, String.join("\n", lines), clock.instant().plusSeconds(seconds));
            String id = JSON.readTree(answer.body())
                    .path("Command")
                    .path("CommandId")
                    .asText();
            runs.put(id, run);
            sent.add(run);
            fetch(device, run);
        }
        return Response.bytes(answer.status(), answer.type(), answer.bytes());
    }

    private void fetch(Device device, Run run) {
        if (!device.online()) {
            device.whenOnline(() -> fetch(device, run));
            return;
        }
        if (run.isFetched || run.isCancelled || clock.instant().isAfter(run.deliverBy)) {
            return;
        }
        run.isFetched = true;
        threads.submit(() -> {
            try {
                run.output.complete(device.run(Command.script(run.text).within(Duration.ofMinutes(5))));
            } catch (IOException e) {
                run.output.completeExceptionally(e);
            }
        });
    }

    private Run run(JsonNode asked) throws Refused {
        return Optional.ofNullable(runs.get(asked.path("CommandId").asText()))
                .orElseThrow(() -> new Refused(400, "InvalidCommandId", "", "no such command"));
    }

    private Response invocation(JsonNode asked) throws Refused, IOException {
        Run run = run(asked);
        if (!run.isSeen || !run.instance.equals(asked.path("InstanceId").asText())) {
            run.isSeen = true;
            throw new Refused(400, "InvocationDoesNotExist", "", "");
        }
        ObjectNode answer = JSON.createObjectNode()
                .put("CommandId", asked.path("CommandId").asText())
                .put("InstanceId", run.instance)
                .put("DocumentName", "AWS-RunShellScript");
        if (run.isCancelled) {
            return json(answer.put("Status", "Cancelled")
                    .put("StatusDetails", "Cancelled")
                    .put("ResponseCode", -1));
        }
        if (!run.isFetched) {
            boolean late = clock.instant().isAfter(run.deliverBy);
            return json(answer.put("Status", late ? "TimedOut" : "Pending")
                    .put("StatusDetails", late ? "DeliveryTimedOut" : "Pending")
                    .put("ResponseCode", -1));
        }
        try {
            Output output = run.output.get(WAIT_MILLIS, TimeUnit.MILLISECONDS);
            boolean well = output.exit() == 0;
            return json(answer.put("Status", well ? "Success" : "Failed")
                    .put("StatusDetails", well ? "Success" : "Failed")
                    .put("ResponseCode", output.exit())
                    .put("StandardOutputContent", first(output.out(), LONGEST_OUT))
                    .put("StandardErrorContent", first(output.err(), LONGEST_ERR)));
        } catch (TimeoutException e) {
            return json(answer.put("Status", "InProgress")
                    .put("StatusDetails", "InProgress")
                    .put("ResponseCode", -1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    private static String first(String text, int most) {
        return text.substring(0, Math.min(text.length(), most));
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
