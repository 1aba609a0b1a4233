package io.varve.emulator.darktrace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.darktrace.Filter.Flag;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Model breaches in both shapes, and comments on them.
final class Breaches {
    private final Clock clock;
    private final Map<String, ObjectNode> breaches = new LinkedHashMap<>();
    private final List<Comment> comments = new ArrayList<>();

    Breaches(Clock clock) {
        this.clock = clock;
    }

    /// A breach needs a `pbid`; its `model` may be flat or have `then` and `now`.
    synchronized void add(ObjectNode breach) {
        if (!breach.path("pbid").isNumber()) {
            throw new IllegalArgumentException("a breach without pbid");
        }
        breaches.put(breach.path("pbid").asText(), breach.deepCopy());
    }

    synchronized Response list(Call call) {
        var filter = new Filter(call);
        return Answers.list(breaches.values().stream()
                .filter(breach -> filter.window(
                        breach.path("time").asLong(), breach.path("time").asLong()))
                .filter(breach ->
                        !breach.path("acknowledged").asBoolean() || filter.flag("includeacknowledged", Flag.OFF))
                .filter(breach -> filter.any("pbid", breach.path("pbid")))
                .filter(breach -> filter.any("did", breach.path("device").path("did")))
                .filter(breach -> filter.any("pid", model(breach).path("pid")))
                .filter(breach -> filter.any("uuid", model(breach).path("uuid")))
                .filter(breach -> filter.range(
                        "minscore", "maxscore", breach.path("score").asDouble()))
                .map(breach -> filter.trimmed(shaped(filter, breach)))
                .toList());
    }

    synchronized Response one(Call call) {
        ObjectNode breach = breaches.get(call.variable("pbid"));
        return breach == null ? Answers.wrong("no such breach") : Response.json(200, shaped(new Filter(call), breach));
    }

    private static JsonNode model(JsonNode breach) {
        JsonNode model = breach.path("model");
        return model.has("then") ? model.path("then") : model;
    }

    private static ObjectNode shaped(Filter filter, ObjectNode breach) {
        ObjectNode shaped = breach.deepCopy();
        JsonNode then = model(shaped);
        JsonNode now = shaped.path("model").has("now") ? shaped.path("model").path("now") : then;
        if (filter.flag("historicmodelonly", Flag.OFF)) {
            shaped.set("model", then);
        } else {
            shaped.set(
                    "model",
                    Answers.JSON.objectNode().<ObjectNode>set("then", then).set("now", now));
        }
        if (!filter.flag("deviceattop", Flag.ON) && shaped.has("device")) {
            JsonNode device = shaped.remove("device");
            shaped.path("triggeredComponents").forEach(part -> ((ObjectNode) part).set("device", device));
        }
        if (filter.flag("includebreachurl", Flag.OFF)) {
            shaped.put(
                    "breachUrl",
                    "https://darktrace.example/#modelbreach/"
                            + shaped.path("pbid").asText());
        }
        return shaped;
    }

    synchronized Response comment(Call call) {
        ObjectNode breach = breaches.get(call.variable("pbid"));
        String message = call.json().path("message").asText();
        if (breach == null || message.isEmpty()) {
            return Answers.wrong("no such breach, or no message");
        }
        comments.add(new Comment(call.variable("pbid"), call.caller(), clock.instant(), message));
        breach.put("commentCount", breach.path("commentCount").asInt() + 1);
        return Answers.success();
    }

    synchronized Response comments(Call call) {
        String pbid = call.query("pbid").orElse("");
        int pid = breaches.containsKey(pbid)
                ? model(breaches.get(pbid)).path("pid").asInt()
                : 0;
        return Answers.list(comments(pbid).stream()
                .map(comment -> Answers.JSON
                        .objectNode()
                        .put("message", comment.message())
                        .put("username", comment.username())
                        .put("time", comment.at().toEpochMilli())
                        .put("pid", pid))
                .toList());
    }

    synchronized List<Comment> comments(String pbid) {
        return comments.stream().filter(comment -> comment.on().equals(pbid)).toList();
    }

    Response acknowledge(Call call) {
        return acknowledged(call, "acknowledge");
    }

    Response unacknowledge(Call call) {
        return acknowledged(call, "unacknowledge");
    }

    private synchronized Response acknowledged(Call call, String what) {
        ObjectNode breach = breaches.get(call.variable("pbid"));
        if (breach == null || !call.request().form(what).orElse("").equals("true")) {
            return Answers.wrong("no such breach, or " + what + " is not true");
        }
        breach.put("acknowledged", what.equals("acknowledge"));
        return Answers.success();
    }

    synchronized ObjectNode stored(String pbid) {
        return Objects.requireNonNull(breaches.get(pbid), pbid).deepCopy();
    }
}
