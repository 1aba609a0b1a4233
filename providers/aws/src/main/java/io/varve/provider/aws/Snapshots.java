package io.varve.provider.aws;

import com.fasterxml.jackson.core.type.TypeReference;
import io.varve.provider.CaptureContext;
import io.varve.provider.Pages;
import io.varve.provider.Pauses;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.CreateSnapshotsResponse;
import software.amazon.awssdk.services.ec2.model.CreateVolumePermission;
import software.amazon.awssdk.services.ec2.model.DescribeSnapshotsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSnapshotsResponse;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Snapshot;
import software.amazon.awssdk.services.ec2.model.SnapshotState;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/// Snapshots of a capture in one place: made once, found again by their tags, waited for, removed.
final class Snapshots {
    /// Names the capture they belong to.
    static final String TAG = "varve-capture";

    /// From when on nobody needs them, whatever happened to their capture.
    static final String EXPIRES = "varve-expires";

    private static final String WAITING = "waiting for snapshots";
    private static final Duration GRACE = Duration.ofDays(1);

    private final Place place;
    private final Clock clock;
    private final Pauses pauses;

    /// @param pauses while snapshots become complete
    Snapshots(Place place, Clock clock, Pauses pauses) {
        this.place = place;
        this.clock = clock;
        this.pauses = pauses;
    }

    /// One request for all volumes, so that they are of the same moment. A request whose answer was lost is found by
    /// its tag.
    List<Taken> take(CaptureContext context, Host host) throws ProviderException, IOException {
        Optional<String> done = context.step("snapshots");
        if (done.isPresent()) {
            return Host.read(done.get(), new TypeReference<>() {});
        }
        try (Ec2Client ec2 = place.ec2()) {
            Map<String, Snapshot> byVolume = new HashMap<>();
            found(ec2, context.capture()).stream()
                    .filter(snapshot -> snapshot.state() != SnapshotState.ERROR)
                    .sorted(Comparator.comparing(Snapshot::startTime).reversed())
                    .forEach(snapshot -> byVolume.put(snapshot.volumeId(), snapshot));
            boolean complete = host.volumes().stream().allMatch(volume -> byVolume.containsKey(volume.volume()));
            if (!complete) {
                create(ec2, context, host);
                byVolume.clear();
                found(ec2, context.capture()).forEach(snapshot -> byVolume.put(snapshot.volumeId(), snapshot));
            }
            List<Taken> taken = taken(host, byVolume);
            context.completed("snapshots", Host.write(taken));
            return taken;
        } catch (SdkException e) {
            throw Errors.of("taking snapshots of " + host.instance(), e);
        }
    }

    private void create(Ec2Client ec2, CaptureContext context, Host host) throws IOException {
        CreateSnapshotsResponse answer =
                ec2.createSnapshots(request -> request.instanceSpecification(of -> of.instanceId(host.instance()))
                        .description("Varve capture " + context.capture())
                        .tagSpecifications(tags(context)));
        context.custody(
                "snapshots.created",
                "%s of %s as %s, request %s"
                        .formatted(
                                answer.snapshots().stream()
                                        .map(one -> one.snapshotId() + " of " + one.volumeId())
                                        .sorted()
                                        .toList(),
                                host.instance(),
                                place.caller(),
                                answer.responseMetadata().requestId()));
    }

    private static TagSpecification tags(CaptureContext context) {
        return TagSpecification.builder()
                .resourceType(ResourceType.SNAPSHOT)
                .tags(
                        Tag.builder().key(TAG).value(context.capture()).build(),
                        Tag.builder()
                                .key("varve-evidence")
                                .value(context.evidence().id())
                                .build(),
                        Tag.builder()
                                .key(EXPIRES)
                                .value(context.deadline().plus(GRACE).toString())
                                .build())
                .build();
    }

    private static List<Taken> taken(Host host, Map<String, Snapshot> byVolume) throws ProviderException {
        var taken = new ArrayList<Taken>();
        for (Host.Volume volume : host.volumes()) {
            Snapshot snapshot = byVolume.get(volume.volume());
            if (snapshot == null) {
                throw new ProviderException(
                        Kind.FAILED, "no snapshot of %s of %s was made".formatted(volume.volume(), host.instance()));
            }
            taken.add(new Taken(
                    volume.volume(),
                    volume.device(),
                    snapshot.snapshotId(),
                    snapshot.volumeSize(),
                    Optional.ofNullable(snapshot.kmsKeyId()).orElse("")));
        }
        return List.copyOf(taken);
    }

    private List<Snapshot> found(Ec2Client ec2, String capture) throws ProviderException {
        return all(ec2, Filter.builder().name("tag:" + TAG).values(capture).build());
    }

    private List<Snapshot> all(Ec2Client ec2, Filter filter) throws ProviderException {
        var all = new ArrayList<Snapshot>();
        var pages = new Pages("listing snapshots of " + place.text(), Pages.MOST);
        Optional<String> token = Optional.empty();
        do {
            DescribeSnapshotsRequest.Builder request =
                    DescribeSnapshotsRequest.builder().ownerIds("self").filters(filter);
            token.ifPresent(request::nextToken);
            DescribeSnapshotsResponse page = ec2.describeSnapshots(request.build());
            all.addAll(page.snapshots());
            token = Optional.ofNullable(page.nextToken());
        } while (pages.hasNext(token.orElse("")));
        return all;
    }

    /// Copies a snapshot to here, encrypted with another key, once.
    ///
    /// @return id of the copy
    String copy(CaptureContext context, Taken source, String region, String key, String step)
            throws ProviderException, IOException {
        Optional<String> done = context.step(step);
        if (done.isPresent()) {
            return done.get();
        }
        String description = "Varve copy of " + source.snapshot();
        try (Ec2Client ec2 = place.ec2()) {
            Optional<String> before = found(ec2, context.capture()).stream()
                    .filter(snapshot -> description.equals(snapshot.description()))
                    .filter(snapshot -> snapshot.state() != SnapshotState.ERROR)
                    .map(Snapshot::snapshotId)
                    .findFirst();
            String copy = before.orElseGet(() -> ec2.copySnapshot(request -> {
                        request.sourceRegion(region)
                                .sourceSnapshotId(source.snapshot())
                                .description(description)
                                .encrypted(true)
                                .kmsKeyId(key)
                                .tagSpecifications(tags(context));
                        // the library would compute it from the address, which a private endpoint does not have
                        place.endpoint().ifPresent(own -> request.presignedUrl(own.toString()));
                    })
                    .snapshotId());
            context.custody(
                    "snapshot.copied", "%s of %s, key %s, %s".formatted(copy, source.snapshot(), key, place.text()));
            context.completed(step, copy);
            return copy;
        } catch (SdkException e) {
            throw Errors.of("copying %s to %s".formatted(source.snapshot(), place.text()), e);
        }
    }

    /// Lets another account read a snapshot.
    void share(CaptureContext context, Taken snapshot, String account) throws ProviderException, IOException {
        try (Ec2Client ec2 = place.ec2()) {
            ec2.modifySnapshotAttribute(request -> request.snapshotId(snapshot.snapshot())
                    .attribute("createVolumePermission")
                    .createVolumePermission(change -> change.add(
                            CreateVolumePermission.builder().userId(account).build())));
            context.custody("snapshot.shared", "%s with account %s".formatted(snapshot.snapshot(), account));
        } catch (SdkException e) {
            throw Errors.of("sharing %s with account %s".formatted(snapshot.snapshot(), account), e);
        }
    }

    /// Returns when all are complete.
    void await(CaptureContext context, List<String> ids, Duration poll) throws ProviderException, InterruptedException {
        try (Ec2Client ec2 = place.ec2()) {
            while (true) {
                List<Snapshot> now = ec2.describeSnapshots(request -> request.snapshotIds(ids))
                        .snapshots();
                for (Snapshot snapshot : now) {
                    if (snapshot.state() == SnapshotState.ERROR) {
                        throw new ProviderException(
                                Kind.REFUSED,
                                "snapshot %s failed: %s".formatted(snapshot.snapshotId(), snapshot.stateMessage()));
                    }
                }
                if (now.stream().allMatch(snapshot -> snapshot.state() == SnapshotState.COMPLETED)) {
                    return;
                }
                expectTime(context);
                context.progress(0, 0, "Waiting for the snapshots: " + progress(now));
                pauses.pass(poll, WAITING);
            }
        } catch (SdkException e) {
            throw Errors.of(WAITING, e);
        }
    }

    private static String progress(List<Snapshot> snapshots) {
        return String.join(
                ", ",
                snapshots.stream()
                        .map(snapshot -> "%s %s"
                                .formatted(
                                        snapshot.volumeId(),
                                        Optional.ofNullable(snapshot.progress()).orElse("")))
                        .toList());
    }

    private void expectTime(CaptureContext context) throws ProviderException {
        pauses.expectWanted(WAITING);
        if (!clock.instant().isBefore(context.deadline())) {
            throw new ProviderException(Kind.REFUSED, "the snapshots were not complete in time");
        }
    }

    /// Removes every snapshot of the capture, and those of any capture whose time is long over.
    ///
    /// @return ids of what was removed
    List<String> remove(String capture) throws ProviderException {
        var removed = new ArrayList<String>();
        try (Ec2Client ec2 = place.ec2()) {
            for (Snapshot snapshot : found(ec2, capture)) {
                remove(ec2, snapshot.snapshotId(), removed);
            }
            for (Snapshot snapshot : expired(ec2)) {
                remove(ec2, snapshot.snapshotId(), removed);
            }
            return removed;
        } catch (SdkException e) {
            throw Errors.of("removing the snapshots of the capture", e);
        }
    }

    private static void remove(Ec2Client ec2, String id, List<String> removed) {
        try {
            ec2.deleteSnapshot(request -> request.snapshotId(id));
            removed.add(id);
        } catch (AwsServiceException e) {
            if (!Errors.isGone(e)) {
                throw e;
            }
        }
    }

    private List<Snapshot> expired(Ec2Client ec2) throws ProviderException {
        return all(ec2, Filter.builder().name("tag-key").values(EXPIRES).build()).stream()
                .filter(snapshot -> snapshot.tags().stream()
                        .filter(tag -> tag.key().equals(EXPIRES))
                        .anyMatch(tag -> isOver(tag.value())))
                .toList();
    }

    private boolean isOver(String time) {
        try {
            return Instant.parse(time).isBefore(clock.instant());
        } catch (DateTimeParseException e) {
            return false;
        }
    }
}
