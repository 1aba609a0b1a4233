package io.varve.emulator.crowdstrike;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.varve.emulator.device.Containment;
import io.varve.emulator.device.Device;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/// Finding hosts and reading their state. Containment is here only to catch whoever asks for it.
final class Hosts {
    private static final Set<String> CONTAINMENT = Set.of("contain", "lift_containment");
    private static final Duration SCROLL_LIFE = Duration.ofMinutes(2);

    private record Scroll(int from, Instant expires) {}

    private final Clock clock;
    private final Map<String, FalconHost> hosts = new LinkedHashMap<>();
    private final Map<String, Scroll> scrolls = new ConcurrentHashMap<>();

    Hosts(Clock clock) {
        this.clock = clock;
    }

    synchronized FalconHost add(FalconHost host) {
        hosts.put(host.aid(), host);
        return host;
    }

    synchronized Optional<FalconHost> find(String aid) {
        return Optional.ofNullable(hosts.get(aid));
    }

    Response query(Call call) {
        int limit = number(call, "limit", 100);
        int offset = number(call, "offset", 0);
        if (limit < 1 || limit > 5000 || offset < 0) {
            return Envelope.error(400, 400, "invalid limit or offset");
        }
        List<ObjectNode> all = matching(call);
        List<ObjectNode> page = all.stream().skip(offset).limit(limit).toList();
        return Envelope.page(ids(page), Integer.toString(offset), limit, all.size());
    }

    Response scroll(Call call) {
        return scrolled(call, "devices-scroll", Hosts::ids);
    }

    Response combined(Call call) {
        return scrolled(call, "combined", page -> new ArrayList<>(page));
    }

    private Response scrolled(
            Call call, String kind, java.util.function.Function<List<ObjectNode>, List<JsonNode>> as) {
        int limit = number(call, "limit", 100);
        String token = call.query("offset").orElse("");
        Scroll scroll = token.isEmpty() ? new Scroll(0, Instant.MAX) : scrolls.get(token);
        if (limit < 1 || limit > 10_000 || scroll == null || clock.instant().isAfter(scroll.expires)) {
            return Envelope.error(400, 400, "invalid limit or offset");
        }
        List<ObjectNode> all = matching(call);
        int end = Math.min(all.size(), scroll.from + limit);
        String next = end < all.size() ? kind + "-" + Ids.hex() : "";
        if (!next.isEmpty()) {
            scrolls.put(next, new Scroll(end, clock.instant().plus(SCROLL_LIFE)));
        }
        return Envelope.page(as.apply(all.subList(Math.min(scroll.from, end), end)), next, limit, all.size());
    }

    Response entities(Call call) {
        List<String> ids = new ArrayList<>(call.request().queries("ids"));
        call.json().path("ids").forEach(id -> ids.add(id.asText()));
        if (ids.isEmpty() || ids.size() > (call.method().equals("GET") ? 100 : 5000)) {
            return Envelope.error(400, 400, "the number of ids is invalid");
        }
        return Envelope.resources(
                200, known(ids).stream().map(FalconHost::toJson).toList());
    }

    Response onlineState(Call call) {
        return Envelope.resources(
                200,
                known(call.request().queries("ids")).stream()
                        .map(FalconHost::onlineState)
                        .toList());
    }

    Response action(Call call) {
        String action = call.query("action_name").orElse("");
        var done = new ArrayList<ObjectNode>();
        for (JsonNode id : call.json().path("ids")) {
            Optional<Device> device = find(id.asText()).flatMap(FalconHost::device);
            boolean contain = action.equals("contain");
            if (CONTAINMENT.contains(action) && device.isPresent()) {
                boolean contained = device.get().containment() == Containment.CONTAINED;
                if (contained == contain) {
                    return Envelope.error(409, 409, "the host's current state is not compatible with the action");
                }
                device.get().containment(contain ? Containment.CONTAINED : Containment.NORMAL);
            }
            done.add(Envelope.JSON.objectNode().put("id", id.asText()).put("path", "/devices/entities/devices/v2"));
        }
        return Envelope.resources(202, done);
    }

    /// Marks a call that would change containment, allowed or not.
    static void guard(Call call) {
        if (call.path().contains("/devices-actions/")) {
            String action = call.query("action_name").orElse("");
            if (CONTAINMENT.contains(action)) {
                call.containment(action);
            }
        }
    }

    private synchronized List<FalconHost> known(List<String> ids) {
        return ids.stream()
                .distinct()
                .map(hosts::get)
                .filter(java.util.Objects::nonNull)
                .toList();
    }

    private synchronized List<ObjectNode> matching(Call call) {
        Predicate<JsonNode> filter = Fql.parse(call.query("filter").orElse(""));
        Comparator<ObjectNode> order = Sorting.of(call.query("sort").orElse(""));
        return hosts.values().stream()
                .map(FalconHost::toJson)
                .filter(filter)
                .sorted(order)
                .toList();
    }

    private static List<JsonNode> ids(List<ObjectNode> page) {
        return page.stream()
                .<JsonNode>map(host -> TextNode.valueOf(host.path("device_id").asText()))
                .toList();
    }

    static int number(Call call, String name, int fallback) {
        try {
            return call.query(name).map(Integer::parseInt).orElse(fallback);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
