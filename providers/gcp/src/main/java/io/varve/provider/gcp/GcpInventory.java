package io.varve.provider.gcp;

import com.google.cloud.compute.v1.AggregatedListInstancesRequest;
import com.google.cloud.compute.v1.AttachedDisk;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.InstanceAggregatedList;
import com.google.cloud.compute.v1.InstancesClient;
import com.google.cloud.compute.v1.InstancesScopedList;
import com.google.cloud.storage.Bucket;
import io.varve.provider.Connection;
import io.varve.provider.Inventory;
import io.varve.provider.Listed;
import io.varve.provider.Pages;
import io.varve.provider.Pauses;
import io.varve.provider.ProviderException;
import io.varve.provider.Waiting;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Compute Engine instances of every project and zone that the integration covers, and buckets where they are wanted.
final class GcpInventory implements Inventory {
    private static final int PAGE = 500;

    /// Words that the licences of Linux images have.
    private static final Pattern LINUX = Pattern.compile(
            "debian|ubuntu|rhel|centos|rocky|alma|sles|suse|fedora|oracle-linux|/cos|container-vm|flatcar|linux");

    private final Waiting waiting;

    GcpInventory(Waiting waiting) {
        this.waiting = waiting;
    }

    @Override
    public void list(Connection connection, Listing listing) throws ProviderException, InterruptedException {
        var listed = new Listed(listing);
        try (Cloud cloud = Cloud.of(connection, Pauses.always(waiting))) {
            InstancesClient instances = cloud.instances();
            for (String project : cloud.settings().projects()) {
                ask(project, listed, () -> instances(cloud, instances, project, listed));
                if (cloud.settings().objects() && !listed.isFull()) {
                    ask(project, listed, () -> buckets(cloud, project, listed));
                }
            }
        }
        listed.expectAnswer();
    }

    @FunctionalInterface
    private interface Asking {
        void ask() throws ProviderException, InterruptedException;
    }

    private static void ask(String project, Listed listed, Asking asking) throws InterruptedException {
        try {
            asking.ask();
        } catch (ProviderException e) {
            listed.refused(project, e);
        }
    }

    private static void instances(Cloud cloud, InstancesClient instances, String project, Listed listed)
            throws ProviderException, InterruptedException {
        var unreached = new HashSet<String>();
        String what = "listing the instances of project " + project;
        var pages = new Pages(what, Pages.MOST);
        String next = "";
        do {
            AggregatedListInstancesRequest.Builder request = AggregatedListInstancesRequest.newBuilder()
                    .setProject(project)
                    .setMaxResults(PAGE)
                    .setReturnPartialSuccess(true);
            if (!next.isEmpty()) {
                request.setPageToken(next);
            }
            InstanceAggregatedList page = cloud.calls()
                    .of(what, () -> instances.aggregatedListCallable().call(request.build()));
            page.getItemsMap()
                    .forEach((place, scope) -> take(scope, project, last(place), cloud.settings(), listed, unreached));
            for (String place : page.getUnreachablesList()) {
                unreached(project, last(place), cloud.settings(), listed, unreached);
            }
            next = page.getNextPageToken();
        } while (!listed.isFull() && pages.hasNext(next));
        listed.answered();
    }

    private static void buckets(Cloud cloud, String project, Listed listed)
            throws ProviderException, InterruptedException {
        GcsBucket.all(cloud, project, "", bucket -> {
            listed.found(found(project, bucket));
            return !listed.isFull();
        });
        listed.answered();
    }

    private static Found found(String project, Bucket bucket) {
        return new Found(
                "gs://" + bucket.getName(),
                bucket.getName(),
                Optional.empty(),
                "Cloud Storage bucket",
                "%s / %s".formatted(project, GcsBucket.location(bucket)),
                Optional.empty(),
                "there",
                Optional.ofNullable(bucket.getCreateTimeOffsetDateTime()).map(OffsetDateTime::toInstant),
                labels(bucket.getLabels()),
                Optional.empty());
    }

    private static Map<String, String> labels(@Nullable Map<String, @Nullable String> bucket) {
        var labels = new HashMap<String, String>();
        if (bucket != null) {
            bucket.forEach((key, value) -> labels.put(key, value == null ? "" : value));
        }
        return labels;
    }

    private static void take(
            InstancesScopedList scope,
            String project,
            String zone,
            Settings settings,
            Listed listed,
            Set<String> unreached) {
        if (!covers(settings, zone)) {
            return;
        }
        scope.getInstancesList().forEach(instance -> listed.found(found(project, zone, instance)));
        if (scope.getWarning().getCode().equals("UNREACHABLE")) {
            unreached(project, zone, settings, listed, unreached);
        }
    }

    private static boolean covers(Settings settings, String zone) {
        return settings.zones().isEmpty() || settings.zones().contains(zone);
    }

    /// Google says so of a zone in two places, and on every page.
    private static void unreached(
            String project, String zone, Settings settings, Listed listed, Set<String> unreached) {
        if (covers(settings, zone) && unreached.add(zone)) {
            listed.gap("%s / %s".formatted(project, zone), "Google does not reach this zone at the moment");
        }
    }

    private static Found found(String project, String zone, Instance instance) {
        return new Found(
                "projects/%s/zones/%s/instances/%s"
                        .formatted(project, zone, instance.getName())
                        .toLowerCase(Locale.ROOT),
                instance.getName(),
                Optional.of(instance.getHostname()).filter(name -> !name.isEmpty()),
                "Compute Engine instance",
                "%s / %s".formatted(project, zone),
                platform(instance),
                instance.getStatus(),
                time(instance.getLastStartTimestamp()).or(() -> time(instance.getCreationTimestamp())),
                instance.getLabelsMap(),
                ephemeral(instance));
    }

    /// What the disk it boots from says; an image of one's own may say nothing.
    private static Optional<String> platform(Instance instance) {
        Optional<AttachedDisk> boot =
                instance.getDisksList().stream().filter(AttachedDisk::getBoot).findFirst();
        List<String> licences = boot.stream()
                .flatMap(disk -> disk.getLicensesList().stream())
                .map(licence -> licence.toLowerCase(Locale.ROOT))
                .toList();
        boolean isWindows = Stream.concat(
                        licences.stream(),
                        boot.stream()
                                .flatMap(disk -> disk.getGuestOsFeaturesList().stream()
                                        .map(feature -> feature.getType().toLowerCase(Locale.ROOT))))
                .anyMatch(said -> said.contains("windows"));
        if (isWindows) {
            return Optional.of("windows");
        }
        return licences.stream().anyMatch(licence -> LINUX.matcher(licence).find())
                ? Optional.of("linux")
                : Optional.empty();
    }

    private static Optional<Instant> time(String text) {
        try {
            return text.isEmpty()
                    ? Optional.empty()
                    : Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> ephemeral(Instance instance) {
        String group = Finding.group(instance);
        if (!group.isEmpty()) {
            return Optional.of("in the instance group " + group);
        }
        if (instance.getScheduling().getProvisioningModel().equals("SPOT")) {
            return Optional.of("a spot instance");
        }
        return instance.getScheduling().getPreemptible() ? Optional.of("a preemptible instance") : Optional.empty();
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
