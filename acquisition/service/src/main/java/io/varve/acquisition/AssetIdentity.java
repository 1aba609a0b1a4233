package io.varve.acquisition;

import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.Asset.Identifier;
import io.varve.acquisition.model.Asset.Kind;
import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Assets;
import io.varve.acquisition.model.Organisation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Tells which asset a machine is, whatever it is called: by an alert, by our agent, by a cloud.
///
/// Identifiers are tried strongest first. A name matches an asset only when nothing stronger speaks against it; an
/// address only when the asset was seen with it around that time and nobody else was. When strong identifiers point at
/// different assets the strongest wins, nothing is merged, and the answer says so.
///
/// Every method runs inside one transaction of the caller, one caller per organisation at a time.
public final class AssetIdentity {
    /// How long before and after it was seen an address is taken to be the same machine's.
    public static final Duration ADDRESS_WINDOW = Duration.ofHours(24);

    /// Most names one asset keeps; the ones not seen for longest go first.
    private static final int MOST_IDENTIFIERS = 200;

    private final Assets assets;
    private final Duration addressWindow;

    public AssetIdentity(Assets assets, Duration addressWindow) {
        this.assets = assets;
        this.addressWindow = addressWindow;
    }

    /// @param asset absent when the sighting names nothing, or more than one asset equally well
    /// @param note what a person should know about the choice; empty when it was clear
    public record Resolution(Optional<Asset> asset, String note) {}

    /// The asset of this sighting, made when there is none, with the sighting's names added to it.
    public Resolution resolve(Organisation organisation, Sighting sighting) {
        if (sighting.isEmpty()) {
            return new Resolution(Optional.empty(), "The alert names no machine.");
        }
        List<Asset> strong = strong(organisation, sighting);
        if (!strong.isEmpty()) {
            Asset chosen = strong.getFirst();
            return new Resolution(Optional.of(learn(chosen, sighting)), conflict(strong));
        }
        List<Asset> named = named(organisation, sighting);
        if (!named.isEmpty()) {
            return new Resolution(Optional.of(learn(named.getFirst(), sighting)), alike(named));
        }
        List<Asset> addressed = addressed(organisation, sighting);
        if (addressed.size() > 1) {
            return new Resolution(
                    Optional.empty(),
                    "The address belonged to more than one asset around that time: %s.".formatted(names(addressed)));
        }
        return new Resolution(
                Optional.of(
                        addressed.isEmpty() ? create(organisation, sighting) : learn(addressed.getFirst(), sighting)),
                "");
    }

    /// The asset that an agent of ours runs on: the one it enrolled as before, or the one of its host name when that
    /// has no agent yet.
    public Asset enrol(Organisation organisation, Sighting agent) {
        return resolve(organisation, agent).asset().orElseGet(() -> create(organisation, agent));
    }

    /// Moves all names of one asset to another: they are the same machine.
    ///
    /// @throws IllegalArgumentException when an asset is unknown, or both are one already
    public Asset merge(AssetId from, AssetId into) {
        Asset source = known(from);
        Asset target = known(into);
        if (source.id().equals(target.id())) {
            throw new IllegalArgumentException("both are the same asset already");
        }
        if (!source.organisation().equals(target.organisation())) {
            throw new IllegalArgumentException("no asset " + from);
        }
        Asset merged = with(target, source.identifiers());
        assets.save(new Asset(
                source.id(),
                source.organisation(),
                source.name(),
                source.createdAt(),
                Optional.of(target.id()),
                List.of()));
        assets.save(merged);
        return merged;
    }

    /// Takes names out of an asset and makes a new one of them: they were another machine.
    ///
    /// @throws IllegalArgumentException when the asset is unknown, or does not carry some but not all of the names
    public Asset split(AssetId asset, Set<Name> names, Instant at) {
        Asset whole = known(asset);
        List<Identifier> moved = whole.identifiers().stream()
                .filter(identifier -> names.contains(new Name(identifier.kind(), identifier.value())))
                .toList();
        if (moved.isEmpty() || moved.size() == whole.identifiers().size()) {
            throw new IllegalArgumentException("name some of the asset's identifiers, and not all of them");
        }
        List<Identifier> kept = whole.identifiers().stream()
                .filter(identifier -> !moved.contains(identifier))
                .toList();
        var taken = new Asset(
                AssetId.mint(), whole.organisation(), new Sighting(moved, at).name(), at, Optional.empty(), moved);
        assets.save(
                new Asset(whole.id(), whole.organisation(), whole.name(), whole.createdAt(), whole.mergedInto(), kept));
        assets.save(taken);
        return taken;
    }

    /// One identifier without its times.
    public record Name(Kind kind, String value) {}

    private Asset known(AssetId id) {
        return assets.find(id).orElseThrow(() -> new IllegalArgumentException("no asset " + id));
    }

    /// Assets that carry one of the sighting's strong identifiers, in the order of their strength.
    private List<Asset> strong(Organisation organisation, Sighting sighting) {
        var found = new ArrayList<Asset>();
        for (Identifier identifier : sighting.identifiers()) {
            switch (identifier.kind()) {
                case AGENT_ID, SENSOR_ID, INSTANCE_ID ->
                    carrying(organisation, identifier).forEach(asset -> addOnce(found, asset));
                case FQDN ->
                    carrying(organisation, identifier)
                            .filter(asset -> !found.isEmpty() || !sighting.contradicts(asset))
                            .forEach(asset -> addOnce(found, asset));
                case HOST_NAME, ADDRESS -> {
                    // weaker: tried when nothing strong is known
                }
            }
        }
        return found;
    }

    /// Assets of this host name that nothing stronger speaks against, the one seen last first.
    private List<Asset> named(Organisation organisation, Sighting sighting) {
        return sighting.identifiers().stream()
                .filter(identifier -> identifier.kind() == Kind.HOST_NAME)
                .flatMap(identifier -> carrying(organisation, identifier))
                .filter(asset -> !sighting.contradicts(asset))
                .distinct()
                .toList();
    }

    /// Assets that had one of these addresses around the time of the sighting.
    private List<Asset> addressed(Organisation organisation, Sighting sighting) {
        return sighting.identifiers().stream()
                .filter(identifier -> identifier.kind() == Kind.ADDRESS)
                .flatMap(identifier -> carrying(organisation, identifier)
                        .filter(asset -> had(asset, identifier.value(), sighting.at())))
                .filter(asset -> !sighting.contradicts(asset))
                .distinct()
                .toList();
    }

    private boolean had(Asset asset, String address, Instant at) {
        return asset.identifiers().stream()
                .filter(identifier -> identifier.kind() == Kind.ADDRESS)
                .filter(identifier -> identifier.value().equals(address))
                .anyMatch(identifier -> !at.isBefore(identifier.firstSeen().minus(addressWindow))
                        && !at.isAfter(identifier.lastSeen().plus(addressWindow)));
    }

    private Stream<Asset> carrying(Organisation organisation, Identifier identifier) {
        return assets.having(organisation, identifier.kind(), identifier.value()).stream()
                .sorted(Comparator.comparing((Asset asset) -> lastSeen(asset, identifier))
                        .reversed());
    }

    private static Instant lastSeen(Asset asset, Identifier wanted) {
        return asset.identifiers().stream()
                .filter(identifier -> isSame(identifier, wanted))
                .map(Identifier::lastSeen)
                .max(Comparator.naturalOrder())
                .orElse(Instant.MIN);
    }

    private static void addOnce(List<Asset> found, Asset asset) {
        if (found.stream().noneMatch(other -> other.id().equals(asset.id()))) {
            found.add(asset);
        }
    }

    private Asset create(Organisation organisation, Sighting sighting) {
        var asset = new Asset(
                AssetId.mint(), organisation, sighting.name(), sighting.at(), Optional.empty(), sighting.identifiers());
        assets.save(asset);
        return asset;
    }

    /// Adds the sighting's names, but never a strong one that another asset carries.
    private Asset learn(Asset asset, Sighting sighting) {
        List<Identifier> own = sighting.identifiers().stream()
                .filter(identifier -> identifier.kind().compareTo(Kind.FQDN) > 0
                        || assets.having(asset.organisation(), identifier.kind(), identifier.value()).stream()
                                .allMatch(other -> other.id().equals(asset.id())))
                .toList();
        Asset wiser = with(asset, own);
        if (!wiser.equals(asset)) {
            assets.save(wiser);
        }
        return wiser;
    }

    private Asset with(Asset asset, List<Identifier> more) {
        var all = new ArrayList<>(asset.identifiers());
        more.forEach(identifier -> add(all, identifier));
        all.sort(Comparator.comparing(Identifier::kind)
                .thenComparing(Comparator.comparing(Identifier::lastSeen).reversed()));
        List<Identifier> kept = all.size() > MOST_IDENTIFIERS ? all.subList(0, MOST_IDENTIFIERS) : all;
        return new Asset(
                asset.id(),
                asset.organisation(),
                better(asset, kept),
                asset.createdAt(),
                asset.mergedInto(),
                List.copyOf(kept));
    }

    /// An asset that was only known by address or id takes the first name it gets.
    private static String better(Asset asset, List<Identifier> identifiers) {
        boolean named = asset.identifiers().stream()
                .anyMatch(identifier -> identifier.kind() == Kind.FQDN || identifier.kind() == Kind.HOST_NAME);
        return named || identifiers.isEmpty() ? asset.name() : new Sighting(identifiers, asset.createdAt()).name();
    }

    /// An address seen again long after is a span of its own: in between it was perhaps another machine's. Spans that a
    /// sighting brings near each other become one.
    private void add(List<Identifier> all, Identifier seen) {
        Identifier span = seen;
        int place = all.size();
        for (int i = all.size() - 1; i >= 0; i--) {
            Identifier known = all.get(i);
            if (isSame(known, span) && (span.kind() != Kind.ADDRESS || isNear(known, span))) {
                span = new Identifier(
                        known.kind(),
                        known.value(),
                        earlier(known.firstSeen(), span.firstSeen()),
                        later(known.lastSeen(), span.lastSeen()));
                all.remove(i);
                place = i;
            }
        }
        all.add(place, span);
    }

    private boolean isNear(Identifier known, Identifier seen) {
        return !seen.firstSeen().isAfter(known.lastSeen().plus(addressWindow))
                && !seen.lastSeen().isBefore(known.firstSeen().minus(addressWindow));
    }

    private static boolean isSame(Identifier one, Identifier other) {
        return one.kind() == other.kind() && one.value().equals(other.value());
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static String conflict(List<Asset> strong) {
        return strong.size() == 1
                ? ""
                : "Its identifiers also name %s; the strongest was taken."
                        .formatted(names(strong.subList(1, strong.size())));
    }

    private static String alike(List<Asset> named) {
        return named.size() == 1
                ? ""
                : "%d assets have this name; the one seen last was taken.".formatted(named.size());
    }

    private static String names(List<Asset> found) {
        return String.join(
                ", ", new LinkedHashSet<>(found.stream().map(Asset::name).toList()));
    }
}
