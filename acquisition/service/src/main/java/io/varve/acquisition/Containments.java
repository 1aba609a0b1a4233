package io.varve.acquisition;

import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.Alerts;
import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.Asset.Kind;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.Captures;
import io.varve.acquisition.model.NormalisedAlert;
import io.varve.acquisition.model.NormalisedAlert.Containment;
import io.varve.acquisition.model.NormalisedAlert.Host;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Whether a host is cut off from the network, as far as anybody told: the newest word of its alerts and captures
/// counts.
public final class Containments {
    /// Alerts and captures of one asset that are looked through.
    private static final int RECENT = 20;

    /// Steps in which providers store what they read before and after a capture.
    private static final List<String> STEPS = List.of("containment_after", "containment_before");

    private final Alerts alerts;
    private final Captures captures;

    public Containments(Alerts alerts, Captures captures) {
        this.alerts = alerts;
        this.captures = captures;
    }

    private record Word(Containment containment, Instant at) {}

    /// @param current an alert that is just being read
    public Containment of(Asset asset, Optional<NormalisedAlert> current) {
        Stream<Word> told = Stream.concat(
                        current.stream(),
                        alerts.ofAsset(asset.id(), RECENT).stream()
                                .map(Alert::normalised)
                                .flatMap(Optional::stream))
                .flatMap(alert -> in(alert, asset).map(what -> new Word(what, alert.lastSeen())).stream());
        Stream<Word> read =
                captures.ofAsset(asset.id()).stream().limit(RECENT).flatMap(capture -> in(capture).stream());
        return Stream.concat(told, read)
                .max(Comparator.comparing(Word::at))
                .map(Word::containment)
                .orElse(Containment.UNKNOWN);
    }

    /// What an alert says about this asset; empty when it says nothing.
    static Optional<Containment> in(NormalisedAlert alert, Asset asset) {
        return alert.hosts().stream()
                .filter(host -> alert.hosts().size() == 1 || isSame(host, asset, alert.lastSeen()))
                .flatMap(host -> host.containment().stream())
                .filter(containment -> containment != Containment.UNKNOWN)
                .findFirst();
    }

    private static boolean isSame(Host host, Asset asset, Instant at) {
        return Sighting.of(host, at).identifiers().stream()
                .filter(seen -> seen.kind() != Kind.ADDRESS)
                .anyMatch(seen -> asset.identifiers().stream()
                        .anyMatch(known ->
                                known.kind() == seen.kind() && known.value().equals(seen.value())));
    }

    private static Optional<Word> in(Capture capture) {
        Instant at = capture.endedAt().or(capture::startedAt).orElse(capture.requestedAt());
        return STEPS.stream()
                .flatMap(step -> Optional.ofNullable(capture.steps().get(step)).stream())
                .flatMap(text -> named(text).stream())
                .findFirst()
                .map(containment -> new Word(containment, at));
    }

    private static Optional<Containment> named(String text) {
        return Stream.of(Containment.values())
                .filter(containment -> containment != Containment.UNKNOWN)
                .filter(containment ->
                        containment.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst();
    }
}
