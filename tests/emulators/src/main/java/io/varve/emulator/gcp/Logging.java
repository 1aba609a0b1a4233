package io.varve.emulator.gcp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;

/// Cloud Logging: the entries of some projects, listed by filter and in pages. Its answers are indented, as
/// Google's are.
///
/// Entries of data access logs are left out without a word for whom `logging.privateLogEntries.list` is not
/// granted.
final class Logging {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int MOST = 1_000;
    private static final int USUAL = 50;
    private static final int LONGEST_FILTER = 20_000;

    private final Clock clock;
    private final Grants grants;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, Cursor> cursors = new HashMap<>();
    private int page = MOST;
    private int quota = Integer.MAX_VALUE;
    private Instant minute = Instant.EPOCH;
    private int calls;

    Logging(Clock clock, Grants grants) {
        this.clock = clock;
        this.grants = grants;
    }

    private record Entry(String project, Instant at, ObjectNode node) {}

    /// @param request all of it but the token: another request is not taken with this token
    private record Cursor(JsonNode request, int from) {}

    synchronized void add(String project, ObjectNode entry) {
        entries.add(new Entry(project, Instant.parse(entry.path("timestamp").asText()), entry));
    }

    /// No page has more entries, whatever was asked for; then every second one has none.
    synchronized void page(int most) {
        page = most;
    }

    /// So many calls a minute are answered.
    synchronized void quota(int times) {
        quota = times;
    }

    synchronized Response list(Call call) throws Refused {
        Instant now = clock.instant();
        if (!now.isBefore(minute.plusSeconds(60))) {
            minute = now;
            calls = 0;
        }
        if (++calls > quota) {
            throw Refused.exhausted();
        }
        ObjectNode request = ((ObjectNode) call.json()).deepCopy();
        JsonNode token = request.remove("pageToken");
        List<String> projects = projects(request);
        for (String project : projects) {
            grants.requireStated("logging.logEntries.list", "projects/" + project);
        }
        List<ObjectNode> found = found(request, projects);
        int from = token == null ? 0 : from(token.asText(), request);
        return answer(request, found, from);
    }

    private static List<String> projects(ObjectNode request) throws Refused {
        var projects = new ArrayList<String>();
        for (JsonNode name : request.path("resourceNames")) {
            if (!name.asText().matches("projects/[^/]+")) {
                throw Refused.argument("Invalid resource name: " + name.asText());
            }
            projects.add(name.asText().substring("projects/".length()));
        }
        if (projects.isEmpty()) {
            throw Refused.argument("At least one resource name is required");
        }
        return projects;
    }

    private List<ObjectNode> found(ObjectNode request, List<String> projects) throws Refused {
        String filter = request.path("filter").asText();
        if (filter.length() > LONGEST_FILTER) {
            throw Refused.argument("Filter is too long");
        }
        Predicate<JsonNode> wanted = EntryFilter.of(filter);
        Comparator<Entry> order = switch (request.path("orderBy").asText("timestamp asc")) {
            case "timestamp asc" -> Comparator.comparing(Entry::at);
            case "timestamp desc" -> Comparator.comparing(Entry::at).reversed();
            default -> throw Refused.argument("Invalid order_by");
        };
        return entries.stream()
                .filter(entry -> projects.contains(entry.project()) && wanted.test(entry.node()))
                .filter(this::isSeen)
                .sorted(order)
                .map(Entry::node)
                .toList();
    }

    private boolean isSeen(Entry entry) {
        return !entry.node().path("logName").asText().endsWith("data_access")
                || grants.uses("logging.privateLogEntries.list");
    }

    private int from(String token, ObjectNode request) throws Refused {
        Cursor cursor = cursors.get(token);
        if (cursor == null) {
            throw Refused.argument("page_token is invalid");
        }
        if (!cursor.request().equals(request)) {
            throw Refused.argument("page_token doesn't match arguments from the request");
        }
        return cursor.from();
    }

    private Response answer(ObjectNode request, List<ObjectNode> found, int from) throws Refused {
        int size = request.path("pageSize").asInt(USUAL);
        if (size < 1 || size > MOST) {
            throw Refused.argument("page_size must be between 1 and " + MOST);
        }
        boolean isEmpty = size > page && cursors.size() % 2 == 0 && from < found.size();
        int to = isEmpty ? from : Math.min(found.size(), from + Math.min(page, size));
        ObjectNode answer = JSON.createObjectNode();
        if (to > from) {
            ArrayNode list = answer.putArray("entries");
            found.subList(from, to).forEach(list::add);
        }
        if (to < found.size()) {
            String token = UUID.randomUUID().toString();
            cursors.put(token, new Cursor(request, to));
            answer.put("nextPageToken", token);
        }
        try {
            String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(answer);
            return Response.bytes(200, "application/json; charset=UTF-8", text.getBytes(StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Everything that was logged in a project, the oldest first, each as JSON on one line.
    synchronized List<JsonNode> all(String project) {
        return entries.stream()
                .filter(entry -> entry.project().equals(project))
                .sorted(Comparator.comparing(Entry::at))
                .map(entry -> (JsonNode) entry.node())
                .toList();
    }
}
