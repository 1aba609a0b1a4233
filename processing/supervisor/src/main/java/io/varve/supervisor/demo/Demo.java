package io.varve.supervisor.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The main job on this machine: enrol it, do something harmless, send two alerts, and see what becomes of them.
///
/// One alert is about the act and must come out confirmed. The other is about a connection at a time of which nothing
/// was
/// captured, and must come out as not collected.
public final class Demo {
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Duration LONGEST_LINK = Duration.ofSeconds(60);
    private static final int POLL_MILLIS = 200;
    private static final String RULE = "Demonstration on this machine";
    private static final String EXPECTED_PROCESS = "confirmed";
    private static final String EXPECTED_CONNECTION = "not_collected";

    private final String address;
    private final Api api;
    private final Agent agent;
    private final Consumer<String> say;

    /// @param address of the web server
    /// @param keys folder that holds the demonstration's key
    public Demo(String address, Path keys, Agent agent, Consumer<String> say) throws DemoException {
        this.address = address;
        this.api = DemoKey.api(address, keys);
        this.agent = agent;
        this.say = say;
    }

    /// This machine's endpoint agent.
    public interface Agent {
        boolean enrolled();

        /// Starts it, with arguments that let it enrol when it has not.
        void start(List<String> arguments) throws IOException, InterruptedException;
    }

    public Result run() throws DemoException, InterruptedException {
        JsonNode host = enrol();
        String name = host.path("host").asText();
        say.accept("This machine is enrolled as " + name);
        rule(name);
        try (Act act = Act.begin()) {
            say.accept("Started the harmless program " + act.commandLine());
            Instant quiet = quietTime(host.path("asset"));
            Instant sent = Instant.now();
            String process = alert("generic", DemoAlerts.process(name, act, sent));
            String connection = alert("darktrace", DemoAlerts.connection(name, quiet));
            say.accept("Sent two alerts; capturing");
            return follow(process, connection, sent);
        } catch (IOException e) {
            throw new DemoException("the harmless act failed: " + e, e);
        }
    }

    private JsonNode enrol() throws DemoException, InterruptedException {
        Instant began = Instant.now();
        try {
            if (agent.enrolled()) {
                agent.start(List.of());
            } else {
                JsonNode enrolment = api.post("enrolments", Map.of("name", "this machine"));
                agent.start(List.of(
                        "--server",
                        enrolment.path("server").asText(),
                        "--token",
                        enrolment.path("token").asText()));
            }
        } catch (IOException e) {
            throw new DemoException("the agent cannot be started: " + e, e);
        }
        return await(
                "the agent to call",
                LONGEST_LINK,
                () -> first(
                        api.get("agents"),
                        item -> item.path("online").asBoolean()
                                && Instant.parse(item.path("lastSeen").asText()).isAfter(began)));
    }

    /// A rule for this machine whose dedupe window is short, so that every demonstration captures.
    private void rule(String host) throws DemoException, InterruptedException {
        if (!first(api.get("rules"), rule -> rule.path("name").asText().equals(RULE))
                .isMissingNode()) {
            return;
        }
        api.post(
                "rules",
                Map.ofEntries(
                        Map.entry("name", RULE),
                        Map.entry("enabled", true),
                        Map.entry("position", 100),
                        Map.entry("sources", List.of("generic")),
                        Map.entry("minimumSeverity", 60),
                        Map.entry("techniques", List.of("T1036.005")),
                        Map.entry("assetPattern", host),
                        Map.entry("provider", "endpoint"),
                        Map.entry("profile", "triage"),
                        Map.entry("dedupeWindow", "PT15S"),
                        Map.entry("dailyBudget", 100)));
    }

    /// A time within the last hour, so that both alerts are one incident, but far from every capture of this machine.
    private Instant quietTime(JsonNode asset) throws DemoException, InterruptedException {
        String id = asset.isObject() ? asset.path("id").asText() : asset.asText();
        JsonNode captures = api.get("captures?asset=" + id);
        Instant now = Instant.now();
        for (int minutes = 55; minutes >= 35; minutes--) {
            Instant time = now.minus(Duration.ofMinutes(minutes));
            boolean quiet = first(captures, capture -> near(capture, time)).isMissingNode();
            if (quiet) {
                return time;
            }
        }
        throw new DemoException("this machine was captured all through the last hour: wait, or take another --data");
    }

    private static boolean near(JsonNode capture, Instant time) {
        Instant requested = Instant.parse(capture.path("requestedAt").asText());
        return Duration.between(time, requested).abs().compareTo(Duration.ofMinutes(20)) < 0;
    }

    private String alert(String source, Map<String, Object> body) throws DemoException, InterruptedException {
        return api.post("alerts/" + source, body).path("alert").asText();
    }

    private Result follow(String process, String connection, Instant sent) throws DemoException, InterruptedException {
        String incident = await(
                        "the alert to be read",
                        LONGEST,
                        () -> api.get("alerts/" + process).path("incident"))
                .asText();
        String url = address + "/incidents/" + incident + "/forensics";
        say.accept("Follow it at " + url);
        String evidence = await("a capture to be requested", LONGEST, () -> requested(incident, process))
                .asText();
        await("first events", LONGEST, () -> firstEvent(incident, process, evidence));
        double firstEvent = seconds(sent, Instant.now());
        say.accept("First events are searchable after %.1f s".formatted(firstEvent));
        JsonNode item = await("the evidence to be processed", LONGEST, () -> processed(incident, process, evidence));
        Map<String, String> states = linked(incident, process, connection);
        JsonNode verified = api.post("evidence/" + evidence + "/verify", Map.of());
        if (!verified.path("verified").asBoolean()) {
            throw new DemoException("the evidence does not verify: " + verified.path("problems"));
        }
        long events = item.path("processing").path("events").asLong();
        if (events < 1) {
            throw new DemoException("the capture has no events");
        }
        double sealed = seconds(sent, Instant.parse(item.path("sealedAt").asText()));
        say.accept("Sealed after %.1f s, %,d events, custody verified".formatted(sealed, events));
        return new Result(
                incident,
                url,
                sealed,
                firstEvent,
                events,
                evidence,
                item.path("sha256").asText(),
                true,
                api.get("incidents/" + incident + "/forensics").path("coverage"),
                states);
    }

    /// Id of the evidence that a rule asked for because of this alert.
    private JsonNode requested(String incident, String alert) throws DemoException, InterruptedException {
        JsonNode decision = first(
                api.get("decisions?alert=" + alert),
                item -> item.path("outcome").asText().equals("capture_requested"));
        if (decision.isMissingNode()) {
            return decision;
        }
        return api.get("captures/" + decision.path("capture").asText()).path("evidence");
    }

    private JsonNode firstEvent(String incident, String alert, String evidence)
            throws DemoException, InterruptedException {
        processed(incident, alert, evidence);
        JsonNode events = api.get("timeline?limit=1&evidence=" + evidence).path("events");
        return events.path(0);
    }

    /// The evidence item once it is sealed and read; fails as soon as capture or processing has.
    private JsonNode processed(String incident, String alert, String evidence)
            throws DemoException, InterruptedException {
        JsonNode item = api.get("evidence/" + evidence);
        String state = item.path("processing").path("state").asText();
        if (state.equals("failed")) {
            throw new DemoException(
                    "processing failed: " + item.path("processing").path("text").asText());
        }
        JsonNode failed = first(
                api.get("captures?incident=" + incident),
                capture -> capture.path("evidence").asText().equals(evidence)
                        && List.of("failed", "cancelled")
                                .contains(capture.path("state").asText()));
        if (!failed.isMissingNode()) {
            throw new DemoException("the capture failed: " + failed.path("text").asText());
        }
        boolean ready = item.path("state").asText().equals("sealed") && state.equals("done");
        return ready ? item : item.path("none");
    }

    /// States of the two alerts, once both are what they must be.
    private Map<String, String> linked(String incident, String process, String connection)
            throws DemoException, InterruptedException {
        Map<String, String> states = new TreeMap<>();
        Map<String, String> reasons = new TreeMap<>();
        Instant end = Instant.now().plus(LONGEST_LINK);
        while (true) {
            for (JsonNode row : api.get("incidents/" + incident + "/forensics").path("alerts")) {
                String id = row.path("alert").path("id").asText();
                if (id.equals(process) || id.equals(connection)) {
                    String source = row.path("alert").path("source").asText();
                    states.put(source, row.path("corroboration").path("state").asText());
                    reasons.put(source, row.path("corroboration").path("reason").asText());
                }
            }
            if (states.equals(Map.of("generic", EXPECTED_PROCESS, "darktrace", EXPECTED_CONNECTION))) {
                reasons.forEach(
                        (source, reason) -> say.accept("%s: %s. %s".formatted(source, states.get(source), reason)));
                return states;
            }
            if (Instant.now().isAfter(end)) {
                throw new DemoException("expected the alerts to be %s and %s, they are %s: %s"
                        .formatted(EXPECTED_PROCESS, EXPECTED_CONNECTION, states, reasons));
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private interface Question {
        JsonNode ask() throws DemoException, InterruptedException;
    }

    private interface Condition {
        boolean holds(JsonNode item);
    }

    /// The first item of a list for which the condition holds; missing when there is none.
    private static JsonNode first(JsonNode list, Condition condition) {
        for (JsonNode item : list.path("items")) {
            if (condition.holds(item)) {
                return item;
            }
        }
        return list.path("items").path("none");
    }

    /// Asks until there is an answer.
    private static JsonNode await(String what, Duration longest, Question question)
            throws DemoException, InterruptedException {
        Instant end = Instant.now().plus(longest);
        while (true) {
            JsonNode answer = question.ask();
            if (!answer.isMissingNode() && !answer.isNull()) {
                return answer;
            }
            if (Instant.now().isAfter(end)) {
                throw new DemoException("waited in vain for " + what);
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private static double seconds(Instant from, Instant to) {
        return Math.round(Duration.between(from, to).toMillis() / 100.0) / 10.0;
    }
}
