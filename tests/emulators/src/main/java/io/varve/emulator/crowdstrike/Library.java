package io.varve.emulator.crowdstrike;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.varve.emulator.device.Snapshot;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Multipart;
import io.varve.emulator.kit.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Put-files and scripts of the tenant. Names are unique in each.
final class Library {
    private record Entry(ObjectNode json, Path file) {
        String name() {
            return json.path("name").asText();
        }
    }

    private final Clock clock;
    private final Settings settings;
    private final Path folder;
    private final Map<String, Entry> files = new LinkedHashMap<>();
    private final Map<String, Entry> scripts = new LinkedHashMap<>();

    Library(Clock clock, Settings settings, Path folder) {
        this.clock = clock;
        this.settings = settings;
        this.folder = folder;
    }

    Response upload(Call call) throws IOException {
        return store(call, files, 200, "");
    }

    Response uploadScript(Call call) throws IOException {
        return store(call, scripts, 200, "");
    }

    Response changeScript(Call call) throws IOException {
        String id = text(Multipart.of(call.request()), "id", "");
        synchronized (this) {
            if (!scripts.containsKey(id)) {
                return Envelope.error(404, 404, "Script not found");
            }
        }
        return store(call, scripts, 202, id);
    }

    private synchronized Response store(Call call, Map<String, Entry> into, int status, String id) throws IOException {
        Multipart form = Multipart.of(call.request());
        Optional<Multipart.Part> part = form.part("file").or(() -> form.part("content"));
        if (part.isEmpty() || text(form, "description", "").isEmpty()) {
            return Envelope.error(400, 400, "file and description are required");
        }
        byte[] content = part.get().content();
        if (content.length > settings.largestPut()) {
            return Envelope.error(413, 413, "the file is too large");
        }
        String name = text(form, "name", part.get().fileName().orElse(""));
        if (name.isEmpty() || name.length() > 255 || name.contains("/") || name.startsWith(".")) {
            return Envelope.error(400, 400, "invalid name");
        }
        boolean taken = into.entrySet().stream()
                .anyMatch(other ->
                        other.getValue().name().equals(name) && !other.getKey().equals(id));
        if (taken) {
            return Envelope.error(409, 409, "file with given name already exists");
        }
        Path file = Files.write(Files.createTempFile(folder, "library-", ""), content);
        String stored = id.isEmpty() ? Ids.library() : id;
        into.put(stored, new Entry(json(call, form, content, stored, name), file));
        return Envelope.writes(status, 1);
    }

    private ObjectNode json(Call call, Multipart form, byte[] content, String id, String name) throws IOException {
        String now = clock.instant().toString();
        ObjectNode json = Envelope.JSON
                .objectNode()
                .put("id", id)
                .put("name", name)
                .put("description", text(form, "description", ""))
                .put("comments_for_audit_log", text(form, "comments_for_audit_log", ""))
                .put("sha256", Snapshot.sha256(new ByteArrayInputStream(content)))
                .put("size", content.length)
                .put("permission_type", text(form, "permission_type", "private"))
                .put("created_by", call.caller())
                .put("created_timestamp", now)
                .put("modified_by", call.caller())
                .put("modified_timestamp", now)
                .put("file_type", "script")
                .put("run_attempt_count", 0)
                .put("run_success_count", 0);
        json.putArray("platform").add(text(form, "platform", "windows"));
        return json;
    }

    private static String text(Multipart form, String name, String fallback) {
        return form.field(name).orElse(fallback);
    }

    Response query(Call call) {
        return query(call, files);
    }

    Response queryScripts(Call call) {
        return query(call, scripts);
    }

    private synchronized Response query(Call call, Map<String, Entry> from) {
        int limit = Hosts.number(call, "limit", 100);
        int offset = Hosts.number(call, "offset", 0);
        if (limit < 1 || limit > 100 || offset < 0) {
            return Envelope.error(400, 400, "invalid limit or offset");
        }
        Predicate<JsonNode> filter = Fql.parse(call.query("filter").orElse(""));
        List<TextNode> all = from.values().stream()
                .map(Entry::json)
                .filter(filter)
                .map(json -> TextNode.valueOf(json.path("id").asText()))
                .toList();
        return Envelope.page(
                all.stream().skip(offset).limit(limit).toList(), Integer.toString(offset), limit, all.size());
    }

    Response entities(Call call) {
        return entities(call, files);
    }

    Response scriptEntities(Call call) {
        return entities(call, scripts);
    }

    private synchronized Response entities(Call call, Map<String, Entry> from) {
        return Envelope.resources(
                200,
                call.request().queries("ids").stream()
                        .map(from::get)
                        .filter(java.util.Objects::nonNull)
                        .map(Entry::json)
                        .toList());
    }

    synchronized Response contents(Call call) {
        Entry entry = files.get(call.query("id").orElse(""));
        return entry == null
                ? Envelope.error(404, 404, "File not found")
                : Response.file(200, "application/octet-stream", entry.file);
    }

    Response delete(Call call) {
        return delete(call, files);
    }

    Response deleteScript(Call call) {
        return delete(call, scripts);
    }

    private synchronized Response delete(Call call, Map<String, Entry> from) {
        List<String> ids = call.request().queries("ids");
        int before = from.size();
        from.keySet().removeAll(ids);
        return from.size() == before
                ? Envelope.error(404, 404, "File not found")
                : Envelope.writes(200, before - from.size());
    }

    synchronized Optional<Path> file(String name) {
        return files.values().stream()
                .filter(entry -> entry.name().equals(name))
                .map(Entry::file)
                .findFirst();
    }

    synchronized Optional<String> script(String name) throws IOException {
        for (Entry entry : scripts.values()) {
            if (entry.name().equals(name)) {
                return Optional.of(Files.readString(entry.file));
            }
        }
        return Optional.empty();
    }

    synchronized List<String> names() {
        return files.values().stream().map(Entry::name).toList();
    }

    synchronized List<String> scriptNames() {
        return scripts.values().stream().map(Entry::name).toList();
    }
}
