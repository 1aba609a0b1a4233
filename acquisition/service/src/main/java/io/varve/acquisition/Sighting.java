package io.varve.acquisition;

import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.Asset.Identifier;
import io.varve.acquisition.model.Asset.Kind;
import io.varve.acquisition.model.NormalisedAlert;
import io.varve.acquisition.source.Names;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// A machine as somebody named it at one moment: its identifiers, strongest first.
///
/// @param at when it was seen under these names
public record Sighting(List<Identifier> identifiers, Instant at) {
    /// Agent types that mean our own agent.
    private static final Set<String> OWN_AGENT = Set.of("", "varve", "endpoint");

    /// Other names of the vendors whose sensors a host can be reached by.
    private static final Map<String, String> VENDORS =
            Map.of("mde", "defender", "falcon", "crowdstrike", "s1", "sentinelone", "microsoft defender", "defender");

    private static final String UUID = "uuid-";
    private static final int LONGEST = 253;

    public Sighting {
        identifiers = identifiers.stream()
                .sorted(java.util.Comparator.comparing(Identifier::kind))
                .toList();
    }

    /// What an alert says about a machine.
    public static Sighting of(NormalisedAlert.Host host, Instant at) {
        var found = new Builder(at);
        host.agentId().ifPresent(id -> found.agent(id, host.agentType().orElse("")));
        host.instanceId().ifPresent(id -> found.add(Kind.INSTANCE_ID, id));
        host.fqdn().ifPresent(found::name);
        host.hostname().ifPresent(found::name);
        host.ips().forEach(found::address);
        return found.sighting();
    }

    /// What an agent of ours says about the machine it runs on.
    public static Sighting ofAgent(
            String agent, String hostName, Optional<String> fqdn, List<String> addresses, Instant at) {
        var found = new Builder(at);
        found.add(Kind.AGENT_ID, agent);
        fqdn.ifPresent(found::name);
        found.name(hostName);
        addresses.forEach(found::address);
        return found.sighting();
    }

    /// What a cloud lists.
    public static Sighting ofInstance(String instance, Optional<String> hostName, Instant at) {
        var found = new Builder(at);
        found.add(Kind.INSTANCE_ID, instance);
        hostName.ifPresent(found::name);
        return found.sighting();
    }

    boolean isEmpty() {
        return identifiers.isEmpty();
    }

    Optional<String> first(Kind kind) {
        return identifiers.stream()
                .filter(identifier -> identifier.kind() == kind)
                .map(Identifier::value)
                .findFirst();
    }

    /// What people call the machine.
    String name() {
        return first(Kind.HOST_NAME)
                .or(() -> first(Kind.FQDN))
                .orElseGet(() -> identifiers.getFirst().value());
    }

    /// Whether an asset carries names that speak against it being this machine.
    boolean contradicts(Asset asset) {
        return differ(asset, Kind.AGENT_ID, value -> true)
                || differ(asset, Kind.INSTANCE_ID, value -> true)
                || differ(asset, Kind.FQDN, value -> true)
                || differ(asset, Kind.HOST_NAME, value -> true)
                || differ(asset, Kind.SENSOR_ID, this::isOfVendorSeen);
    }

    private boolean differ(Asset asset, Kind kind, Predicate<String> compared) {
        List<String> known = values(asset.identifiers(), kind).filter(compared).toList();
        List<String> seen = values(identifiers, kind).toList();
        return !known.isEmpty() && !seen.isEmpty() && seen.stream().noneMatch(known::contains);
    }

    private boolean isOfVendorSeen(String sensor) {
        return values(identifiers, Kind.SENSOR_ID)
                .anyMatch(value -> numbering(value).equals(numbering(sensor)));
    }

    /// A vendor may number its sensors twice, as SentinelOne by number and by UUID; different kinds tell nothing.
    private static String numbering(String sensor) {
        int start = sensor.indexOf(':') + 1;
        return sensor.startsWith(UUID, start) ? sensor.substring(0, start) + UUID : sensor.substring(0, start);
    }

    private static java.util.stream.Stream<String> values(List<Identifier> identifiers, Kind kind) {
        return identifiers.stream()
                .filter(identifier -> identifier.kind() == kind)
                .map(Identifier::value);
    }

    private static final class Builder {
        private final Set<Identifier> found = new LinkedHashSet<>();
        private final Instant at;

        Builder(Instant at) {
            this.at = at;
        }

        void agent(String id, String type) {
            String vendor = type.strip().toLowerCase(Locale.ROOT);
            if (OWN_AGENT.contains(vendor)) {
                add(Kind.AGENT_ID, id);
                return;
            }
            add(
                    Kind.SENSOR_ID,
                    VENDORS.getOrDefault(vendor, vendor) + ":" + id.strip().toLowerCase(Locale.ROOT));
        }

        /// A name with a domain is both a full name and, by its first label, a host name.
        void name(String name) {
            Optional<String> machine = Names.machine(name);
            if (machine.isEmpty()) {
                return;
            }
            if (Names.isQualified(machine.get())) {
                add(Kind.FQDN, machine.get());
            }
            add(Kind.HOST_NAME, Names.firstLabel(machine.get()));
        }

        void address(String address) {
            Names.address(address).ifPresent(plain -> add(Kind.ADDRESS, plain));
        }

        void add(Kind kind, String value) {
            Names.clean(value, LONGEST)
                    .map(text ->
                            kind == Kind.INSTANCE_ID && Channel.tellsCases(text) ? text : text.toLowerCase(Locale.ROOT))
                    .ifPresent(text -> found.add(new Identifier(kind, text, at, at)));
        }

        Sighting sighting() {
            return new Sighting(List.copyOf(found), at);
        }
    }
}
