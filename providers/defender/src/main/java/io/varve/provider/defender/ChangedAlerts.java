package io.varve.provider.defender;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.evidence.Digest;
import io.varve.provider.AlertFeed.Page;
import io.varve.provider.AlertFeed.RawAlert;
import io.varve.provider.ProviderException;
import io.varve.provider.http.Answer;
import io.varve.provider.http.Call;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// A list of alerts that is read by the time of their last change, over and over.
///
/// A sweep reads all pages of what changed since a time. The next begins some minutes before the newest change that was
/// seen, and never after the start of the one before: what changed while pages were read, what has the same time as the
/// last one, and what Microsoft lists late all come. Those that came already with the same change are left out.
///
/// @param path of the list
/// @param rows of one page where the list has no links to the next one: `$top` and `$skip` are used
/// @param changed name of the property with the time of the last change
/// @param more what else is asked for
record ChangedAlerts(
        String source,
        Service service,
        Permission permission,
        String path,
        Optional<Integer> rows,
        String changed,
        String more) {
    private static final Duration OVERLAP = Duration.ofMinutes(10);

    /// Graph's alerts of all Defender products, Sentinel and others.
    static final ChangedAlerts GRAPH = new ChangedAlerts(
            "graph",
            Service.GRAPH,
            Permission.GRAPH_ALERT_READ,
            "/v1.0/security/alerts_v2",
            Optional.empty(),
            "lastUpdateDateTime",
            "");

    /// Alerts of Defender for Endpoint alone; without `$expand` their evidence would be empty.
    static final ChangedAlerts DEFENDER = new ChangedAlerts(
            "defender",
            Service.DEFENDER,
            Permission.ALERT_READ,
            "/api/alerts",
            Optional.of(100),
            "lastUpdateTime",
            "&$expand=evidence");

    Page page(MicrosoftApi api, FeedCursor cursor, Instant now) throws ProviderException, InterruptedException {
        FeedCursor at = cursor.next().isEmpty() ? cursor.begin(now) : cursor;
        Call call = Call.read(api.at(service, at.next().orElseGet(() -> first(at))))
                .header("Prefer", "include-unknown-enum-members");
        Answer answer = api.ask(service, call);
        if (at.next().isPresent() && (answer.status() == 400 || answer.status() == 404 || answer.status() == 410)) {
            // the link to the page is too old: the sweep begins again
            return new Page(List.of(), at.restarted().text(), true);
        }
        if (!answer.good()) {
            throw api.refused(permission, call, answer);
        }
        JsonNode json = answer.json();
        List<JsonNode> listed = new ArrayList<>();
        json.path("value").forEach(listed::add);
        listed.sort(Comparator.comparing(this::changedAt));
        var alerts = new ArrayList<RawAlert>();
        FeedCursor after = at;
        for (JsonNode row : listed) {
            String mark = mark(row);
            if (!after.seen().contains(mark)) {
                alerts.add(new RawAlert(source, row.toString().getBytes(StandardCharsets.UTF_8)));
            }
            after = after.with(mark, changedAt(row));
        }
        Optional<String> next = next(api, json, at, listed.size());
        FeedCursor result = next.isPresent() ? after.to(next.get()) : after.end(OVERLAP);
        return new Page(List.copyOf(alerts), result.text(), next.isPresent());
    }

    private String first(FeedCursor at) {
        String filter = "%s ge %s".formatted(changed, at.since().truncatedTo(ChronoUnit.SECONDS));
        return path + "?$filter=" + MicrosoftApi.encoded(filter) + more
                + rows.map(top -> "&$top=" + top + "&$skip=0").orElse("");
    }

    private Optional<String> next(MicrosoftApi api, JsonNode json, FeedCursor at, int count) throws ProviderException {
        Optional<URI> link = api.next(service, json);
        if (link.isPresent()) {
            return Optional.of(link.get().getRawPath() + "?" + link.get().getRawQuery());
        }
        if (rows.isEmpty() || count < rows.get()) {
            return Optional.empty();
        }
        String here = at.next().orElseGet(() -> first(at));
        int cut = here.lastIndexOf("$skip=") + "$skip=".length();
        return Optional.of(here.substring(0, cut) + (Integer.parseInt(here.substring(cut)) + count));
    }

    private Instant changedAt(JsonNode row) {
        try {
            return OffsetDateTime.parse(row.path(changed).asText()).toInstant();
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    private String mark(JsonNode row) {
        String text = row.path("id").asText() + "|" + row.path(changed).asText();
        return Digest.of(text.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 12);
    }
}
