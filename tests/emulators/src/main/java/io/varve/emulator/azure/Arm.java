package io.varve.emulator.azure;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.device.Device;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// Azure Resource Manager: subscriptions, machines, commands that run on them, disks, snapshots, access to
/// them, the activity log, and what the caller is allowed. What changes something is answered at once with
/// 202 and finished behind an operation, as Azure does.
final class Arm {
    private static final String COMPUTE = "microsoft.compute";
    private static final String STORAGE = "microsoft.storage";
    private static final String NETWORK = "microsoft.network";
    private static final int PAGE = 2;
    /// A snapshot of a disk is made at most so often in five minutes.
    private static final Duration SOONEST = Duration.ofMinutes(5);

    private static final int MOST_SNAPSHOTS = 7;

    private final Estate estate;
    private final Access access;
    private final Allowed allowed;
    private final Parts parts;
    private final Supplier<URI> base;
    private final Set<String> subscriptions = new TreeSet<>();
    /// Ids of storage accounts.
    private final Set<String> accounts = new ConcurrentSkipListSet<>();
    private final Map<String, Operation> operations = new ConcurrentHashMap<>();
    private volatile Duration settling = Duration.ZERO;
    private volatile int looks = 1;

    /// What answers for itself.
    record Parts(RunCommands commands, ActivityLog log, Consoles consoles, Networks networks) {}

    Arm(Estate estate, Access access, Allowed allowed, Parts parts, Supplier<URI> base) {
        this.estate = estate;
        this.access = access;
        this.allowed = allowed;
        this.parts = parts;
        this.base = base;
    }

    /// @param left how often it is still said to run
    private record Operation(AtomicInteger left, Optional<ObjectNode> output) {}

    /// A path of Azure's, in lower case but for what it names.
    ///
    /// @param folder the resource group with the provider, or that of the subscription
    private record Path(String subscription, Optional<String> group, String provider, List<String> rest, String whole) {
        static Optional<Path> of(String path) {
            List<String> parts = List.of(path.split("/", -1));
            if (parts.size() < 3 || !parts.get(1).equalsIgnoreCase("subscriptions")) {
                return Optional.empty();
            }
            boolean grouped = parts.size() > 4 && parts.get(3).equalsIgnoreCase("resourceGroups");
            int at = grouped ? 5 : 3;
            boolean provided = parts.size() > at + 1 && parts.get(at).equalsIgnoreCase("providers");
            return Optional.of(new Path(
                    parts.get(2),
                    grouped ? Optional.of(parts.get(4)) : Optional.empty(),
                    provided ? parts.get(at + 1).toLowerCase(Locale.ROOT) : "",
                    provided ? parts.subList(at + 2, parts.size()) : List.of(),
                    path));
        }

        String part(int index) {
            return index < rest.size() ? rest.get(index).toLowerCase(Locale.ROOT) : "";
        }

        /// Of what is below a machine.
        String machine() {
            return String.join("/", List.of(whole.split("/", -1)).subList(0, 9));
        }

        /// Those that stand between the names.
        List<String> types() {
            return IntStream.range(0, rest.size())
                    .filter(index -> index % 2 == 0)
                    .mapToObj(this::part)
                    .toList();
        }

        String resource() {
            return rest.size() > 2 ? whole.substring(0, whole.lastIndexOf('/')) : whole;
        }
    }

    void subscription(String id) {
        subscriptions.add(id);
    }

    void settling(Duration time) {
        settling = time;
    }

    /// How often an operation is said to run before it is over.
    void looks(int times) {
        looks = times;
    }

    /// As roles name it, e.g. `Microsoft.Compute/snapshots/write`.
    static String action(Call call) {
        Optional<Path> found = Path.of(call.path());
        if (found.isEmpty() || found.get().provider().isEmpty()) {
            return "Microsoft.Resources/subscriptions/read";
        }
        Path path = found.get();
        if (path.provider().equals("microsoft.authorization")) {
            return "Microsoft.Authorization/permissions/read";
        }
        if (path.provider().equals(STORAGE)) {
            return "Microsoft.Storage/storageAccounts/read";
        }
        if (path.provider().equals(NETWORK)) {
            return Networks.action(path.types());
        }
        if (path.provider().equals("microsoft.insights")) {
            return "Microsoft.Insights/eventtypes/values/Read";
        }
        if (path.part(2).equals("retrievebootdiagnosticsdata")) {
            return "Microsoft.Compute/virtualMachines/retrieveBootDiagnosticsData/action";
        }
        String type = switch (path.part(0)) {
            case "virtualmachines" ->
                switch (path.part(2)) {
                    case "instanceview" -> "virtualMachines/instanceView";
                    case "runcommands" -> "virtualMachines/runCommands";
                    default -> "virtualMachines";
                };
            case "locations" -> "locations/" + (path.part(2).equals("operations") ? "operations" : "diskOperations");
            default -> path.part(0);
        };
        String verb = switch (call.method()) {
            case "PUT" -> "write";
            case "DELETE" -> "delete";
            case "POST" -> path.part(2).equals("begingetaccess") ? "beginGetAccess/action" : "endGetAccess/action";
            default -> "read";
        };
        return "Microsoft.Compute/%s/%s".formatted(type, verb);
    }

    Response answer(Call call) throws IOException {
        if (call.query("api-version").isEmpty()) {
            throw new Refusal(
                    400, "MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required");
        }
        if (call.path().equals("/subscriptions")) {
            return subscriptions();
        }
        Path path = Path.of(call.path()).orElseThrow(() -> Refusal.notFound(call.path()));
        if (subscriptions.stream().noneMatch(path.subscription()::equalsIgnoreCase)) {
            throw new Refusal(
                    404,
                    "SubscriptionNotFound",
                    "The subscription '%s' could not be found.".formatted(path.subscription()));
        }
        expectAllowed(call, path, action(call));
        if (path.provider().equals("microsoft.authorization")) {
            return permissions();
        }
        if (path.provider().equals("microsoft.insights")) {
            return parts.log().answer(call, path.subscription());
        }
        if (path.provider().equals(NETWORK)) {
            return parts.networks().answer(path.whole(), path.rest().size() % 2 == 1);
        }
        if (path.provider().equals(STORAGE)) {
            return path.rest().size() == 2 ? account(path) : accounts(path);
        }
        if (!path.provider().equals(COMPUTE)) {
            throw Refusal.notFound(call.path());
        }
        return switch (path.part(0)) {
            case "virtualmachines" -> path.rest().size() == 1 ? machines(call, path) : machine(call, path);
            case "disks" -> disk(path);
            case "snapshots" -> snapshots(call, path);
            case "locations" -> operation(call, path);
            default -> throw Refusal.notFound(call.path());
        };
    }

    private void expectAllowed(Call call, Path path, String action) {
        if (!allowed.allows(action, path.subscription())) {
            throw Refusal.forbidden(call.caller(), action, call.path());
        }
    }

    private static ObjectNode node() {
        return JsonNodeFactory.instance.objectNode();
    }

    private Response subscriptions() {
        ObjectNode answer = node();
        ArrayNode value = answer.putArray("value");
        subscriptions.forEach(id -> value.addObject()
                .put("id", "/subscriptions/" + id)
                .put("subscriptionId", id)
                .put("displayName", "test")
                .put("state", "Enabled"));
        return Response.json(200, answer);
    }

    private Response permissions() {
        ObjectNode answer = node();
        ObjectNode one = answer.putArray("value").addObject();
        allowed.actions().forEach(one.putArray("actions")::add);
        allowed.denied().forEach(one.putArray("notActions")::add);
        allowed.dataActions().forEach(one.putArray("dataActions")::add);
        one.putArray("notDataActions");
        return Response.json(200, answer);
    }

    /// Its blobs are below this address and its name.
    void account(String subscription, String group, String name) {
        accounts.add("/subscriptions/%s/resourceGroups/%s/providers/Microsoft.Storage/storageAccounts/%s"
                .formatted(subscription, group, name));
    }

    private Response accounts(Path path) {
        ObjectNode answer = node();
        ArrayNode value = answer.putArray("value");
        for (String id : accounts) {
            if (id.startsWith("/subscriptions/%s/".formatted(path.subscription()))) {
                value.add(account(id));
            }
        }
        // one that has no blobs
        value.addObject()
                .put("name", "onlyfiles")
                .put("kind", "FileStorage")
                .putObject("properties")
                .putObject("primaryEndpoints");
        return Response.json(200, answer);
    }

    private Response account(Path path) {
        return accounts.stream()
                .filter(id -> id.equalsIgnoreCase(path.whole()))
                .findFirst()
                .map(id -> Response.json(200, account(id)))
                .orElseThrow(() -> Refusal.notFound(path.whole()));
    }

    private ObjectNode account(String id) {
        String name = id.substring(id.lastIndexOf('/') + 1);
        ObjectNode account = node().put("id", id)
                .put("name", name)
                .put("location", "westeurope")
                .put("kind", "StorageV2");
        account.putObject("properties").putObject("primaryEndpoints").put("blob", "%s/%s/".formatted(base.get(), name));
        return account;
    }

    private Response machines(Call call, Path path) {
        List<Machine> all = estate.machines(path.subscription());
        int from = call.query("$skiptoken").map(Integer::parseInt).orElse(0);
        int end = Math.min(all.size(), from + PAGE);
        ObjectNode answer = node();
        ArrayNode value = answer.putArray("value");
        boolean statusOnly = call.query("statusOnly").filter("true"::equals).isPresent();
        all.subList(from, end).forEach(machine -> value.add(statusOnly ? status(machine) : json(machine)));
        if (end < all.size()) {
            answer.put(
                    "nextLink",
                    "%s%s?api-version=%s%s&%%24skiptoken=%d"
                            .formatted(
                                    base.get(),
                                    call.path(),
                                    call.query("api-version").orElse(""),
                                    statusOnly ? "&statusOnly=true" : "",
                                    end));
        }
        return Response.json(200, answer);
    }

    private Response machine(Call call, Path path) throws IOException {
        Machine machine = estate.machine(path.machine()).orElseThrow(() -> Refusal.notFound(path.machine()));
        return switch (path.part(2)) {
            case "" -> Response.json(200, json(machine));
            case "instanceview" -> Response.json(200, instance(machine));
            case "retrievebootdiagnosticsdata" -> Response.json(200, console(machine));
            case "runcommands" -> commands(call, path, machine);
            default -> throw Refusal.notFound(path.whole());
        };
    }

    /// What the machine and its agent say of themselves.
    private ObjectNode instance(Machine machine) {
        ObjectNode answer = node();
        Optional<Device> device = parts.commands().agent(machine.id());
        boolean runs = estate.traits(machine).power().equals("running");
        if (device.isPresent() && runs) {
            boolean ready = device.get().online();
            answer.put("computerName", device.get().facts().hostname())
                    .put("osName", device.get().facts().osName())
                    .put("osVersion", device.get().facts().osVersion());
            ObjectNode agent = answer.putObject("vmAgent").put("vmAgentVersion", "2.11.1.4");
            agent.putArray("statuses")
                    .addObject()
                    .put("code", ready ? "ProvisioningState/succeeded" : "ProvisioningState/Unavailable")
                    .put("level", ready ? "Info" : "Warning")
                    .put("displayStatus", ready ? "Ready" : "Not Ready");
        }
        answer.set("statuses", status(machine).at("/properties/instanceView/statuses"));
        return answer;
    }

    private ObjectNode console(Machine machine) {
        String log = estate.traits(machine)
                .console()
                .orElseThrow(() -> new Refusal(409, "OperationNotAllowed", "Boot diagnostics are not enabled."));
        return node().put("serialConsoleLogBlobUri", parts.consoles().give(machine, log));
    }

    private Response commands(Call call, Path path, Machine machine) throws IOException {
        if (path.rest().size() == 3) {
            return parts.commands().list(machine.id());
        }
        return switch (call.method()) {
            case "PUT" -> {
                boolean runs = estate.traits(machine).power().equals("running");
                ObjectNode made = parts.commands().put(call, machine.id(), runs);
                yield Response.json(201, made).with("Azure-AsyncOperation", operation(path, "operations"));
            }
            case "DELETE" -> {
                parts.commands().delete(path.whole());
                String status = operation(path, "operations");
                yield Response.empty(202)
                        .with("Azure-AsyncOperation", status)
                        .with("Location", status + "&monitor=true");
            }
            default -> parts.commands().get(call);
        };
    }

    private String operation(Path path, String kind) {
        String id = UUID.randomUUID().toString();
        operations.put(id, new Operation(new AtomicInteger(looks), Optional.empty()));
        return "%s/subscriptions/%s/providers/Microsoft.Compute/locations/%s/%s/%s?api-version=2025-04-01"
                .formatted(base.get(), path.subscription(), Estate.REGION, kind, id);
    }

    private static ObjectNode outline(Machine machine) {
        return node().put("id", machine.id())
                .put("name", machine.name())
                .put("type", "Microsoft.Compute/virtualMachines")
                .put("location", Estate.REGION);
    }

    /// Whether it runs, and nothing else.
    private ObjectNode status(Machine machine) {
        ObjectNode answer = outline(machine);
        ArrayNode statuses =
                answer.putObject("properties").putObject("instanceView").putArray("statuses");
        statuses.addObject().put("code", "ProvisioningState/succeeded").put("level", "Info");
        statuses.addObject()
                .put("code", "PowerState/" + estate.traits(machine).power())
                .put("level", "Info");
        return answer;
    }

    private ObjectNode json(Machine machine) {
        Traits traits = estate.traits(machine);
        ObjectNode answer = outline(machine);
        traits.tags().forEach(answer.putObject("tags")::put);
        ObjectNode properties = answer.putObject("properties");
        properties
                .put("vmId", machine.vmId())
                .put("provisioningState", "Succeeded")
                .put("priority", traits.priority())
                .put("timeCreated", traits.created().toString());
        properties.putObject("osProfile").put("computerName", machine.name());
        traits.scaleSet()
                .ifPresent(set -> properties
                        .putObject("virtualMachineScaleSet")
                        .put(
                                "id",
                                machine.id().replaceFirst("/virtualMachines/.*", "/virtualMachineScaleSets/" + set)));
        parts.networks().describe(machine, properties);
        properties.putObject("hardwareProfile").put("vmSize", "Standard_D4s_v5");
        if (traits.console().isPresent()) {
            properties
                    .putObject("diagnosticsProfile")
                    .putObject("bootDiagnostics")
                    .put("enabled", true);
        }
        ObjectNode storage = properties.putObject("storageProfile");
        storage.putObject("imageReference")
                .put("publisher", "Debian")
                .put("offer", "debian-12")
                .put("sku", "12-gen2")
                .put("version", "latest");
        ObjectNode system = storage.putObject("osDisk").put("osType", traits.system());
        ArrayNode data = storage.putArray("dataDisks");
        for (int i = 0; i < machine.disks().size(); i++) {
            String id = machine.disks().get(i);
            ObjectNode disk = i == 0 ? system : data.addObject();
            if (i > 0) {
                disk.put("lun", i - 1);
            }
            disk.put("name", id.substring(id.lastIndexOf('/') + 1))
                    .put("createOption", "FromImage")
                    .putObject("managedDisk")
                    .put("id", id);
        }
        return answer;
    }

    private Response disk(Path path) {
        ManagedDisk disk = estate.disk(path.whole()).orElseThrow(() -> Refusal.notFound(path.whole()));
        ObjectNode answer = named(path.whole(), "disks");
        ObjectNode properties = answer.putObject("properties");
        describe(properties, disk);
        properties
                .put("diskState", "Attached")
                .putObject("creationData")
                .put("createOption", "FromImage")
                .put("logicalSectorSize", disk.sector());
        return Response.json(200, answer);
    }

    private static ObjectNode named(String id, String type) {
        return node().put("id", id)
                .put("name", id.substring(id.lastIndexOf('/') + 1))
                .put("type", "Microsoft.Compute/" + type)
                .put("location", Estate.REGION);
    }

    private static void describe(ObjectNode properties, ManagedDisk disk) {
        properties
                .put("diskSizeGB", (disk.image().size() + (1L << 30) - 1) >> 30)
                .put("diskSizeBytes", disk.image().size())
                .put("provisioningState", "Succeeded")
                .put("networkAccessPolicy", "AllowAll")
                .put("dataAccessAuthMode", disk.signedIn() ? "AzureActiveDirectory" : "None");
        ObjectNode encryption = properties.putObject("encryption");
        encryption.put(
                "type",
                disk.encryptionSet().isPresent()
                        ? "EncryptionAtRestWithCustomerKey"
                        : "EncryptionAtRestWithPlatformKey");
        disk.encryptionSet().ifPresent(set -> encryption.put("diskEncryptionSetId", set));
        if (disk.guestEncrypted()) {
            properties.putObject("encryptionSettingsCollection").put("enabled", true);
        }
    }

    private Response snapshots(Call call, Path path) {
        if (path.rest().size() == 1) {
            ObjectNode answer = node();
            ArrayNode value = answer.putArray("value");
            estate.snapshotsIn(path.whole()).forEach(one -> value.add(json(one)));
            return Response.json(200, answer);
        }
        if (call.method().equals("PUT")) {
            return created(call, path);
        }
        Snapshot found = estate.find(path.resource()).orElseThrow(() -> Refusal.notFound(path.resource()));
        return switch (call.method()) {
            case "GET" -> Response.json(200, json(found));
            case "DELETE" -> deleted(path, found);
            default -> path.part(2).equals("begingetaccess") ? granted(call, path, found) : ended(path, found);
        };
    }

    private ObjectNode json(Snapshot snapshot) {
        ObjectNode answer = named(snapshot.id(), "snapshots");
        answer.set("tags", snapshot.body().path("tags"));
        ObjectNode properties = answer.putObject("properties");
        describe(properties, snapshot.disk());
        properties
                .put("incremental", true)
                .put("completionPercent", snapshot.percent(estate.clock().instant()))
                .put("diskState", access.isActive(snapshot.id()) ? "ActiveSAS" : "Unattached")
                .putObject("creationData")
                .put("createOption", "Copy")
                .put("sourceResourceId", snapshot.diskId());
        return answer;
    }

    private Response created(Call call, Path path) {
        String disk =
                call.json().at("/properties/creationData/sourceResourceId").asText();
        ManagedDisk source = estate.disk(disk).orElseThrow(() -> Refusal.notFound(disk));
        expectAllowed(call, path, "Microsoft.Compute/disks/beginGetAccess/action");
        if (!call.json().at("/properties/incremental").asBoolean()) {
            throw new Refusal(400, "InvalidParameter", "only incremental snapshots are emulated");
        }
        if (estate.find(path.whole()).isEmpty()) {
            expectNotTooOften(disk);
        }
        estate.put(new Snapshot(
                path.whole(), call.json(), disk, source, estate.clock().instant(), settling));
        Snapshot made = estate.find(path.whole()).orElseThrow();
        ObjectNode body = json(made);
        ((ObjectNode) body.path("properties")).put("provisioningState", "Updating");
        return pending(path, Optional.of(body), Optional.of(json(made)));
    }

    private void expectNotTooOften(String disk) {
        long young = estate.snapshotsIn("/subscriptions").stream()
                .filter(one -> Estate.key(one.diskId()).equals(Estate.key(disk)))
                .filter(one ->
                        one.created().plus(SOONEST).isAfter(estate.clock().instant()))
                .count();
        if (young >= MOST_SNAPSHOTS) {
            throw new Refusal(
                    409, "OperationNotAllowed", "Cannot create more than 7 incremental snapshots in 5 minutes.");
        }
    }

    private Response deleted(Path path, Snapshot snapshot) {
        if (access.isActive(snapshot.id())) {
            throw new Refusal(
                    409,
                    "ConflictingUserInput",
                    "There is an active shared access signature outstanding for disk %s. Call EndGetAccess before attaching or deleting this disk."
                            .formatted(snapshot.id()));
        }
        estate.removeSnapshot(snapshot.id());
        return pending(path, Optional.empty(), Optional.empty());
    }

    private Response granted(Call call, Path path, Snapshot snapshot) {
        long seconds = call.json().path("durationInSeconds").asLong();
        if (!call.json().path("access").asText().equals("Read") || seconds < 1) {
            throw new Refusal(400, "InvalidParameter", "access must be Read, durationInSeconds positive");
        }
        if (snapshot.percent(estate.clock().instant()) < 100) {
            throw new Refusal(
                    409, "OperationNotAllowed", "The copy of the snapshot in the background is not complete.");
        }
        if (access.isActive(snapshot.id())) {
            throw new Refusal(409, "ConflictingUserInput", "There is an active shared access signature already.");
        }
        ObjectNode output = node().put("accessSAS", access.give(snapshot.id(), Duration.ofSeconds(seconds)));
        return pending(path, Optional.empty(), Optional.of(output));
    }

    private Response ended(Path path, Snapshot snapshot) {
        access.end(snapshot.id());
        return pending(path, Optional.empty(), Optional.empty());
    }

    private Response pending(Path path, Optional<ObjectNode> body, Optional<ObjectNode> output) {
        String id = UUID.randomUUID().toString();
        operations.put(id, new Operation(new AtomicInteger(looks), output));
        String status =
                "%s/subscriptions/%s/providers/Microsoft.Compute/locations/%s/DiskOperations/%s?api-version=2025-01-02"
                        .formatted(base.get(), path.subscription(), Estate.REGION, id);
        Response accepted = body.map(node -> Response.json(202, node)).orElseGet(() -> Response.empty(202));
        return accepted.with("Azure-AsyncOperation", status).with("Location", status + "&monitor=true");
    }

    /// The status of an operation, or, where `monitor` is asked for, what came of it.
    private Response operation(Call call, Path path) {
        String id = path.rest().getLast();
        Operation operation = Optional.ofNullable(operations.get(id)).orElseThrow(() -> Refusal.notFound(id));
        boolean isRunning = operation.left().getAndDecrement() > 0;
        if (call.query("monitor").isPresent()) {
            return isRunning
                    ? Response.empty(202)
                    : operation
                            .output()
                            .map(output -> Response.json(200, output))
                            .orElseGet(() -> Response.empty(200));
        }
        ObjectNode answer =
                node().put("name", id).put("startTime", estate.clock().instant().toString());
        answer.put("status", isRunning ? "InProgress" : "Succeeded");
        if (!isRunning) {
            operation
                    .output()
                    .ifPresent(output -> answer.putObject("properties").set("output", output));
        }
        return Response.json(200, answer);
    }
}
