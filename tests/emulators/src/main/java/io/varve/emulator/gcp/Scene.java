package io.varve.emulator.gcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Instances and disks of the emulated projects, and what can be seen of them afterwards.
public final class Scene {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long GIB = 1L << 30;

    private final Compute compute;
    private final GcsServer storage;
    private final Logging logging;
    private final Buckets buckets;
    private int made;
    private int logged;

    Scene(Compute compute, GcsServer storage, Logging logging, Buckets buckets) {
        this.compute = compute;
        this.storage = storage;
        this.logging = logging;
        this.buckets = buckets;
    }

    /// A disk that an instance is to have.
    ///
    /// @param file raw image
    /// @param key Cloud KMS key it is encrypted with
    /// @param customerKey SHA-256 of a key that its owner supplies
    public record Disk(Path file, Optional<String> key, Optional<String> customerKey, boolean isRegional) {
        public static Disk of(Path file) {
            return new Disk(file, Optional.empty(), Optional.empty(), false);
        }

        public Disk encrypted(String kmsKey) {
            return new Disk(file, Optional.of(kmsKey), Optional.empty(), isRegional);
        }

        public Disk suppliedKey(String sha256) {
            return new Disk(file, Optional.empty(), Optional.of(sha256), isRegional);
        }

        public Disk regional() {
            return new Disk(file, key, customerKey, true);
        }
    }

    /// Runs an instance with these disks, that it boots from first; they go away with it.
    public Instance instance(String project, String zone, Disk... disks) {
        return named("web-%d".formatted(++made), project, zone, disks);
    }

    /// One whose name is any text, which no real one's is.
    public Instance named(String name, String project, String zone, Disk... disks) {
        var names = new ArrayList<String>();
        ArrayNode attached = JSON.createArrayNode();
        for (int i = 0; i < disks.length; i++) {
            String disk = i == 0 ? name : name + "-data-" + i;
            String place = disks[i].isRegional() ? "regions/" + zone.replaceFirst("-[a-z]$", "") : "zones/" + zone;
            String path = "projects/%s/%s/disks/%s".formatted(project, place, disk);
            compute.put(path, disk(disks[i]), Optional.of(disks[i].file()));
            attached.addObject()
                    .put("deviceName", i == 0 ? "persistent-disk-0" : "data-" + i)
                    .put("type", "PERSISTENT")
                    .put("index", i)
                    .put("boot", i == 0)
                    .put("autoDelete", i == 0)
                    .put("diskSizeGb", gibibytes(disks[i].file()))
                    .put("source", Compute.link(path));
            names.add(disk);
        }
        ObjectNode instance = JSON.createObjectNode()
                .put("kind", "compute#instance")
                .put("machineType", Compute.link("projects/%s/zones/%s/machineTypes/e2-small".formatted(project, zone)))
                .put("deletionProtection", false)
                .put("status", "RUNNING");
        instance.set("disks", attached);
        instance.putObject("labels").put("app", "web");
        String path = "projects/%s/zones/%s/instances/%s".formatted(project, zone, name);
        String id = compute.put(path, instance, Optional.empty()).path("id").asText();
        return new Instance(project, zone, name, id, names);
    }

    private static ObjectNode disk(Disk disk) {
        ObjectNode node = JSON.createObjectNode().put("kind", "compute#disk").put("sizeGb", gibibytes(disk.file()));
        disk.key().ifPresent(key -> node.putObject("diskEncryptionKey").put("kmsKeyName", key));
        disk.customerKey().ifPresent(key -> node.putObject("diskEncryptionKey").put("sha256", key));
        return node;
    }

    private static String gibibytes(Path file) {
        try {
            return Long.toString((Files.size(file) + GIB - 1) / GIB);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// As if an instance group had made it.
    public void grouped(Instance instance, String group) {
        ObjectNode node = node(instance);
        node.putObject("metadata")
                .putArray("items")
                .addObject()
                .put("key", "created-by")
                .put(
                        "value",
                        "projects/%s/zones/%s/instanceGroupManagers/%s"
                                .formatted(instance.project(), instance.zone(), group));
    }

    public void label(Instance instance, String key, String value) {
        ((ObjectNode) node(instance).path("labels")).put(key, value);
    }

    public void spot(Instance instance) {
        node(instance).putObject("scheduling").put("preemptible", true).put("provisioningModel", "SPOT");
    }

    public void preemptible(Instance instance) {
        node(instance).putObject("scheduling").put("preemptible", true).put("provisioningModel", "STANDARD");
    }

    /// Its boot disk is of one of Google's images of this project, e.g. `windows-cloud`.
    public void licensed(Instance instance, String project, String licence) {
        ((ObjectNode) node(instance).path("disks").path(0))
                .putArray("licenses")
                .add(Compute.link("projects/%s/global/licenses/%s".formatted(project, licence)));
    }

    /// It was stopped since it was started.
    public void stopped(Instance instance, Instant startedAt) {
        node(instance).put("status", "TERMINATED").put("lastStartTimestamp", startedAt.toString());
    }

    public void called(Instance instance, String hostName) {
        node(instance).put("hostname", hostName);
    }

    /// What is in this zone is not listed from now on.
    public void unreachable(String zone) {
        compute.unreachable(zone);
    }

    /// Every zone is listed again.
    public void reachable() {
        compute.reachable();
    }

    /// A local SSD beside its disks.
    public void localSsd(Instance instance, String device) {
        ((ArrayNode) node(instance).path("disks"))
                .addObject()
                .put("deviceName", device)
                .put("type", "SCRATCH")
                .put("autoDelete", true);
    }

    public void protect(Instance instance) {
        node(instance).put("deletionProtection", true);
    }

    public boolean isProtected(Instance instance) {
        return node(instance).path("deletionProtection").asBoolean();
    }

    /// Devices whose disks go away with the instance.
    public List<String> autoDeleted(Instance instance) {
        var devices = new ArrayList<String>();
        for (JsonNode disk : node(instance).path("disks")) {
            if (disk.path("autoDelete").asBoolean()) {
                devices.add(disk.path("deviceName").asText());
            }
        }
        return devices;
    }

    private ObjectNode node(Instance instance) {
        return compute.find(instance.resource()).orElseThrow().node();
    }

    public void remove(Instance instance) {
        compute.remove(instance.resource());
    }

    public List<String> snapshots(String project) {
        return compute.names(project, "snapshots");
    }

    public List<String> images(String project) {
        return compute.names(project, "images");
    }

    /// Machines and disks in the forensic project: what exporters left.
    public List<String> machinesAndDisks(String project) {
        var all = new ArrayList<>(compute.names(project, "instances"));
        all.addAll(compute.names(project, "disks"));
        return all;
    }

    /// An interface of the instance in a subnet of this project, which may be another one.
    public void connected(Instance instance, String project, String subnet, String address) {
        node(instance)
                .withArray("/networkInterfaces")
                .addObject()
                .put("networkIP", address)
                .put(
                        "subnetwork",
                        Compute.link("projects/%s/regions/europe-west3/subnetworks/%s".formatted(project, subnet)));
    }

    /// @return its `insertId`
    public String log(String project, String log, Instant at, ObjectNode entry) {
        String id = "entry-%06d".formatted(++logged);
        ObjectNode whole = JSON.createObjectNode()
                .put("insertId", id)
                .put("logName", "projects/%s/logs/%s".formatted(project, log))
                .put("timestamp", at.toString())
                .put("receiveTimestamp", at.plusMillis(250).toString())
                .setAll(entry);
        logging.add(project, whole);
        return id;
    }

    /// A call of Compute Engine about the instance, in an audit log.
    ///
    /// @param log `activity`, `data_access` or `system_event`
    public String audit(Instance instance, String log, Instant at, String method) {
        ObjectNode entry = JSON.createObjectNode().put("severity", "NOTICE");
        entry.putObject("protoPayload")
                .put("@type", "type.googleapis.com/google.cloud.audit.AuditLog")
                .put("serviceName", "compute.googleapis.com")
                .put("methodName", method)
                .put("resourceName", instance.resource())
                .putObject("authenticationInfo")
                .put("principalEmail", "admin@example.org");
        ObjectNode resource = entry.putObject("resource").put("type", "gce_instance");
        resource.putObject("labels")
                .put("instance_id", instance.id())
                .put("project_id", instance.project())
                .put("zone", instance.zone());
        return log(instance.project(), "cloudaudit.googleapis.com%2F" + log, at, entry);
    }

    /// A flow from the instance to an address, as a subnet of this project logs it.
    public String flow(String project, Instance instance, Instant at, String from, String to) {
        ObjectNode entry = JSON.createObjectNode();
        ObjectNode payload =
                entry.putObject("jsonPayload").put("reporter", "SRC").put("bytes_sent", "4096");
        payload.putObject("connection")
                .put("src_ip", from)
                .put("src_port", 44123)
                .put("dest_ip", to)
                .put("dest_port", 443)
                .put("protocol", 6);
        payload.putObject("src_instance")
                .put("project_id", instance.project())
                .put("vm_name", instance.name())
                .put("zone", instance.zone());
        return log(project, "compute.googleapis.com%2Fvpc_flows", at, entry);
    }

    /// A flow of which a subnet does not log whose it is.
    public String bareFlow(String project, String subnet, Instant at, String from, String to) {
        ObjectNode entry = JSON.createObjectNode();
        entry.putObject("resource")
                .put("type", "gce_subnetwork")
                .putObject("labels")
                .put("subnetwork_name", subnet);
        entry.putObject("jsonPayload")
                .putObject("connection")
                .put("src_ip", from)
                .put("dest_ip", to);
        return log(project, "compute.googleapis.com%2Fvpc_flows", at, entry);
    }

    public List<JsonNode> logged(String project) {
        return logging.all(project);
    }

    /// The instance writes to a serial port.
    public void serial(Instance instance, int port, String text) {
        compute.serial().write(instance.resource(), port, text);
    }

    /// A bucket of a source project that keeps all generations.
    public void bucket(String project, String name) {
        buckets.add(project, name);
    }

    public void object(String bucket, String name, byte[] content) {
        buckets.put(bucket, name, content);
    }

    public void delete(String bucket, String name) {
        buckets.delete(bucket, name);
    }

    /// The checksum that is stated of it is not that of its bytes.
    public void damage(String bucket, String name) {
        buckets.damage(bucket, name);
    }

    List<String> objects() throws IOException {
        return JSON.readTree(storage.list(GcpEmulator.BUCKET)).path("items").findValuesAsText("name");
    }
}
