package io.varve.acquisition;

import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.Asset.Identifier;
import io.varve.acquisition.model.Asset.Kind;
import io.varve.acquisition.model.NormalisedAlert.Containment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A way to a host: a provider, and the identifier by which it knows the host.
///
/// @param name the provider's name
/// @param prefix what the identifier begins with; of a sensor or a pod, the provider is given the rest
/// @param product whose sensor the host has; of what captures from outside, what the host is there
public record Channel(String name, Kind kind, String prefix, String product) {
    /// Stands for the automatic order in requests.
    public static final String AUTOMATIC = "auto";

    private static final Channel AGENT = new Channel("endpoint", Kind.AGENT_ID, "", "Varve's agent");
    private static final List<Channel> VENDORS = List.of(
            new Channel("crowdstrike", Kind.SENSOR_ID, "crowdstrike:", "CrowdStrike"),
            new Channel("defender", Kind.SENSOR_ID, "defender:", "Microsoft Defender"),
            new Channel("sentinelone", Kind.SENSOR_ID, "sentinelone:", "SentinelOne"));
    private static final Channel AWS = new Channel("aws", Kind.INSTANCE_ID, "i-", "the EC2 instance");
    private static final Channel AZURE = new Channel("azure", Kind.INSTANCE_ID, "", "the Azure virtual machine");
    private static final Channel GCP = new Channel("gcp", Kind.INSTANCE_ID, "projects/", "the Google Cloud instance");
    private static final Channel KUBERNETES = new Channel("kubernetes", Kind.INSTANCE_ID, "pod:", "the pod");
    private static final List<Channel> CLOUDS = List.of(AWS, AZURE, GCP, KUBERNETES);

    /// A machine of Azure by its resource id, or by the GUID it knows itself by.
    private static final Pattern OF_AZURE = Pattern.compile(
            "(?i)/subscriptions/.+/virtualmachines/.+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    /// Objects below a prefix of a bucket.
    private static final Map<String, Pattern> BUCKETS = Map.of(
            "aws", Pattern.compile("s3://[a-z0-9].*"),
            "azure", Pattern.compile("az://[a-z0-9].*"),
            "gcp", Pattern.compile("gs://[a-z0-9].*"));

    /// A function of AWS Lambda, all versions of it.
    private static final Pattern FUNCTION =
            Pattern.compile("arn:aws[a-z-]*:lambda:[a-z0-9-]+:\\d{12}:function:[\\w-]+");

    /// A container of an ECS task, or the task.
    private static final Pattern TASK = Pattern.compile("arn:aws[a-z-]*:ecs:[a-z0-9-]+:\\d{12}:task/.+");

    private static final Pattern NOTHING = Pattern.compile("(?!)");

    /// Those of the automatic order, the fastest first. A cloud captures whole disks, a cluster pods: each is used only
    /// where it is named.
    static final List<Channel> HOSTS =
            Stream.concat(Stream.of(AGENT), VENDORS.stream()).toList();

    /// All there are.
    public static final List<Channel> ALL =
            Stream.concat(HOSTS.stream(), CLOUDS.stream()).toList();

    /// Whether it captures from outside what a cloud or a cluster lists.
    public boolean isCloud() {
        return CLOUDS.contains(this);
    }

    public static Optional<Channel> named(String name) {
        return ALL.stream().filter(channel -> channel.name.equals(name)).findFirst();
    }

    /// The agent is the fastest, but it does not reach us from a host that is cut off: a vendor's own channel does.
    static List<Channel> inOrder(Containment containment) {
        return containment.isCutOff()
                ? Stream.concat(VENDORS.stream(), Stream.of(AGENT)).toList()
                : HOSTS;
    }

    /// The identifier this channel reaches the asset by: of the fitting ones, the one seen last.
    public Optional<String> target(Asset asset) {
        return asset.identifiers().stream()
                .filter(identifier -> identifier.kind() == kind)
                .filter(identifier -> knows(identifier.value()))
                .max(Comparator.comparing(Identifier::lastSeen))
                .map(identifier -> identifier.value().substring(kept()));
    }

    /// Names of objects, functions and tasks, unlike those of machines, tell cases apart.
    static boolean tellsCases(String value) {
        return FUNCTION.matcher(value).matches()
                || TASK.matcher(value).matches()
                || BUCKETS.values().stream()
                        .anyMatch(form -> form.matcher(value).matches());
    }

    private boolean knows(String value) {
        if (equals(AWS) && TASK.matcher(value).matches()) {
            return true;
        }
        if (BUCKETS.getOrDefault(name, NOTHING).matcher(value).matches()) {
            return true;
        }
        if (equals(AWS) && FUNCTION.matcher(value).matches()) {
            return true;
        }
        return equals(AZURE)
                ? OF_AZURE.matcher(value).matches()
                : value.startsWith(prefix) && value.length() > prefix.length();
    }

    /// A prefix that ends with a colon is ours; another is part of the id.
    private int kept() {
        return prefix.endsWith(":") ? prefix.length() : 0;
    }

    /// Why none of these reaches the asset, and what to do about it.
    static String none(Asset asset, List<Channel> tried) {
        if (tried.equals(List.of(AGENT))) {
            return "No agent is enrolled on %s. Enrol one, or let the rule use other providers."
                    .formatted(asset.name());
        }
        var missing = new ArrayList<String>();
        if (tried.contains(AGENT)) {
            missing.add("no agent is enrolled on %s");
        }
        products(tried, VENDORS, ", ").ifPresent(of -> missing.add("no alert named a sensor of " + of + " on %s"));
        products(tried, CLOUDS, " or ").ifPresent(what -> missing.add("no alert named " + what + " that %s is"));
        String first = missing.removeFirst().formatted(asset.name());
        String others =
                missing.stream().map(more -> ", and " + more.formatted("it")).collect(Collectors.joining());
        return "N" + first.substring(1) + others + ".";
    }

    private static Optional<String> products(List<Channel> tried, List<Channel> of, String between) {
        return Optional.of(tried.stream()
                        .filter(of::contains)
                        .map(Channel::product)
                        .collect(Collectors.joining(between)))
                .filter(all -> !all.isEmpty());
    }
}
