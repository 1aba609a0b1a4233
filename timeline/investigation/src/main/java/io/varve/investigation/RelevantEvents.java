package io.varve.investigation;

import io.varve.acquisition.model.NormalisedAlert;
import io.varve.event.EventTime;
import io.varve.timeline.EventFilter;
import io.varve.timeline.Hit;
import io.varve.timeline.Match;
import io.varve.timeline.Scope;
import io.varve.timeline.Search;
import io.varve.timeline.TimelineStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;

/// The first events an analyst should see for some alerts: those that match what the alerts name, strong entities
/// before weak ones, then logons, commands, changes of persistence and what a cloud logged in the window. Oldest first.
public final class RelevantEvents {
    private static final int MOST_ALERTS = 50;
    private static final List<String> ACTIVITY = List.of(
            "linux:ssh:login",
            "linux:ssh:failed_login",
            "linux:utmp:logon",
            "linux:sudo:command",
            "linux:su:switch",
            "linux:cron:run",
            "linux:cron:crontab",
            "linux:cron:entry",
            "linux:systemd:unit",
            "linux:ssh:authorized_key",
            "linux:account:",
            "linux:bash:history",
            "linux:zsh:history",
            "linux:fish:history",
            "linux:process:running",
            "linux:dpkg:action",
            "aws:cloudtrail:entry",
            "aws:guardduty:finding",
            "aws:ssm:command",
            "azure:activity:entry",
            "entra:signin:entry",
            "gcp:log:entry");

    private final TimelineStore store;
    private final Duration slack;

    public RelevantEvents(TimelineStore store, Duration slack) {
        this.store = store;
        this.slack = slack;
    }

    /// @param most events wanted, 1 to [Search#MOST]
    public List<Hit> first(List<NormalisedAlert> alerts, Scope scope, int most) throws IOException {
        List<NormalisedAlert> few = alerts.subList(0, Math.min(alerts.size(), MOST_ALERTS));
        var chosen = new LinkedHashMap<String, Hit>();
        for (NormalisedAlert alert : few) {
            var strong = new ArrayList<Match>();
            Claim.of(alert).forEach(claim -> strong.add(claim.confirms()));
            take(new Match.Any(strong), alert, scope, most, chosen);
        }
        for (NormalisedAlert alert : few) {
            take(weak(alert), alert, scope, most, chosen);
        }
        for (NormalisedAlert alert : few) {
            take(activity(), alert, scope, most, chosen);
        }
        return oldestFirst(chosen);
    }

    private void take(Match match, NormalisedAlert alert, Scope scope, int most, LinkedHashMap<String, Hit> chosen)
            throws IOException {
        if (chosen.size() >= most) {
            return;
        }
        Window window = Window.of(alert, slack);
        EventFilter filter =
                EventFilter.match(match).between(window.from(), window.to().plusNanos(1));
        for (Hit hit : store.search(scope, Search.first(filter, Search.Order.OLDEST_FIRST, most))
                .hits()) {
            if (chosen.size() < most) {
                chosen.putIfAbsent(hit.id(), hit);
            }
        }
    }

    /// What the alert names that alone proves nothing: file paths, process names, command lines, users, domains.
    private static Match weak(NormalisedAlert alert) {
        var any = new ArrayList<Match>();
        for (NormalisedAlert.Process process : alert.processes()) {
            process.image().ifPresent(image -> any.add(Match.is("process.name", Paths.name(image))));
            process.image().filter(Paths::isPath).ifPresent(image -> any.add(Match.is("file.path", image)));
            process.commandLine().ifPresent(line -> any.add(Match.is("process.command_line", line)));
        }
        for (NormalisedAlert.File file : alert.files()) {
            file.path().ifPresent(path -> any.add(Match.is("file.path", path)));
            file.path().filter(Paths::isPath).ifPresent(path -> any.add(new Match.Words(path)));
        }
        for (NormalisedAlert.Network network : alert.network()) {
            network.domain().filter(name -> name.contains(".")).ifPresent(name -> any.add(new Match.Words(name)));
            network.destinationIp().ifPresent(address -> any.add(new Match.Words(address)));
        }
        alert.users().forEach(user -> any.add(Match.is("user.name", user.name())));
        return new Match.Any(any.subList(0, Math.min(any.size(), Claim.MOST)));
    }

    private static Match activity() {
        return new Match.Any(ACTIVITY.stream()
                .<Match>map(type ->
                        type.endsWith(":") ? new Match.StartsWith("data_type", type) : Match.is("data_type", type))
                .toList());
    }

    private static List<Hit> oldestFirst(LinkedHashMap<String, Hit> chosen) throws IOException {
        record Dated(Instant time, Hit hit) {}
        var dated = new ArrayList<Dated>();
        for (Hit hit : chosen.values()) {
            Instant time =
                    AssetEvents.read(hit).time().flatMap(EventTime::instant).orElse(Instant.MAX);
            dated.add(new Dated(time, hit));
        }
        return dated.stream()
                .sorted(Comparator.comparing(Dated::time)
                        .thenComparing(event -> event.hit().id()))
                .map(Dated::hit)
                .toList();
    }
}
