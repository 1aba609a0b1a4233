package io.varve.emulator.gcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/// Cloud Build, of which one builder is known: Google's exporter of images. It really writes the QCOW2, by `qemu-img`,
/// into the bucket; its scratch objects stay behind, and when it fails or is stopped, its machine and that machine's
/// disk, too.
final class Builds implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int PAGE = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Clock clock;
    private final Grants grants;
    private final Compute compute;
    private final GcsServer storage;
    private final Path folder;
    private final List<Build> builds = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger failing = new AtomicInteger();
    private volatile Duration exporting = Duration.ZERO;
    private volatile int emptyPages;

    Builds(Clock clock, Grants grants, Compute compute, GcsServer storage, Path folder) {
        this.clock = clock;
        this.grants = grants;
        this.compute = compute;
        this.storage = storage;
        this.folder = folder;
    }

    private static final class Build {
        private final ObjectNode node;
        private final String place;
        private final Instant endsAt;
        private final CompletableFuture<String> work = new CompletableFuture<>();
        private boolean cancelled;

        private Build(ObjectNode node, String place, Instant endsAt) {
            this.node = node;
            this.place = place;
            this.endsAt = endsAt;
        }
    }

    void exporting(Duration time) {
        exporting = time;
    }

    /// So many of the next builds fail.
    void fail(int times) {
        failing.set(times);
    }

    /// So many pages without a build come before those of every list.
    void emptyPages(int pages) {
        emptyPages = pages;
    }

    int begun() {
        synchronized (builds) {
            return builds.size();
        }
    }

    /// @param place e.g. `projects/p/locations/europe-west3`
    Response create(Call call, String place) throws Refused {
        grants.require("cloudbuild.builds.create", place);
        JsonNode asked = call.json();
        JsonNode step = asked.path("steps").path(0);
        Map<String, String> arguments = arguments(step.path("args"));
        boolean complete = step.path("name").asText().contains("gce_vm_image_export")
                && arguments.keySet().containsAll(List.of("source_image", "destination_uri", "format", "project"))
                && arguments.getOrDefault("format", "").equals("qcow2");
        if (!complete) {
            throw Refused.invalid("the exporter does not take these arguments: " + arguments.keySet());
        }
        if (asked.has("serviceAccount")) {
            grants.require(
                    "iam.serviceAccounts.actAs", asked.path("serviceAccount").asText());
        }
        ObjectNode node = ((ObjectNode) asked.deepCopy())
                .put("id", UUID.randomUUID().toString())
                .put("projectId", place.split("/", -1)[1])
                .put("createTime", clock.instant().toString())
                .put("startTime", clock.instant().toString())
                .put("logUrl", "https://console.cloud.google.com/cloud-build/builds");
        node.put("name", place + "/builds/" + node.path("id").asText());
        var build = new Build(node, place, clock.instant().plus(exporting));
        synchronized (builds) {
            builds.add(build);
        }
        boolean fails = failing.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
        threads.execute(() -> export(build, arguments, fails));
        ObjectNode answer = JSON.createObjectNode()
                .put("name", "operations/build/p/" + node.path("id").asText());
        answer.putObject("metadata")
                .put("@type", "type.googleapis.com/google.devtools.cloudbuild.v1.BuildOperationMetadata")
                .set("build", node.deepCopy().put("status", "QUEUED"));
        return Response.json(200, answer);
    }

    private static Map<String, String> arguments(JsonNode args) {
        var arguments = new HashMap<String, String>();
        for (JsonNode arg : args) {
            String[] pair = arg.asText().replaceFirst("^-+", "").split("=", 2);
            arguments.put(pair[0], pair.length == 2 ? pair[1] : "");
        }
        return arguments;
    }

    private void export(Build build, Map<String, String> arguments, boolean fails) {
        String id = build.node.path("id").asText().substring(0, 8);
        String machine = "projects/%s/zones/europe-west3-a/instances/inst-export-disk-%s"
                .formatted(arguments.get("project"), id);
        String disk = "projects/%s/zones/europe-west3-a/disks/disk-export-%s".formatted(arguments.get("project"), id);
        ObjectNode labels = JSON.createObjectNode();
        for (String label : arguments.getOrDefault("labels", "").split(",", -1)) {
            String[] pair = label.split("=", 2);
            if (pair.length == 2) {
                labels.put(pair[0], pair[1]);
            }
        }
        compute.put(machine, JSON.createObjectNode().set("labels", labels), Optional.empty());
        compute.put(disk, JSON.createObjectNode().set("labels", labels.deepCopy()), Optional.empty());
        try {
            Path note = Files.writeString(folder.resolve("log-" + id), "daisy\n");
            String[] scratch = bucketAndName(arguments.getOrDefault("scratch_bucket_gcs_path", "gs://none/none"));
            storage.put(scratch[0], scratch[1] + "/daisy-image-export-" + id + "/logs/daisy.log", note);
            Files.delete(note);
            if (fails) {
                build.work.complete("step exited with non-zero status: 1");
                return;
            }
            Resource image = compute.find(arguments.getOrDefault("source_image", ""))
                    .orElseThrow(
                            () -> new IOException("there is no image " + arguments.getOrDefault("source_image", "")));
            Path qcow2 = folder.resolve("export-%s.qcow2".formatted(id));
            convert(image.content().orElseThrow(), qcow2);
            String[] destination = bucketAndName(arguments.getOrDefault("destination_uri", ""));
            storage.put(destination[0], destination[1], qcow2);
            Files.delete(qcow2);
            compute.remove(machine);
            compute.remove(disk);
            build.work.complete("");
        } catch (IOException | RuntimeException e) {
            build.work.complete("exporting failed: " + e);
        }
    }

    private static String[] bucketAndName(String uri) {
        return uri.replaceFirst("^gs://", "").split("/", 2);
    }

    private static void convert(Path raw, Path qcow2) throws IOException {
        Process process = new ProcessBuilder(
                        "qemu-img", "convert", "-f", "raw", "-O", "qcow2", raw.toString(), qcow2.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException("qemu-img: " + said);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    Response list(Call call, String place) throws Refused {
        grants.require("cloudbuild.builds.list", place);
        String tag = call.query("filter").orElse("").replaceAll("^tags=\"?([^\"]*)\"?$", "$1");
        List<Build> fitting;
        synchronized (builds) {
            fitting = builds.reversed().stream()
                    .filter(build -> build.place.equals(place))
                    .filter(build -> tag.isEmpty() || hasTag(build, tag))
                    .toList();
        }
        int turn = Integer.parseInt(call.query("pageToken").orElse("0"));
        if (turn < emptyPages) {
            return Response.json(200, JSON.createObjectNode().put("nextPageToken", Integer.toString(turn + 1)));
        }
        int from = turn - emptyPages;
        int to = Math.min(fitting.size(), from + PAGE);
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode page = answer.putArray("builds");
        for (Build build : fitting.subList(Math.min(from, to), to)) {
            page.add(told(build));
        }
        if (to < fitting.size()) {
            answer.put("nextPageToken", Integer.toString(emptyPages + to));
        }
        return Response.json(200, answer);
    }

    private static boolean hasTag(Build build, String tag) {
        for (JsonNode one : build.node.path("tags")) {
            if (one.asText().equals(tag)) {
                return true;
            }
        }
        return false;
    }

    Response look(String path) throws Refused {
        grants.require("cloudbuild.builds.get", path);
        return Response.json(200, told(find(path)));
    }

    Response cancel(String path) throws Refused {
        grants.require("cloudbuild.builds.update", path);
        Build build = find(path);
        if (!isOver(build)) {
            build.cancelled = true;
        }
        return Response.json(200, told(build));
    }

    private Build find(String path) throws Refused {
        synchronized (builds) {
            return builds.stream()
                    .filter(build -> build.node.path("name").asText().equals(path))
                    .findFirst()
                    .orElseThrow(() -> Refused.missing(path));
        }
    }

    private boolean isOver(Build build) {
        return build.cancelled || !clock.instant().isBefore(build.endsAt);
    }

    private ObjectNode told(Build build) {
        ObjectNode node = build.node.deepCopy();
        if (!isOver(build)) {
            return node.put("status", "WORKING");
        }
        String problem;
        try {
            // the clock of a test is faster than its disk
            problem = build.work.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return node.put("status", "WORKING");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return node.put("status", "WORKING");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        if (build.cancelled) {
            return node.put("status", "CANCELLED");
        }
        if (problem.isEmpty()) {
            return node.put("status", "SUCCESS").put("finishTime", build.endsAt.toString());
        }
        node.put("status", "FAILURE").put("finishTime", build.endsAt.toString());
        node.putObject("failureInfo").put("type", "USER_BUILD_STEP").put("detail", "Build failed: " + problem);
        return node;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
