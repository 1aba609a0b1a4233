package io.varve.emulator.gcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Compute Engine: instances, disks, snapshots and images of some projects, and the operations that change them. Lists
/// come in pages of two.
///
/// What an operation does is done when it begins, unless told otherwise; what it makes is ready when it is
/// done.
final class Compute {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int PAGE = 2;

    private final Clock clock;
    private final Grants grants;
    /// By path below `/compute/v1/`, e.g. `projects/p/zones/z/disks/d`.
    private final Map<String, Resource> resources = new TreeMap<>();
    private final Map<String, Running> operations = new HashMap<>();
    private final Map<String, String> requests = new HashMap<>();
    private final Map<String, String> failures = new HashMap<>();
    private final Set<String> unreachable = new TreeSet<>();
    private final SerialPorts serial = new SerialPorts();
    private final List<Change> changes = new ArrayList<>();
    private Duration settling = Duration.ZERO;
    private boolean late;
    private long numbers = 1_000_000_000_000_000_000L;

    Compute(Clock clock, Grants grants) {
        this.clock = clock;
        this.grants = grants;
    }

    private record Running(ObjectNode node, Instant endsAt, String makes, String failure) {}

    synchronized void settling(Duration time) {
        settling = time;
    }

    /// What protects an instance and its disks.
    private record Change(Instant endsAt, Runnable what) {}

    /// Whether that changes when an operation is done, not when it begins.
    synchronized void late(boolean isLate) {
        late = isLate;
    }

    private void change(Runnable what) {
        if (!late) {
            what.run();
            return;
        }
        changes.add(new Change(clock.instant().plus(settling), what));
    }

    private void settle() {
        List<Change> due = changes.stream()
                .filter(change -> !clock.instant().isBefore(change.endsAt()))
                .toList();
        due.forEach(change -> change.what().run());
        changes.removeAll(due);
    }

    synchronized void unreachable(String zone) {
        unreachable.add(zone);
    }

    synchronized void reachable() {
        unreachable.clear();
    }

    /// The next operation of this type fails with this code.
    synchronized void fail(String type, String code) {
        failures.put(type, code);
    }

    synchronized ObjectNode put(String path, ObjectNode node, Optional<Path> content) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        node.put("id", Long.toString(++numbers)).put("name", name).put("selfLink", link(path));
        String place = path.substring(0, path.lastIndexOf('/', path.lastIndexOf('/') - 1));
        if (place.contains("/zones/")) {
            node.put("zone", link(place));
        } else if (place.contains("/regions/")) {
            node.put("region", link(place));
        }
        resources.put(path, new Resource(node, content));
        return node;
    }

    static String link(String path) {
        return "https://www.googleapis.com/compute/v1/" + path;
    }

    synchronized Optional<Resource> find(String path) {
        settle();
        return Optional.ofNullable(resources.get(path));
    }

    synchronized void remove(String path) {
        resources.remove(path);
    }

    /// Names of a kind in a project, wherever they are.
    synchronized List<String> names(String project, String kind) {
        return resources.keySet().stream()
                .filter(path -> path.startsWith("projects/" + project + "/") && path.contains("/" + kind + "/"))
                .map(path -> path.substring(path.lastIndexOf('/') + 1))
                .toList();
    }

    /// @param path below `/compute/v1/`
    synchronized Response answer(Call call, String path) throws Refused {
        settle();
        String[] parts = path.split("/", -1);
        boolean operation = path.contains("/operations/");
        if (operation) {
            return operation(path);
        }
        if (parts.length == 4 && parts[2].equals("aggregated")) {
            return aggregated(call, parts[1], parts[3]);
        }
        if (path.contains("/global/") && parts.length == 4) {
            return call.method().equals("POST") ? insert(call, path, parts[3]) : list(call, path, parts[3]);
        }
        String kind = parts[parts.length - 2];
        if (call.method().equals("GET") && parts[parts.length - 1].equals("serialPort")) {
            return serial(call, path.substring(0, path.lastIndexOf('/')));
        }
        if (call.method().equals("GET")) {
            return Response.json(200, told(require(path, permission(kind, "get"))));
        }
        if (call.method().equals("DELETE")) {
            return delete(call, path, kind);
        }
        return change(call, path.substring(0, path.lastIndexOf('/')), parts[parts.length - 1]);
    }

    private Response serial(Call call, String path) throws Refused {
        Resource instance = require(path, "compute.instances.getSerialPortOutput");
        if (!instance.node().path("status").asText().equals("RUNNING")) {
            throw Refused.notReady(path);
        }
        return serial.read(call, path);
    }

    SerialPorts serial() {
        return serial;
    }

    private static String permission(String kind, String verb) {
        return "compute.%s.%s".formatted(kind, verb);
    }

    private Resource require(String path, String permission) throws Refused {
        grants.require(permission, path);
        Resource found = resources.get(path);
        if (found == null) {
            // an instance may be asked for by its number
            String folder = path.substring(0, path.lastIndexOf('/') + 1);
            String number = path.substring(path.lastIndexOf('/') + 1);
            found = resources.entrySet().stream()
                    .filter(entry -> entry.getKey().startsWith(folder))
                    .map(Map.Entry::getValue)
                    .filter(other -> other.node().path("id").asText().equals(number))
                    .findFirst()
                    .orElseThrow(() -> Refused.missing(path));
        }
        return found;
    }

    /// What is being made is ready when its operation is done.
    private ObjectNode told(Resource resource) {
        ObjectNode node = resource.node().deepCopy();
        boolean pending = operations.values().stream()
                .anyMatch(running ->
                        link(running.makes).equals(node.path("selfLink").asText())
                                && clock.instant().isBefore(running.endsAt));
        if (node.has("status") && pending) {
            node.put("status", node.path("kind").asText().endsWith("snapshot") ? "CREATING" : "PENDING");
        }
        return node;
    }

    private Response list(Call call, String path, String kind) throws Refused {
        grants.require(permission(kind, "list"), path);
        List<Resource> all = resources.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(path + "/"))
                .map(Map.Entry::getValue)
                .filter(resource -> resource.fits(call.query("filter").orElse("")))
                .toList();
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode items = answer.putArray("items");
        page(call, all, answer).forEach(resource -> items.add(told(resource)));
        return Response.json(200, answer);
    }

    private static List<Resource> page(Call call, List<Resource> all, ObjectNode answer) {
        int from = Integer.parseInt(call.query("pageToken").orElse("0"));
        int to = Math.min(all.size(), from + PAGE);
        if (to < all.size()) {
            answer.put("nextPageToken", Integer.toString(to));
        }
        return all.subList(Math.min(from, to), to);
    }

    private Response aggregated(Call call, String project, String kind) throws Refused {
        grants.require(permission(kind, "list"), "projects/" + project);
        var all = new ArrayList<Resource>();
        resources.forEach((path, resource) -> {
            if (path.startsWith("projects/" + project + "/")
                    && path.contains("/" + kind + "/")
                    && unreachable.stream().noneMatch(zone -> path.contains("/zones/" + zone + "/"))
                    && resource.fits(call.query("filter").orElse(""))) {
                all.add(resource);
            }
        });
        ObjectNode answer = JSON.createObjectNode();
        ObjectNode items = answer.putObject("items");
        // a place without any is listed with a warning, as Google does
        items.putObject("zones/asia-east1-a").putObject("warning").put("code", "NO_RESULTS_ON_PAGE");
        for (String zone : unreachable) {
            items.putObject("zones/" + zone).putObject("warning").put("code", "UNREACHABLE");
            answer.withArray("/unreachables").add("zones/" + zone);
        }
        for (Resource resource : page(call, all, answer)) {
            String[] link = resource.node().path("selfLink").asText().split("/", -1);
            String place = link[link.length - 4] + "/" + link[link.length - 3];
            items.withObject("/" + place.replace("/", "~1"))
                    .withArray("/" + kind)
                    .add(told(resource));
        }
        return Response.json(200, answer);
    }

    private Response delete(Call call, String path, String kind) throws Refused {
        Resource found = require(path, permission(kind, "delete"));
        if (found.node().path("deletionProtection").asBoolean()) {
            throw Refused.invalid("Invalid resource usage: 'Resource cannot be deleted if it's protected'");
        }
        Optional<String> failure = Optional.ofNullable(failures.remove("delete"));
        if (failure.isEmpty()) {
            resources.remove(path);
        }
        return begun(call, path, "delete", "", failure);
    }

    private Response insert(Call call, String folder, String kind) throws Refused {
        grants.require(permission(kind, "create"), folder);
        JsonNode asked = call.json();
        if (kind.equals("images")) {
            String snapshot = path(asked.path("sourceSnapshot").asText());
            Resource source = require(snapshot, "compute.snapshots.useReadOnly");
            if (!told(source).path("status").asText().equals("READY")) {
                throw Refused.invalid("The resource '%s' is not ready".formatted(snapshot));
            }
            return made(call, folder + "/" + asked.path("name").asText(), source, "image", "insert");
        }
        String disk = path(asked.path("sourceDisk").asText());
        Resource source = require(disk, "compute.disks.createSnapshot");
        return made(call, folder + "/" + asked.path("name").asText(), source, "snapshot", "insert");
    }

    private static String path(String link) {
        return link.substring(Math.max(0, link.indexOf("projects/")));
    }

    private Response change(Call call, String path, String verb) throws Refused {
        return switch (verb) {
            case "createSnapshot" -> snapshot(call, path);
            case "setDeletionProtection" -> {
                ObjectNode instance =
                        require(path, "compute.instances.setDeletionProtection").node();
                boolean isOn = flag(call, "deletionProtection");
                change(() -> instance.put("deletionProtection", isOn));
                yield begun(call, path, verb, "", Optional.ofNullable(failures.remove(verb)));
            }
            case "setDiskAutoDelete" -> {
                ObjectNode instance =
                        require(path, "compute.instances.setDiskAutoDelete").node();
                // Google asks for the right to use the disk, too
                grants.require("compute.disks.update", path);
                ObjectNode disk = device(instance, call.query("deviceName").orElse(""));
                boolean isOn = flag(call, "autoDelete");
                change(() -> disk.put("autoDelete", isOn));
                yield begun(call, path, verb, "", Optional.ofNullable(failures.remove(verb)));
            }
            default -> throw Refused.missing(path + "/" + verb);
        };
    }

    private static boolean flag(Call call, String name) {
        return call.query(name).map(Boolean::parseBoolean).orElse(true);
    }

    private static ObjectNode device(ObjectNode instance, String device) throws Refused {
        for (JsonNode disk : instance.path("disks")) {
            if (disk.path("deviceName").asText().equals(device)) {
                return (ObjectNode) disk;
            }
        }
        throw Refused.missing(device);
    }

    private Response snapshot(Call call, String disk) throws Refused {
        Resource source = require(disk, "compute.disks.createSnapshot");
        grants.require("compute.snapshots.create", disk);
        if (call.query("guestFlush").filter("true"::equals).isPresent()) {
            throw Refused.invalid("the guest's agent does not answer");
        }
        if (source.node().path("diskEncryptionKey").has("sha256")
                && !source.node().path("diskEncryptionKey").has("kmsKeyName")) {
            throw Refused.invalid(
                    "The resource '%s' is protected with a customer supplied encryption key".formatted(disk));
        }
        String project = disk.substring(0, disk.indexOf("/", "projects/".length()));
        return made(
                call,
                project + "/global/snapshots/" + call.json().path("name").asText(),
                source,
                "snapshot",
                "createSnapshot");
    }

    private Response made(Call call, String path, Resource source, String kind, String type) throws Refused {
        Optional<Response> again = again(call);
        if (again.isPresent()) {
            return again.get();
        }
        if (!path.matches(".*/[a-z]([-a-z0-9]{0,61}[a-z0-9])?")) {
            throw Refused.invalid("Invalid value for field 'resource.name'");
        }
        if (resources.containsKey(path)) {
            throw Refused.taken(path);
        }
        grants.require("compute.%ss.setLabels".formatted(kind), path);
        for (JsonNode label : call.json().path("labels")) {
            if (!label.asText().matches("[a-z0-9_-]{0,63}")) {
                throw Refused.invalid("Invalid label value: " + label.asText());
            }
        }
        Optional<String> failure = Optional.ofNullable(failures.remove(type));
        if (failure.isEmpty()) {
            ObjectNode node = ((ObjectNode) call.json().deepCopy())
                    .put("kind", "compute#" + kind)
                    .put("status", "READY")
                    .put(
                            "diskSizeGb",
                            source.node()
                                    .path("sizeGb")
                                    .asText(source.node().path("diskSizeGb").asText()))
                    .put("storageBytes", "1048576")
                    .put("creationTimestamp", clock.instant().toString());
            put(path, node, source.content());
        }
        return begun(call, path, type, path, failure);
    }

    /// A request with an id that was seen before is that request.
    private Optional<Response> again(Call call) {
        return call.query("requestId")
                .map(requests::get)
                .map(operations::get)
                .map(running -> Response.json(200, told(running)));
    }

    private Response begun(Call call, String target, String type, String makes, Optional<String> failure) {
        String place = place(target, type);
        String name = "operation-%d".formatted(++numbers);
        ObjectNode node = JSON.createObjectNode()
                .put("kind", "compute#operation")
                .put("id", Long.toString(numbers))
                .put("name", name)
                .put("operationType", type)
                .put("targetLink", link(target))
                .put("user", SignIn.EMAIL)
                .put("insertTime", clock.instant().toString());
        if (place.contains("/zones/")) {
            node.put("zone", link(place));
        }
        String path = place + "/operations/" + name;
        node.put("selfLink", link(path));
        var running = new Running(node, clock.instant().plus(settling), makes, failure.orElse(""));
        operations.put(path, running);
        call.query("requestId").ifPresent(id -> requests.put(id, path));
        return Response.json(200, told(running));
    }

    private static String place(String target, String type) {
        String[] parts = target.split("/", -1);
        boolean ofZone = parts[2].equals("zones");
        // the operation of a snapshot belongs to the zone of its disk; any zone does here
        return type.equals("createSnapshot")
                ? "projects/%s/zones/europe-west3-b".formatted(parts[1])
                : ofZone
                        ? String.join("/", parts[0], parts[1], parts[2], parts[3])
                        : "projects/%s/global".formatted(parts[1]);
    }

    private ObjectNode told(Running running) {
        ObjectNode node = running.node.deepCopy();
        if (clock.instant().isBefore(running.endsAt)) {
            return node.put("status", "RUNNING").put("progress", 30);
        }
        node.put("status", "DONE").put("progress", 100);
        if (!running.failure.isEmpty()) {
            node.put("httpErrorStatusCode", 503).put("httpErrorMessage", "SERVICE UNAVAILABLE");
            node.putObject("error")
                    .putArray("errors")
                    .addObject()
                    .put("code", running.failure)
                    .put("message", "The operation failed: " + running.failure);
        }
        return node;
    }

    private Response operation(String path) throws Refused {
        grants.require(path.contains("/zones/") ? "compute.zoneOperations.get" : "compute.globalOperations.get", path);
        Running running = operations.get(path);
        if (running == null) {
            throw Refused.missing(path);
        }
        return Response.json(200, told(running));
    }
}
