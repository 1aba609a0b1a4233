package io.varve.emulator.gcp;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import io.varve.emulator.kit.TestClock;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/// Buckets of the source projects that keep all generations of their objects, which fake-gcs-server does in no folder.
final class Buckets {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern OBJECTS =
            Pattern.compile("/(?:download/)?storage/v1/b/([^/]+)/o(?:/(.+))?", Pattern.DOTALL);
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");
    /// By code points, as Google orders names.
    private static final Comparator<ObjectNode> ORDER = Comparator.<ObjectNode, byte[]>comparing(
                    node -> node.path("name").asText().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned)
            .thenComparing(node -> Long.valueOf(node.path("generation").asText()));

    private static final int PAGE = 2;

    private final TestClock clock;
    private final Map<String, Held> buckets = new ConcurrentSkipListMap<>();
    private long generations = 1_700_000_000_000_000L;

    Buckets(TestClock clock) {
        this.clock = clock;
    }

    private record Held(String project, ObjectNode node, List<Generation> objects) {}

    private record Generation(ObjectNode node, byte[] content) {}

    void add(String project, String name) {
        ObjectNode node = JSON.createObjectNode()
                .put("kind", "storage#bucket")
                .put("id", name)
                .put("name", name)
                .put("location", "EUROPE-WEST3")
                .put("storageClass", "STANDARD")
                .put("timeCreated", clock.instant().toString());
        node.putObject("versioning").put("enabled", true);
        buckets.put(name, new Held(project, node, new ArrayList<>()));
    }

    synchronized void put(String bucket, String name, byte[] content) {
        delete(bucket, name);
        var sum = new CRC32C();
        sum.update(content);
        ObjectNode node = JSON.createObjectNode()
                .put("kind", "storage#object")
                .put("bucket", bucket)
                .put("name", name)
                .put("generation", Long.toString(++generations))
                .put("metageneration", "1")
                .put("contentType", "text/plain")
                .put("storageClass", "STANDARD")
                .put("size", Integer.toString(content.length))
                .put("crc32c", base64((int) sum.getValue()))
                .put("timeCreated", clock.instant().toString())
                .put("updated", clock.instant().toString());
        held(bucket).objects().add(new Generation(node, content));
    }

    private Held held(String bucket) {
        return Optional.ofNullable(buckets.get(bucket)).orElseThrow();
    }

    private static String base64(int sum) {
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(Integer.BYTES).putInt(sum).array());
    }

    /// Its latest generation is no more the latest.
    synchronized void delete(String bucket, String name) {
        latest(bucket, name)
                .ifPresent(latest ->
                        latest.node().put("timeDeleted", clock.instant().toString()));
    }

    /// What is stated of its bytes is not theirs.
    synchronized void damage(String bucket, String name) {
        latest(bucket, name).orElseThrow().node().put("crc32c", base64(7));
    }

    private Optional<Generation> latest(String bucket, String name) {
        return held(bucket).objects().stream()
                .filter(one -> one.node().path("name").asText().equals(name))
                .filter(one -> !one.node().has("timeDeleted"))
                .findFirst();
    }

    boolean has(Call call) {
        Matcher path = OBJECTS.matcher(call.path());
        return path.matches() && buckets.containsKey(path.group(1));
    }

    static boolean isList(Call call) {
        Matcher path = OBJECTS.matcher(call.path());
        return path.matches() && path.group(2) == null;
    }

    synchronized Response list(Call call) {
        String project = call.query("project").orElse("");
        String prefix = call.query("prefix").orElse("");
        return pages(
                call,
                "storage#buckets",
                buckets.values().stream()
                        .filter(held -> held.project().equals(project))
                        .map(Held::node)
                        .filter(node -> node.path("name").asText().startsWith(prefix))
                        .toList());
    }

    synchronized Response answer(Call call) throws Refused {
        Matcher path = OBJECTS.matcher(call.path());
        if (!path.matches()) {
            throw Refused.missing(call.path());
        }
        Held bucket = held(path.group(1));
        return path.group(2) == null ? objects(call, bucket) : content(call, bucket, path.group(2));
    }

    private Response objects(Call call, Held bucket) {
        boolean all = call.query("versions").equals(Optional.of("true"));
        String prefix = call.query("prefix").orElse("");
        String start = call.query("startOffset").orElse("");
        return pages(
                call,
                "storage#objects",
                bucket.objects().stream()
                        .map(Generation::node)
                        .filter(node -> all || !node.has("timeDeleted"))
                        .filter(node -> node.path("name").asText().startsWith(prefix))
                        .filter(node -> node.path("name").asText().compareTo(start) >= 0)
                        .sorted(ORDER)
                        .toList());
    }

    private Response pages(Call call, String kind, List<ObjectNode> all) {
        int from = call.query("pageToken").map(Integer::parseInt).orElse(0);
        int to = Math.min(all.size(), from + PAGE);
        ObjectNode answer = JSON.createObjectNode().put("kind", kind);
        ArrayNode items = answer.putArray("items");
        all.subList(Math.min(from, to), to).forEach(items::add);
        if (to < all.size()) {
            answer.put("nextPageToken", Integer.toString(to));
        }
        return Response.json(200, answer);
    }

    private static Response content(Call call, Held bucket, String name) throws Refused {
        Generation found = bucket.objects().stream()
                .filter(one -> one.node().path("name").asText().equals(name))
                .filter(one -> call.query("generation")
                        .map(wanted -> one.node().path("generation").asText().equals(wanted))
                        .orElse(!one.node().has("timeDeleted")))
                .findFirst()
                .orElseThrow(() -> Refused.missing(name));
        if (!call.query("alt").equals(Optional.of("media"))) {
            return Response.json(200, found.node());
        }
        byte[] content = found.content();
        Matcher range = RANGE.matcher(call.request().header("range").orElse(""));
        if (!range.matches()) {
            return media(200, found, content);
        }
        int first = Integer.parseInt(range.group(1));
        if (first >= content.length) {
            return Response.empty(416);
        }
        int end = range.group(2).isEmpty()
                ? content.length
                : (int) Math.min(content.length, Long.parseLong(range.group(2)) + 1);
        return media(206, found, Arrays.copyOfRange(content, first, end))
                .with("Content-Range", "bytes %d-%d/%d".formatted(first, end - 1, content.length));
    }

    private static Response media(int status, Generation found, byte[] bytes) {
        return Response.bytes(status, found.node().path("contentType").asText(), bytes)
                .with("x-goog-generation", found.node().path("generation").asText());
    }
}
