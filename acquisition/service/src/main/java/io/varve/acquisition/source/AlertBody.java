package io.varve.acquisition.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The raw body of an alert as JSON: one object, an array of them, one object a line, or either of the first two behind
/// a syslog header.
public final class AlertBody {
    /// Largest body taken.
    public static final int LARGEST = 4 << 20;

    /// Most alerts taken from one body.
    static final int MOST_EVENTS = 1000;

    private static final int DEEPEST = 60;
    private static final int LONGEST_STRING = 1 << 20;
    private static final int LONGEST_NAME = 1024;
    private static final int LONGEST_NUMBER = 64;
    /// A syslog header ends well before this.
    private static final int LONGEST_HEADER = 2048;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxStringLength(LONGEST_STRING)
                            .maxNameLength(LONGEST_NAME)
                            .maxNumberLength(LONGEST_NUMBER)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private AlertBody() {}

    /// The objects in a body, at least one.
    public static List<JsonNode> read(byte[] raw) throws UnreadableAlertException {
        if (raw.length > LARGEST) {
            throw new UnreadableAlertException("larger than %d bytes".formatted(LARGEST));
        }
        List<JsonNode> lines = lines(raw);
        if (!lines.isEmpty()) {
            return lines;
        }
        JsonNode body = parse(raw, start(raw));
        return body.isObject() ? List.of(body) : objects(body);
    }

    /// One object a line; empty when the body is anything else.
    private static List<JsonNode> lines(byte[] raw) throws UnreadableAlertException {
        if (raw.length == 0 || raw[0] != '{') {
            return List.of();
        }
        var objects = new ArrayList<JsonNode>();
        for (int start = 0; start < raw.length; ) {
            int end = start;
            while (end < raw.length && raw[end] != '\n') {
                end++;
            }
            if (!isBlank(raw, start, end)) {
                Optional<JsonNode> object = object(raw, start, end);
                if (object.isEmpty()) {
                    return List.of();
                }
                if (objects.size() == MOST_EVENTS) {
                    throw new UnreadableAlertException("more than %d alerts in one body".formatted(MOST_EVENTS));
                }
                objects.add(object.get());
            }
            start = end + 1;
        }
        return objects;
    }

    private static boolean isBlank(byte[] raw, int start, int end) {
        for (int i = start; i < end; i++) {
            if (raw[i] != ' ' && raw[i] != '\t' && raw[i] != '\r') {
                return false;
            }
        }
        return true;
    }

    private static Optional<JsonNode> object(byte[] raw, int start, int end) {
        try {
            return Optional.ofNullable(JSON.readTree(raw, start, end - start)).filter(JsonNode::isObject);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// JSON that a member of an alert holds as text; empty when it is none, or too deep or too long.
    static Optional<JsonNode> nested(String text) {
        try {
            return Optional.ofNullable(JSON.readTree(text)).filter(JsonNode::isContainerNode);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// The alerts in a body, at least one, as its source packs them.
    public static List<JsonNode> read(byte[] raw, AlertSource source) throws UnreadableAlertException {
        List<JsonNode> events = source.split(read(raw));
        if (events.isEmpty()) {
            throw new UnreadableAlertException("holds no alert");
        }
        if (events.size() > MOST_EVENTS) {
            throw new UnreadableAlertException("more than %d alerts in one body".formatted(MOST_EVENTS));
        }
        return events;
    }

    private static List<JsonNode> objects(JsonNode body) throws UnreadableAlertException {
        if (!body.isArray() || body.isEmpty()) {
            throw new UnreadableAlertException("not a JSON object and not an array of objects");
        }
        if (body.size() > MOST_EVENTS) {
            throw new UnreadableAlertException("more than %d alerts in one body".formatted(MOST_EVENTS));
        }
        var events = new ArrayList<JsonNode>(body.size());
        for (JsonNode event : body) {
            if (!event.isObject()) {
                throw new UnreadableAlertException("element %d of the array is not an object".formatted(events.size()));
            }
            events.add(event);
        }
        return events;
    }

    public static byte[] write(JsonNode event) {
        try {
            return JSON.writeValueAsBytes(event);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode parse(byte[] raw, int start) throws UnreadableAlertException {
        try {
            JsonNode body = JSON.readTree(raw, start, raw.length - start);
            return body == null ? JSON.missingNode() : body;
        } catch (IOException e) {
            throw new UnreadableAlertException("not JSON, or deeper, longer or larger than an alert may be", e);
        }
    }

    /// Where the JSON begins: behind `<165>1 …` when the body is a syslog line.
    private static int start(byte[] raw) {
        if (raw.length == 0 || raw[0] != '<') {
            return 0;
        }
        for (int i = 1; i < Math.min(raw.length, LONGEST_HEADER); i++) {
            if (raw[i] == '{') {
                return i;
            }
        }
        return 0;
    }
}
