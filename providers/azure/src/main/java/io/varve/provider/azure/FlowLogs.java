package io.varve.provider.azure;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.provider.Check;
import io.varve.provider.Check.Result;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.record.RecordSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The flow logs that Network Watcher makes where a machine's network interfaces are: of an interface, its
/// subnet, their network, or a network security group. One that is switched off now may have written before.
///
/// @param macs of the network interfaces, by which their blobs are named
/// @param nameless ids of network interfaces that Azure states no MAC address of
/// @see <a href="https://learn.microsoft.com/rest/api/network-watcher/flow-logs/list">Flow Logs - List</a>
record FlowLogs(List<FlowLog> logs, Set<String> macs, List<String> nameless) {
    static final String FOLDER = "varve/cloud/azure/flow-logs/";
    static final String ARTIFACT = "AzureFlowLogs";

    private static final int MOST = 200;
    private static final String MEND =
            "Give the role varve-logs in the subscription, and varve-flows on the storage accounts; see docs/providers/azure.md.";

    /// @param id resource id, as Azure writes it
    /// @param target resource id of what it is made for, in lower case
    /// @param storage resource id of the storage account that it goes to
    record FlowLog(String id, String target, String storage) {
        /// Of a network security group: the older of the two formats, in a container of its own.
        boolean isOfGroup() {
            return target.contains("/networksecuritygroups/");
        }

        String name() {
            return id.substring(id.lastIndexOf('/') + 1);
        }
    }

    /// A source for each flow log; where there is none, or they cannot be listed, one that says so.
    static List<RecordSource> of(Cloud cloud, Machine machine) throws ProviderException {
        try {
            FlowLogs found = find(cloud, machine);
            return found.logs().isEmpty()
                    ? List.of(new Lacking(FOLDER, ARTIFACT, new ProviderException(Kind.NOT_FOUND, none(machine))))
                    : found.sources(cloud, machine);
        } catch (ProviderException e) {
            if (!NetworkCard.isRefusal(e)) {
                throw e;
            }
            return List.of(new Lacking(FOLDER, ARTIFACT, e));
        }
    }

    /// Which flow logs there are, and whether their storage accounts let us in. None being made is no fault.
    static Check check(Cloud cloud, Machine machine) {
        String name = "Flow logs";
        String needed = "to read the traffic of its network interfaces";
        var names = new ArrayList<String>();
        var refused = new ArrayList<String>();
        try {
            FlowLogs found = find(cloud, machine);
            for (RecordSource source :
                    found.logs().isEmpty() ? List.<RecordSource>of() : found.sources(cloud, machine)) {
                switch (source) {
                    case FlowRecords records -> {
                        names.add(records.log().name());
                        reach(records).ifPresent(refused::add);
                    }
                    case Lacking lacking -> refused.add(lacking.why().reason());
                    default -> throw new IllegalStateException("another source");
                }
            }
        } catch (ProviderException e) {
            return new Check(name, needed, Result.MISSING, e.reason(), MEND);
        }
        if (names.isEmpty() && refused.isEmpty()) {
            return Check.ok(name, needed, none(machine));
        }
        return refused.isEmpty()
                ? Check.ok(name, needed, String.join(", ", names))
                : new Check(name, needed, Result.MISSING, String.join("; ", refused), MEND);
    }

    private static String none(Machine machine) {
        return "Network Watcher makes no flow log of the network interfaces of %s, their subnets, networks and network security groups"
                .formatted(machine.resource().name());
    }

    private static Optional<String> reach(FlowRecords records) {
        try {
            records.reach();
            return Optional.empty();
        } catch (ProviderException e) {
            return Optional.of(e.reason());
        }
    }

    private static FlowLogs find(Cloud cloud, Machine machine) throws ProviderException {
        List<NetworkCard> cards = NetworkCard.of(cloud, machine.resource());
        Set<String> scopes =
                cards.stream().flatMap(card -> card.scopes().stream()).collect(Collectors.toSet());
        Set<String> macs = cards.stream()
                .map(NetworkCard::mac)
                .filter(mac -> !mac.isEmpty())
                .collect(Collectors.toSet());
        var logs = new ArrayList<FlowLog>();
        for (FlowLog log : in(cloud, machine.resource().subscription(), machine.region())) {
            if (scopes.contains(log.target())) {
                logs.add(log);
            }
        }
        return new FlowLogs(
                logs,
                macs,
                cards.stream()
                        .filter(card -> card.mac().isEmpty())
                        .map(NetworkCard::id)
                        .toList());
    }

    /// Those of one region.
    private static List<FlowLog> in(Cloud cloud, String subscription, String region) throws ProviderException {
        var logs = new ArrayList<FlowLog>();
        for (JsonNode watcher : cloud.list("/subscriptions/%s/providers/Microsoft.Network/networkWatchers%s"
                .formatted(subscription, NetworkCard.VERSION))) {
            String id = watcher.path("id").asText("");
            if (NetworkCard.isResource(id)
                    && watcher.path("location").asText("").equalsIgnoreCase(region)) {
                for (JsonNode log : cloud.list(id + "/flowLogs" + NetworkCard.VERSION)) {
                    logs.add(new FlowLog(
                            log.path("id").asText(""),
                            NetworkCard.key(
                                    log.at("/properties/targetResourceId").asText("")),
                            log.at("/properties/storageId").asText("")));
                }
            }
        }
        return logs;
    }

    private List<RecordSource> sources(Cloud cloud, Machine machine) {
        var sources = new ArrayList<RecordSource>();
        var paths = new HashSet<String>();
        if (!nameless.isEmpty()) {
            sources.add(new Lacking(
                    FOLDER + "without-mac",
                    ARTIFACT,
                    new ProviderException(
                            Kind.REFUSED,
                            "Azure states no MAC address of %s, by which their flows could be told: was it ever started?"
                                    .formatted(String.join(", ", nameless)))));
        }
        if (macs.isEmpty()) {
            return sources;
        }
        for (FlowLog log : logs) {
            String path = FOLDER + file(log.name()) + ".jsonl";
            for (int number = 2; !paths.add(path.toLowerCase(Locale.ROOT)); number++) {
                path = "%s%s-%d.jsonl".formatted(FOLDER, file(log.name()), number);
            }
            if (sources.size() == MOST) {
                sources.add(new Lacking(
                        FOLDER,
                        ARTIFACT,
                        new ProviderException(
                                Kind.REFUSED,
                                "%d flow logs are made of %s: only %d were read"
                                        .formatted(
                                                logs.size(), machine.resource().name(), MOST))));
                break;
            }
            sources.add(new FlowRecords(cloud, log, macs, path));
        }
        return sources;
    }

    private static String file(String name) {
        String plain = name.replaceAll("[^-\\w.]", "_");
        return plain.isEmpty() ? "_" : plain.substring(0, Math.min(plain.length(), 80));
    }

    /// A log that cannot be read, which says why.
    record Lacking(String path, String artifact, ProviderException why) implements RecordSource {
        @Override
        public void read(Window window, Lines lines) throws ProviderException {
            throw why;
        }
    }
}
