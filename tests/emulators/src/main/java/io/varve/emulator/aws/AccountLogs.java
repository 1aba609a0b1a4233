package io.varve.emulator.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import io.varve.emulator.kit.TestClock;
import io.varve.emulator.kit.Throttle;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/// CloudTrail's event history and GuardDuty's findings, which moto does not keep.
///
/// As in their API references: LookupEvents takes one attribute, two calls a second, answers the newest first, 50 at
/// most, and a token is good for the same question only. ListFindings answers ids, 50 at most; GetFindings takes 50.
final class AccountLogs {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int PAGE = 50;
    private static final String DETECTOR = "12abc34d567e8fa901bc2d34e56789f0";

    /// What findings can be asked for by.
    private static final List<String> ABOUT =
            List.of("resource.instanceDetails.instanceId", "resource.lambdaDetails.functionName");

    private final Throttle lookups;
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final List<ObjectNode> findings = new CopyOnWriteArrayList<>();
    private volatile boolean guarded;

    AccountLogs(TestClock clock) {
        lookups = new Throttle(clock, 2, Duration.ofSeconds(1));
    }

    private record Event(String id, Instant at, List<String> resources, String user, String record) {}

    void event(Instant at, List<String> resources, String user, String record) {
        events.add(new Event(UUID.randomUUID().toString(), at, resources, user, record));
    }

    void finding(ObjectNode finding) {
        guarded = true;
        findings.add(finding);
    }

    static String action(Call call) {
        String[] path = call.path().split("/", -1);
        if (path.length == 2) {
            return "ListDetectors";
        }
        return path.length == 4 ? "ListFindings" : "GetFindings";
    }

    Response answer(Call call, String action) throws Refused, IOException {
        return switch (action) {
            case "cloudtrail:LookupEvents" -> lookedUp(call.json());
            case "guardduty:ListDetectors" -> {
                ObjectNode answer = JSON.createObjectNode();
                var ids = answer.putArray("detectorIds");
                if (guarded) {
                    ids.add(DETECTOR);
                }
                yield Response.json(200, answer);
            }
            case "guardduty:ListFindings" -> listed(call.json());
            case "guardduty:GetFindings" -> got(call.json());
            default -> throw new Refused(400, "UnknownOperationException", "", action);
        };
    }

    private Response lookedUp(JsonNode asked) throws Refused {
        if (!lookups.take("account").allowed()) {
            throw Refused.throttled("cloudtrail");
        }
        JsonNode attributes = asked.path("LookupAttributes");
        if (attributes.size() > 1 || asked.path("MaxResults").asInt(PAGE) > PAGE) {
            throw new Refused(400, "InvalidLookupAttributesException", "", "one attribute, fifty results");
        }
        Instant from = seconds(asked.path("StartTime"), Instant.MIN);
        Instant to = seconds(asked.path("EndTime"), Instant.MAX);
        String key = attributes.path(0).path("AttributeKey").asText();
        String value = attributes.path(0).path("AttributeValue").asText();
        List<Event> fitting = events.stream()
                .filter(event -> !event.at().isBefore(from) && !event.at().isAfter(to))
                .filter(event -> key.equals("Username")
                        ? event.user().equals(value)
                        : event.resources().contains(value))
                .sorted(Comparator.comparing(Event::at).reversed())
                .toList();
        String question = key + "=" + value + "@" + from;
        int start = start(asked.path("NextToken").asText(""), question);
        ObjectNode answer = JSON.createObjectNode();
        var list = answer.putArray("Events");
        fitting.stream()
                .skip(start)
                .limit(asked.path("MaxResults").asInt(PAGE))
                .forEach(event -> list.addObject()
                        .put("EventId", event.id())
                        .put("EventTime", event.at().getEpochSecond())
                        .put("Username", event.user())
                        .put("CloudTrailEvent", event.record()));
        if (start + list.size() < fitting.size()) {
            answer.put("NextToken", question + "#" + (start + list.size()));
        }
        return Response.json(200, answer);
    }

    private static int start(String token, String question) throws Refused {
        if (token.isEmpty()) {
            return 0;
        }
        if (!token.startsWith(question + "#")) {
            throw new Refused(400, "InvalidNextTokenException", "", "the token is of another question");
        }
        return Integer.parseInt(token.substring(question.length() + 1));
    }

    private static Instant seconds(JsonNode node, Instant otherwise) {
        return node.isNumber() ? Instant.ofEpochSecond(node.asLong()) : otherwise;
    }

    private Response listed(JsonNode asked) throws Refused {
        JsonNode criterion = asked.path("findingCriteria").path("criterion");
        long since = criterion.path("updatedAt").path("greaterThanOrEqual").asLong(0);
        var ids = new ArrayList<String>();
        for (ObjectNode finding : findings) {
            boolean named = ABOUT.stream().allMatch(field -> isOneOf(finding, field, criterion));
            Instant updated = Instant.parse(finding.path("updatedAt").asText());
            if (named && updated.toEpochMilli() >= since) {
                ids.add(finding.path("id").asText());
            }
        }
        int start = start(asked.path("nextToken").asText(""), "findings");
        int most = asked.path("maxResults").asInt(PAGE);
        ObjectNode answer = JSON.createObjectNode();
        var list = answer.putArray("findingIds");
        ids.stream().skip(start).limit(most).forEach(list::add);
        answer.put("nextToken", start + list.size() < ids.size() ? "findings#" + (start + list.size()) : "");
        return Response.json(200, answer);
    }

    /// Whether a finding is about what a criterion asks for, where it asks for it.
    private static boolean isOneOf(ObjectNode finding, String field, JsonNode criterion) {
        JsonNode wanted = criterion.path(field).path("equals");
        String value = finding.at("/" + field.replace('.', '/')).asText();
        boolean named = wanted.isMissingNode();
        for (JsonNode one : wanted) {
            named |= one.asText().equals(value);
        }
        return named;
    }

    private Response got(JsonNode asked) throws Refused {
        if (asked.path("findingIds").size() > PAGE) {
            throw new Refused(400, "BadRequestException", "", "fifty findings at most");
        }
        ObjectNode answer = JSON.createObjectNode();
        var list = answer.putArray("findings");
        for (JsonNode id : asked.path("findingIds")) {
            Optional<ObjectNode> found = findings.stream()
                    .filter(finding -> finding.path("id").asText().equals(id.asText()))
                    .findFirst();
            found.ifPresent(list::add);
        }
        return Response.json(200, answer);
    }
}
