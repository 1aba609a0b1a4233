package io.varve.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.github.luben.zstd.ZstdInputStream;
import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.Alerts;
import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Assets;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.Captures;
import io.varve.acquisition.model.NormalisedAlert;
import io.varve.database.Corroborations;
import io.varve.database.EvidenceItem;
import io.varve.database.EvidenceItems;
import io.varve.event.Coverage;
import io.varve.evidence.EvidenceKey;
import io.varve.evidence.ObjectStore;
import io.varve.investigation.AssetEvidence;
import io.varve.investigation.Corroboration;
import io.varve.investigation.Corroborator;
import io.varve.timeline.Hit;
import io.varve.timeline.IndexName;
import io.varve.timeline.Scope;
import io.varve.timeline.TimelineStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Compares the alerts about an asset with all that was collected from it, and keeps the result with links both ways.
/// Done again whenever an alert came in or evidence was read, by one thread at a time for each asset.
@ApplicationScoped
public class AlertLinks {
    private static final JsonMapper JSON = new JsonMapper();
    /// Newest alerts of one asset that are compared.
    private static final int ALERTS = 500;
    private static final Duration BEAT = Duration.ofSeconds(3);

    private final Alerts alerts;
    private final Assets assets;
    private final Captures captures;
    private final EvidenceItems evidence;
    private final Corroborations corroborations;
    private final TimelineStore timeline;
    private final ObjectStore objects;
    private final WorkerConfig config;
    private final Clock clock;

    AlertLinks(
            Alerts alerts,
            Assets assets,
            Captures captures,
            EvidenceItems evidence,
            Corroborations corroborations,
            TimelineStore timeline,
            ObjectStore objects,
            WorkerConfig config,
            Clock clock) {
        this.alerts = alerts;
        this.assets = assets;
        this.captures = captures;
        this.evidence = evidence;
        this.corroborations = corroborations;
        this.timeline = timeline;
        this.objects = objects;
        this.config = config;
        this.clock = clock;
    }

    /// @param named the asset, by any id it had before a merge
    /// @param alive called now and then while it goes on
    void refresh(AssetId named, Runnable alive) throws IOException {
        AssetId asset = assets.find(named).map(Asset::id).orElse(named);
        List<Alert> about = alerts.ofAsset(asset, ALERTS);
        if (about.isEmpty()) {
            return;
        }
        List<EvidenceItem> items = evidence.ofAsset(asset);
        AssetEvidence read = read(asset, items);
        boolean goingOn = goingOn(asset, items);
        var corroborator = new Corroborator(timeline, config.corroboration().slack());
        Map<AlertId, io.varve.database.Corroboration> kept =
                corroborations.of(about.stream().map(Alert::id).toList());
        long beat = System.nanoTime();
        for (Alert alert : about) {
            NormalisedAlert said =
                    alert.normalised().orElseThrow(() -> new IllegalStateException(alert.id() + " is not normalised"));
            save(alert, corroborator.corroborate(said, read), goingOn, Optional.ofNullable(kept.get(alert.id())));
            if (System.nanoTime() - beat > BEAT.toNanos()) {
                beat = System.nanoTime();
                alive.run();
            }
        }
    }

    private boolean goingOn(AssetId asset, List<EvidenceItem> items) {
        boolean capturing = captures.ofAsset(asset).stream().map(Capture::state).anyMatch(Capture.State::isUnderWay);
        boolean processing = items.stream()
                .filter(item -> item.state() == EvidenceItem.State.SEALED)
                .map(item -> item.processing().state())
                .anyMatch(state -> state == EvidenceItem.Processing.State.WAITING
                        || state == EvidenceItem.Processing.State.RUNNING);
        return capturing || processing;
    }

    /// The evidence whose processing has ended, oldest first: that order decides which copy of a record is shown.
    private AssetEvidence read(AssetId asset, List<EvidenceItem> items) throws IOException {
        var parts = new ArrayList<Scope.Part>();
        var read = new ArrayList<AssetEvidence.Item>();
        List<EvidenceItem> oldestFirst = items.stream()
                .filter(AlertLinks::hasTimeline)
                .sorted(Comparator.comparing(EvidenceItem::createdAt))
                .toList();
        for (EvidenceItem item : oldestFirst) {
            EvidenceKey key = item.key();
            parts.add(new Scope.Part(
                    new IndexName(key.organisation(), key.id(), Integer.toString(item.run())),
                    asset.toString(),
                    parts.size()));
            Capture capture = captures.byEvidence(key.value())
                    .orElseThrow(() -> new IllegalStateException("no capture of " + key));
            read.add(new AssetEvidence.Item(
                    capture.startedAt().orElse(item.createdAt()),
                    capture.endedAt().or(item::sealedAt).orElseGet(clock::instant),
                    files(item)));
        }
        return new AssetEvidence(new Scope(parts), read);
    }

    /// A failed run counts with what it read: files it did not reach have no coverage row, so they are a gap.
    private static boolean hasTimeline(EvidenceItem item) {
        boolean ended = switch (item.processing().state()) {
            case WAITING, RUNNING -> false;
            case DONE, FAILED -> true;
        };
        return item.state() != EvidenceItem.State.DISCARDED && item.run() > 0 && ended;
    }

    /// The coverage rows that say something about a source.
    private List<AssetEvidence.FileRead> files(EvidenceItem item) throws IOException {
        var files = new ArrayList<AssetEvidence.FileRead>();
        List<String> segments;
        try (Stream<String> names = objects.list(item.key().object("runs/%d/coverage-".formatted(item.run())))) {
            segments = names.toList();
        }
        for (String segment : segments) {
            try (var lines = new BufferedReader(new InputStreamReader(
                    new ZstdInputStream(objects.read(segment, 0, Long.MAX_VALUE)), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    JsonNode row = JSON.readTree(line);
                    var file = new AssetEvidence.FileRead(
                            row.path("path").asText(),
                            Coverage.Status.valueOf(row.path("status").asText().toUpperCase(Locale.ROOT)));
                    if (file.counts()) {
                        files.add(file);
                    }
                }
            }
        }
        return files;
    }

    /// What says the same as before is left alone: pages follow what changes.
    private void save(
            Alert alert, Corroboration result, boolean goingOn, Optional<io.varve.database.Corroboration> kept)
            throws IOException {
        boolean open = goingOn && result.state() != Corroboration.State.CONFIRMED;
        var events = JSON.createArrayNode();
        var links = new ArrayList<io.varve.database.Corroboration.Link>();
        for (Hit hit : result.events()) {
            events.add(JSON.readTree(hit.json()));
            links.add(new io.varve.database.Corroboration.Link(
                    hit.id(),
                    new EvidenceKey(
                            hit.index().organisation() + "/" + hit.index().evidence())));
        }
        var now = new io.varve.database.Corroboration(
                alert.id(),
                alert.organisation(),
                open
                        ? io.varve.database.Corroboration.State.PENDING
                        : io.varve.database.Corroboration.State.valueOf(
                                result.state().name()),
                open ? "Evidence is still being captured or read." : result.reason(),
                events.toString(),
                sources(result).toString(),
                clock.instant());
        if (kept.isEmpty() || !saysTheSame(kept.get(), now)) {
            corroborations.save(now, links);
        }
    }

    private static boolean saysTheSame(io.varve.database.Corroboration kept, io.varve.database.Corroboration now)
            throws IOException {
        return kept.state() == now.state()
                && kept.reason().equals(now.reason())
                && JSON.readTree(kept.sources()).equals(JSON.readTree(now.sources()))
                && JSON.readTree(kept.events()).equals(JSON.readTree(now.events()));
    }

    private static ArrayNode sources(Corroboration result) {
        ArrayNode sources = JSON.createArrayNode();
        for (Corroboration.Reading reading : result.sources()) {
            sources.addObject()
                    .put("name", reading.source().title())
                    .put("status", reading.status().name().toLowerCase(Locale.ROOT))
                    .put("detail", reading.detail());
        }
        return sources;
    }
}
