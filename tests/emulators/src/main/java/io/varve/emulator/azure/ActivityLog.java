package io.varve.emulator.azure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The activity log of subscriptions: newest first, a few events a page, 90 days back. Of filters it knows
/// those that Microsoft documents for a time, with a resource group or a resource.
final class ActivityLog {
    private static final Duration KEPT = Duration.ofDays(90);
    private static final int PAGE = 2;
    private static final Pattern FILTER = Pattern.compile("eventTimestamp ge '([^']+)' and eventTimestamp le '([^']+)'"
            + "(?: and (resourceGroupName|resourceUri) eq '((?:[^']|'')+)')?");
    private static final JsonMapper JSON = new JsonMapper();

    private final Clock clock;
    private final Supplier<URI> base;
    private final List<Event> events = new CopyOnWriteArrayList<>();

    ActivityLog(Clock clock, Supplier<URI> base) {
        this.clock = clock;
        this.base = base;
    }

    private record Event(Instant at, String subscription, String group, String resource, ObjectNode json) {
        boolean fits(Matcher filter) {
            String value = filter.group(4) == null ? "" : filter.group(4).replace("''", "'");
            boolean named = filter.group(3) == null
                    || (filter.group(3).equals("resourceUri") ? resource : group).equalsIgnoreCase(value);
            return named && !at.isBefore(Instant.parse(filter.group(1))) && !at.isAfter(Instant.parse(filter.group(2)));
        }
    }

    void add(Machine machine, Instant at, String operation, String caller) {
        String id = UUID.randomUUID().toString();
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("channels", "Operation")
                .put("caller", caller)
                .put("correlationId", UUID.randomUUID().toString())
                .put("eventDataId", id)
                .put("eventTimestamp", at.toString())
                .put("id", "%s/events/%s/ticks/%d".formatted(machine.id(), id, at.toEpochMilli()))
                .put("level", "Informational")
                .put("resourceGroupName", machine.group())
                .put("resourceId", machine.id())
                .put("submissionTimestamp", at.plusSeconds(90).toString())
                .put("subscriptionId", machine.subscription());
        json.putObject("authorization").put("action", operation).put("scope", machine.id());
        json.putObject("operationName").put("value", operation).put("localizedValue", operation);
        json.putObject("status").put("value", "Succeeded").put("localizedValue", "Succeeded");
        json.putObject("httpRequest").put("clientIpAddress", "198.51.100.7").put("method", "PUT");
        events.add(new Event(at, machine.subscription(), machine.group(), machine.id(), json));
    }

    Response answer(Call call, String subscription) {
        Matcher filter = FILTER.matcher(call.query("$filter").orElse(""));
        if (!filter.matches()) {
            throw new Refusal(
                    400,
                    "BadRequest",
                    "Invalid filter: " + call.query("$filter").orElse(""));
        }
        if (Instant.parse(filter.group(1)).isBefore(clock.instant().minus(KEPT))) {
            throw new Refusal(400, "BadRequest", "The start time cannot be more than 90 days in the past.");
        }
        List<Event> all = events.stream()
                .filter(event -> event.subscription().equalsIgnoreCase(subscription) && event.fits(filter))
                .sorted(Comparator.comparing(Event::at).reversed())
                .toList();
        int from = call.query("$skipToken").map(Integer::parseInt).orElse(0);
        int end = Math.min(all.size(), from + PAGE);
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode value = answer.putArray("value");
        all.subList(from, end).forEach(event -> value.add(event.json()));
        if (end < all.size()) {
            // spaces of the filter as they are
            answer.put(
                    "nextLink",
                    "%s%s?api-version=2015-04-01&$filter=%s&$skipToken=%d"
                            .formatted(base.get(), call.path(), filter.group(), end));
        }
        try {
            return Response.bytes(
                    200,
                    "application/json; charset=utf-8",
                    JSON.writerWithDefaultPrettyPrinter()
                            .writeValueAsString(answer)
                            .getBytes(StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
