package io.varve.emulator.darktrace;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.darktrace.Filter.Flag;
import io.varve.emulator.device.DeviceFacts;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the appliance saw on the network, and what it knows of each device.
final class Devices {
    private static final Pattern TERM = Pattern.compile("([a-z]+):\"([^\"]*)\"");

    private final Clock clock;
    private final List<ObjectNode> devices = new ArrayList<>();
    private final List<ObjectNode> details = new ArrayList<>();

    Devices(Clock clock) {
        this.clock = clock;
    }

    synchronized void add(ObjectNode device) {
        devices.add(device.deepCopy());
    }

    synchronized void detail(ObjectNode event) {
        details.add(event.deepCopy());
    }

    ObjectNode of(long did, DeviceFacts facts) {
        long now = clock.millis();
        ObjectNode device = Answers.JSON
                .objectNode()
                .put("did", did)
                .put("ip", facts.localIp())
                .put("macaddress", facts.mac())
                .put("hostname", facts.hostname())
                .put("vendor", "")
                .put("os", "Linux")
                .put("typename", "server")
                .put("typelabel", "Server")
                .put("priority", 0)
                .put("firstSeen", now - Duration.ofDays(90).toMillis())
                .put("lastSeen", now)
                .put("sid", 1);
        device.putArray("ips")
                .addObject()
                .put("ip", facts.localIp())
                .put("timems", now)
                .put("sid", 1);
        device.putArray("tags");
        return device;
    }

    synchronized Response list(Call call) {
        var filter = new Filter(call);
        long since = filter.number("seensince").orElse(0.0).longValue();
        long count = filter.number("count").orElse((double) Integer.MAX_VALUE).longValue();
        return Answers.list(devices.stream()
                .filter(device -> filter.any("did", device.path("did")))
                .filter(device -> filter.any("ip", device.path("ip")))
                .filter(device -> filter.any("mac", device.path("macaddress")))
                .filter(device -> filter.any("sid", device.path("sid")))
                .filter(device -> device.path("lastSeen").asLong() >= since)
                .limit(count)
                .map(device -> filter.flag("includetags", Flag.OFF) ? device : device.<ObjectNode>without("tags"))
                .map(filter::trimmed)
                .toList());
    }

    synchronized Response search(Call call) {
        var filter = new Filter(call);
        int offset = filter.number("offset").orElse(0.0).intValue();
        int count = filter.number("count").orElse(100.0).intValue();
        Matcher terms = TERM.matcher(call.query("query").orElse(""));
        var wanted = new ArrayList<List<String>>();
        while (terms.find()) {
            wanted.add(List.of(terms.group(1), terms.group(2)));
        }
        List<ObjectNode> found =
                devices.stream().filter(device -> fits(device, wanted)).toList();
        ObjectNode answer = Answers.JSON.objectNode().put("totalCount", found.size());
        ArrayNode page = answer.putArray("devices");
        found.stream().skip(offset).limit(count).forEach(page::add);
        return Response.json(200, answer.put("offset", offset).put("count", count));
    }

    private static boolean fits(ObjectNode device, List<List<String>> wanted) {
        for (List<String> term : wanted) {
            String field = term.getFirst().equals("mac") ? "macaddress" : term.getFirst();
            String pattern = "\\Q" + term.getLast().replace("*", "\\E.*\\Q") + "\\E";
            if (!Pattern.compile(pattern, Pattern.CASE_INSENSITIVE)
                    .matcher(device.path(field).asText())
                    .matches()) {
                return false;
            }
        }
        return true;
    }

    /// Connections and notices; the caller gives either a count or a window.
    synchronized Response details(Call call) {
        var filter = new Filter(call);
        boolean window =
                call.query("from").isPresent() || call.query("starttime").isPresent();
        if (call.query("count").isPresent() == window) {
            return Answers.wrong("either count or a time window is required");
        }
        long count = filter.number("count").orElse((double) Integer.MAX_VALUE).longValue();
        return Answers.list(details.stream()
                .filter(event -> filter.any("did", event.path("sdid")))
                .filter(event -> filter.any("pbid", event.path("pbid")))
                .filter(event -> filter.any("eventtype", event.path("eventType")))
                .filter(event -> filter.window(
                        event.path("timems").asLong(), event.path("timems").asLong()))
                .limit(count)
                .toList());
    }
}
