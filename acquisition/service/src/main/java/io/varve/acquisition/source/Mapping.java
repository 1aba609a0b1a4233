package io.varve.acquisition.source;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import io.varve.acquisition.model.NormalisedAlert;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How a user says where the parts of a product's alert stand in its JSON. Pure data: it chooses values and never
/// computes. [#check] says what is wrong with one.
///
/// @param events path of the list of alerts in a body; empty when a body is one alert
/// @param fields path by field of the normalised alert; inside a group that [#each] names, from its element on
/// @param each path of the list of a group: `host`, `user`, `process`, `file` or `network`; such a group is read once
/// for
///     each element, one without is read once
/// @param constants text by field, where the path finds nothing
/// @param severities the source's words or numbers for severities: a number from 0 to 100 or a name by each
/// @param timeFormat how the source writes times: a pattern of `DateTimeFormatter`; empty for all usual forms
/// @param timeZone of times that state none; empty for UTC
@JsonIgnoreProperties(ignoreUnknown = true)
public record Mapping(
        String events,
        Map<String, String> fields,
        Map<String, String> each,
        Map<String, String> constants,
        Map<String, String> severities,
        String timeFormat,
        String timeZone) {

    /// Fields of the alert itself.
    static final Set<String> PLAIN = Set.of(
            "id",
            "group",
            "url",
            "revision",
            "title",
            "description",
            "category",
            "severity",
            "status",
            "firstSeen",
            "lastSeen",
            "techniques",
            "tactics");

    /// Fields of what it is about, by group.
    static final Map<String, Set<String>> GROUPS = Map.of(
            "host",
            Set.of(
                    "hostname",
                    "fqdn",
                    "agentId",
                    "agentType",
                    "instanceId",
                    "ip",
                    "mac",
                    "os",
                    "containment",
                    "cloudProvider",
                    "cloudAccount",
                    "cloudRegion"),
            "user",
            Set.of("name", "domain"),
            "process",
            Set.of("image", "commandLine", "pid", "startedAt", "user", "hash", "parentImage", "parentCommandLine"),
            "file",
            Set.of("path", "name", "hash"),
            "network",
            Set.of("sourceIp", "sourcePort", "destinationIp", "destinationPort", "domain", "url"));

    private static final int MOST = 200;
    private static final int LONGEST_FORMAT = 64;

    /// A mapping of nothing: what it reads is its content alone.
    public static final Mapping NONE = new Mapping(null, null, null, null, null, null, null);

    public Mapping(
            @Nullable String events,
            @Nullable Map<String, String> fields,
            @Nullable Map<String, String> each,
            @Nullable Map<String, String> constants,
            @Nullable Map<String, String> severities,
            @Nullable String timeFormat,
            @Nullable String timeZone) {
        this.events = events == null ? "" : events;
        this.fields = fields == null ? Map.of() : Map.copyOf(fields);
        this.each = each == null ? Map.of() : Map.copyOf(each);
        this.constants = constants == null ? Map.of() : Map.copyOf(constants);
        this.severities = severities == null ? Map.of() : Map.copyOf(severities);
        this.timeFormat = timeFormat == null ? "" : timeFormat;
        this.timeZone = timeZone == null ? "" : timeZone;
    }

    /// What is wrong, each in a sentence; empty when nothing is.
    public List<String> check() {
        var problems = new ArrayList<String>();
        if (fields.isEmpty()) {
            problems.add("No field is mapped.");
        }
        if (fields.size() + each.size() + constants.size() + severities.size() > MOST) {
            problems.add("More than %d entries.".formatted(MOST));
        }
        path("events", events, problems);
        fields.forEach((field, path) -> {
            known(field, problems);
            path(field, path.isEmpty() ? " " : path, problems);
        });
        each.forEach((group, path) -> {
            if (!GROUPS.containsKey(group)) {
                problems.add("There is no group '%s'; groups are host, user, process, file, network.".formatted(group));
            }
            path("each " + group, path, problems);
        });
        constants.keySet().forEach(field -> known(field, problems));
        severities.forEach((theirs, ours) -> {
            if (severity(ours).isEmpty()) {
                problems.add("The severity of '%s' is neither a number from 0 to 100 nor a name.".formatted(theirs));
            }
        });
        times(problems);
        return problems;
    }

    private static void known(String field, List<String> problems) {
        int dot = field.indexOf('.');
        boolean known = dot < 0
                ? PLAIN.contains(field)
                : GROUPS.getOrDefault(field.substring(0, dot), Set.of()).contains(field.substring(dot + 1));
        if (!known) {
            problems.add("There is no field '%s'.".formatted(field));
        }
    }

    private static void path(String of, String path, List<String> problems) {
        if (!path.isEmpty() && JsonPath.parse(path).isEmpty()) {
            problems.add(
                    "The path of %s is none: a.b[*].c or /a/b, at most %d characters.".formatted(of, JsonPath.LONGEST));
        }
    }

    private void times(List<String> problems) {
        if (!timeFormat.isEmpty() && format().isEmpty()) {
            problems.add("The time format is no pattern of at most %d characters.".formatted(LONGEST_FORMAT));
        }
        if (!timeZone.isEmpty() && zone().isEmpty()) {
            problems.add("There is no time zone '%s'.".formatted(timeZone));
        }
    }

    Optional<DateTimeFormatter> format() {
        try {
            return timeFormat.isEmpty() || timeFormat.length() > LONGEST_FORMAT
                    ? Optional.empty()
                    : Optional.of(DateTimeFormatter.ofPattern(timeFormat, Locale.ENGLISH));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    Optional<ZoneId> zone() {
        try {
            return Optional.of(timeZone.isEmpty() ? ZoneOffset.UTC : ZoneId.of(timeZone));
        } catch (java.time.DateTimeException e) {
            return Optional.empty();
        }
    }

    /// The source's severity in our terms: by the table, else as it stands.
    Optional<Severity> severityOf(String theirs) {
        return severities.entrySet().stream()
                .filter(entry -> entry.getKey().strip().equalsIgnoreCase(theirs.strip()))
                .findFirst()
                .map(entry -> severity(entry.getValue()))
                .orElseGet(() -> severity(theirs));
    }

    private static Optional<Severity> severity(String text) {
        if (text.strip().matches("\\d{1,3}(\\.\\d{1,6})?")) {
            return Optional.of(Double.parseDouble(text.strip()))
                    .filter(number -> number <= 100)
                    .map(Severity::of);
        }
        return Severity.named(text);
    }

    /// The alerts in one body.
    public List<JsonNode> split(JsonNode body) {
        return JsonPath.parse(events)
                .map(path -> path.in(body).stream().filter(JsonNode::isObject).toList())
                .filter(found -> !found.isEmpty())
                .orElse(List.of(body));
    }

    /// @param received stands in for times the alert does not state
    public NormalisedAlert read(JsonNode event, Instant received) {
        return new MappedAlert(this, event).read(received);
    }
}
