package io.varve.provider.darktrace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.provider.Console.Subject;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Comments in Darktrace: on a model breach, or on every incident event of a group, because a group takes none.
/// Nothing is acknowledged.
final class Comments {
    private static final int LONGEST = 4000;
    private static final int MOST_EVENTS = 50;
    private static final String EVENT_COMMENTS = "/aianalyst/incident/comments";

    private final Darktrace darktrace;

    Comments(Darktrace darktrace) {
        this.darktrace = darktrace;
    }

    void leave(Subject subject, String text) throws ProviderException, InterruptedException {
        String message = text.length() <= LONGEST ? text : text.substring(0, LONGEST);
        String alert = subject.alert();
        if (alert.matches("\\d{1,18}")) {
            onBreach(alert, message);
            return;
        }
        Optional<String> group = isGroup(alert)
                ? Optional.of(alert)
                : current(alert).or(() -> subject.group().filter(Comments::isGroup));
        Set<String> events = group.isPresent() ? events(group.get()) : new LinkedHashSet<>();
        if (!isGroup(alert) && alert.matches("[A-Za-z0-9-]{1,80}")) {
            events.add(alert);
        }
        if (events.isEmpty()) {
            throw new ProviderException(
                    Kind.NOT_FOUND, "Darktrace knows no incident event of " + group.orElse("this alert"));
        }
        for (String event : events) {
            onEvent(event, message);
        }
    }

    private static boolean isGroup(String id) {
        return id.matches("g[0-9a-fA-F-]{8,64}");
    }

    /// The group an event is in now: groups merge, and get another id then.
    private Optional<String> current(String event) throws ProviderException, InterruptedException {
        if (!event.matches("[A-Za-z0-9-]{1,80}")) {
            return Optional.empty();
        }
        var query = new TreeMap<String, String>();
        query.put("includeacknowledged", "true");
        query.put("uuid", event);
        for (JsonNode found : darktrace.read("/aianalyst/incidentevents", query)) {
            if (found.path("id").asText("").equals(event)) {
                return Optional.of(found.path("currentGroup").asText("")).filter(Comments::isGroup);
            }
        }
        return Optional.empty();
    }

    private Set<String> events(String group) throws ProviderException, InterruptedException {
        var query = new TreeMap<String, String>();
        query.put("groupid", group);
        query.put("includeacknowledged", "true");
        var events = new LinkedHashSet<String>();
        for (JsonNode found : darktrace.read("/aianalyst/groups", query)) {
            boolean same = found.path("id").asText("").equals(group) || holds(found.path("previousIds"), group);
            for (JsonNode event : found.path("incidentEvents")) {
                String id = event.path("uuid").asText("");
                if (same && id.matches("[A-Za-z0-9-]{1,80}") && events.size() < MOST_EVENTS) {
                    events.add(id);
                }
            }
        }
        return events;
    }

    private static boolean holds(JsonNode list, String text) {
        for (JsonNode one : list) {
            if (one.asText("").equals(text)) {
                return true;
            }
        }
        return false;
    }

    private void onBreach(String pbid, String message) throws ProviderException, InterruptedException {
        SortedMap<String, String> query = new TreeMap<>();
        query.put("pbid", pbid);
        if (said(darktrace.read("/mbcomments", query), message)) {
            return;
        }
        darktrace.post(
                "/modelbreaches/" + pbid + "/comments",
                Darktrace.JSON.createObjectNode().put("message", message));
    }

    private void onEvent(String event, String message) throws ProviderException, InterruptedException {
        SortedMap<String, String> query = new TreeMap<>();
        query.put("incident_id", event);
        if (said(darktrace.read(EVENT_COMMENTS, query).path("comments"), message)) {
            return;
        }
        ObjectNode body =
                Darktrace.JSON.createObjectNode().put("incident_id", event).put("message", message);
        darktrace.post(EVENT_COMMENTS, body);
    }

    /// True when the same comment is there already: its answer was lost, or another event led here.
    private static boolean said(JsonNode comments, String message) {
        for (JsonNode comment : comments) {
            if (comment.path("message").asText("").equals(message)) {
                return true;
            }
        }
        return false;
    }
}
