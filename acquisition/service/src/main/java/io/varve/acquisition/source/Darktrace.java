package io.varve.acquisition.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.acquisition.model.NormalisedAlert;
import io.varve.acquisition.model.NormalisedAlert.Host;
import io.varve.acquisition.model.NormalisedAlert.User;
import io.varve.acquisition.model.SeverityLabel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Darktrace: AI Analyst incident events and groups, model breaches in both shapes, and Antigena actions, as the API
/// returns them and as syslog and webhooks push them. There is no public reference; the fields are those of captured
/// responses. Darktrace knows no endpoint agent, so its hosts are names, addresses and hardware addresses.
final class Darktrace implements AlertSource {
    /// Accounts of cloud services appear as devices of this name.
    private static final String SAAS = "SaaS::";

    @Override
    public String name() {
        return "darktrace";
    }

    @Override
    public NormalisedAlert read(JsonNode event, Instant received) throws UnreadableAlertException {
        var fields = new Fields(event);
        if (fields.has("incidentEvents")) {
            return group(fields, received);
        }
        if (fields.has("breachDevices") || fields.has("aiaScore") || fields.has("summariser")) {
            return incidentEvent(fields, received);
        }
        if (fields.has("pbid") && fields.isObject("model")) {
            return modelBreach(fields, received);
        }
        if (fields.has("codeid") || fields.has("iris-event-type")) {
            return action(fields, received);
        }
        throw new UnreadableAlertException("not a Darktrace incident event, group, model breach or action");
    }

    private NormalisedAlert incidentEvent(Fields event, Instant received) throws UnreadableAlertException {
        String id = required(event, "id", "uuid");
        Span span = periods(event, received);
        var found = new Indicators();
        found.tactics(event.texts("mitreTactics"));
        details(event, found);
        Severity severity = severity(event.name("category"), event.number("aiaScore"));
        return new NormalisedAlert(
                id,
                event.name("currentGroup"),
                Indicators.link(event.text("incidentEventUrl", "url")),
                Revisions.of(event.node()),
                event.name("title").orElse("Darktrace incident event"),
                event.text("summary").orElse(""),
                event.name("category").orElse(""),
                severity.number(),
                severity.label(),
                span.from,
                span.to,
                hosts(event.list("breachDevices")),
                users(event.list("breachDevices")),
                List.of(),
                found.files(),
                found.network(),
                found.attack());
    }

    private NormalisedAlert group(Fields group, Instant received) throws UnreadableAlertException {
        String id = required(group, "id");
        List<Fields> events = group.list("incidentEvents");
        Instant from = group.time("start").orElse(received);
        var found = new Indicators();
        found.tactics(group.texts("mitreTactics"));
        Severity severity = severity(group.name("category"), group.number("groupScore"));
        List<String> titles = events.stream()
                .flatMap(event -> event.name("title").stream())
                .distinct()
                .toList();
        return new NormalisedAlert(
                id,
                Optional.of(id),
                Indicators.link(group.text("url", "groupUrl")),
                Revisions.of(group.node()),
                titles.isEmpty() ? "Darktrace incident group" : titles.getFirst(),
                String.join("\n", titles),
                group.name("category").orElse(""),
                severity.number(),
                severity.label(),
                from,
                group.time("end").filter(end -> end.isAfter(from)).orElse(from),
                hosts(group.list("breachDevices")),
                users(group.list("breachDevices")),
                List.of(),
                found.files(),
                found.network(),
                found.attack());
    }

    private NormalisedAlert modelBreach(Fields breach, Instant received) throws UnreadableAlertException {
        String id = required(breach, "pbid");
        Fields model = model(breach);
        Instant at = breach.time("time", "creationTime").orElse(received);
        Severity severity = breach.number("score")
                .map(score -> Severity.of(score * 100))
                .or(() -> model.number("priority").map(priority -> Severity.of(priority * 20)))
                .orElse(Severity.UNKNOWN);
        List<Fields> devices = devices(breach);
        return new NormalisedAlert(
                id,
                breach.list("aianalystData").stream()
                        .flatMap(link -> link.name("uuid").stream())
                        .findFirst(),
                Indicators.link(breach.text("breachUrl", "url")),
                Revisions.of(breach.node()),
                model.name("name").orElse("Darktrace model breach"),
                model.text("description").orElse(""),
                model.name("category").orElse(""),
                severity.number(),
                severity.label(),
                at,
                at,
                hosts(devices),
                users(devices),
                List.of(),
                breachIndicators(breach, model).files(),
                breachIndicators(breach, model).network(),
                breachIndicators(breach, model).attack());
    }

    private NormalisedAlert action(Fields action, Instant received) throws UnreadableAlertException {
        Instant from = action.time("start").orElse(received);
        Fields device = action.object("device");
        return new NormalisedAlert(
                "action-" + required(action, "codeuuid", "codeid"),
                Optional.empty(),
                Indicators.link(action.text("url")),
                Revisions.of(action.node()),
                action.name("model").orElse("Darktrace action"),
                Stream.of(action.name("action"), action.name("inhibitor"), action.text("reason"))
                        .flatMap(Optional::stream)
                        .reduce((first, next) -> first + ": " + next)
                        .orElse(""),
                action.name("action_family").orElse("action"),
                Severity.UNKNOWN.number(),
                Severity.UNKNOWN.label(),
                from,
                action.time("end").filter(end -> end.isAfter(from)).orElse(from),
                hosts(List.of(device)),
                users(List.of(device)),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    /// The model as it is now, as it was then, or flat.
    private static Fields model(Fields breach) {
        return Stream.of("model.now", "model.then")
                .filter(breach::isObject)
                .findFirst()
                .map(breach::object)
                .orElseGet(() -> breach.object("model"));
    }

    /// The device of a breach is at its top, or inside its components.
    private static List<Fields> devices(Fields breach) {
        if (breach.isObject("device")) {
            return List.of(breach.object("device"));
        }
        return breach.list("triggeredComponents").stream()
                .flatMap(component -> component.list("device").stream())
                .limit(1)
                .toList();
    }

    private static Indicators breachIndicators(Fields breach, Fields model) {
        var found = new Indicators();
        found.tactics(model.texts("mitre.tactics"));
        found.techniques(model.texts("mitre.techniques"));
        for (Fields technique : breach.list("mitreTechniques")) {
            found.techniques(technique.name("techniqueID", "technique").stream().toList());
        }
        for (Fields component : breach.list("triggeredComponents")) {
            component.list("triggeredFilters").forEach(filter -> indicator(filter, found));
        }
        return found;
    }

    private static void indicator(Fields filter, Indicators found) {
        Optional<String> value = filter.name("trigger.value");
        if (value.isEmpty()) {
            return;
        }
        String type = filter.name("filterType").orElse("").toLowerCase(Locale.ROOT);
        if (type.contains("hostname") || type.contains("dns host")) {
            found.remote(Optional.empty(), value.flatMap(Names::machine));
            return;
        }
        if (type.startsWith("source ip") && Names.isAddress(value.get())) {
            found.from(value.get());
            return;
        }
        if (type.contains("ip") || type.contains("hash") || type.contains("file") || type.contains("url")) {
            found.guess(value.get());
        }
    }

    /// `details` is a list of lists of sections; a section's contents are typed values.
    private static void details(Fields event, Indicators found) {
        for (JsonNode part : event.object("details").node()) {
            for (JsonNode section : part) {
                new Fields(section).list("contents").forEach(content -> content(content, found));
            }
        }
    }

    private static void content(Fields content, Indicators found) {
        switch (content.name("type").orElse("")) {
            case "externalHost" ->
                content.list("values")
                        .forEach(host -> found.remote(
                                host.name("ip").filter(Names::isAddress),
                                host.name("hostname").flatMap(Names::machine)));
            case "string" -> content.texts("values").forEach(found::guess);
            default -> {
                // ranges, volumes and kinds we do not know stay in the raw alert
            }
        }
    }

    private static List<Host> hosts(List<Fields> devices) {
        return devices.stream()
                .filter(device -> device.integer("did").orElse(0L) != -1)
                .filter(device -> !isAccount(device))
                .map(Darktrace::host)
                .toList();
    }

    private static Host host(Fields device) {
        Optional<String> name = device.name("hostname", "identifier").map(Names::host);
        return new Host(
                name.map(Names::firstLabel).filter(label -> !label.startsWith("#")),
                name.filter(host -> host.contains(".") && !Names.isAddress(host)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                addresses(device),
                device.name("mac", "macaddress").stream().toList(),
                device.name("os"));
    }

    /// The address at the time of the alert first, then the ones before it, newest first.
    private static List<String> addresses(Fields device) {
        var addresses = new ArrayList<String>();
        device.name("ip").ifPresent(addresses::add);
        return addresses;
    }

    private static List<User> users(List<Fields> devices) {
        return devices.stream()
                .filter(Darktrace::isAccount)
                .flatMap(device -> device.name("hostname", "identifier").stream())
                .map(account -> account.substring(account.indexOf(": ") + 1).strip())
                .filter(account -> !account.isEmpty())
                .distinct()
                .map(account -> new User(account, Optional.empty()))
                .toList();
    }

    private static boolean isAccount(Fields device) {
        return device.name("hostname", "identifier")
                .filter(name -> name.startsWith(SAAS))
                .isPresent();
    }

    private static Severity severity(Optional<String> category, Optional<Double> score) {
        Optional<SeverityLabel> band = category.flatMap(name -> switch (name.toLowerCase(Locale.ROOT)) {
            case "critical" -> Optional.of(SeverityLabel.CRITICAL);
            case "suspicious" -> Optional.of(SeverityLabel.MEDIUM);
            case "compliance" -> Optional.of(SeverityLabel.LOW);
            case "informational" -> Optional.of(SeverityLabel.INFORMATIONAL);
            default -> Optional.empty();
        });
        return band.map(label -> Severity.in(label, score.orElse(50.0)))
                .or(() -> score.map(Severity::of))
                .orElse(Severity.UNKNOWN);
    }

    private record Span(Instant from, Instant to) {}

    private static Span periods(Fields event, Instant received) {
        List<Fields> periods = event.list("periods");
        Instant from = periods.stream()
                .flatMap(period -> period.time("start").stream())
                .min(Comparator.naturalOrder())
                .or(() -> event.time("createdAt"))
                .orElse(received);
        Instant to = periods.stream()
                .flatMap(period -> period.time("end").stream())
                .max(Comparator.naturalOrder())
                .filter(from::isBefore)
                .orElse(from);
        return new Span(from, to);
    }

    private static String required(Fields fields, String... names) throws UnreadableAlertException {
        return fields.name(names).orElseThrow(() -> new UnreadableAlertException("no " + names[0]));
    }
}
