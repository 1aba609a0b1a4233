package io.varve.emulator.aws;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the control plane's snapshots hold, learnt from what passes through; and what moto does not tell of them.
final class Snapshots {
    private static final Pattern DESCRIBED =
            Pattern.compile("<snapshotId>([^<]+)</snapshotId>(?s)(.*?)<status>[a-z]+</status>");

    private final Clock clock;
    private final Map<String, DiskImage> volumes = new ConcurrentHashMap<>();
    private final Map<String, String> keys = new ConcurrentHashMap<>();
    private final Map<String, Snapshot> known = new ConcurrentHashMap<>();
    private Duration settling = Duration.ZERO;

    Snapshots(Clock clock) {
        this.clock = clock;
    }

    private record Snapshot(
            String owner, DiskImage disk, Optional<String> key, Instant readyAt, Set<String> sharedWith) {}

    void settling(Duration time) {
        settling = time;
    }

    void volume(String id, DiskImage disk, Optional<String> key) {
        volumes.put(id, disk);
        key.ifPresent(arn -> keys.put(id, arn));
    }

    /// A snapshot that the caller may read, and that is complete.
    DiskImage readable(String id, String account, Policy policy, Set<String> disabledKeys) throws Refused {
        Snapshot snapshot = known.get(id);
        if (snapshot == null) {
            throw Refused.missing(id);
        }
        if (!snapshot.owner.equals(account) && !snapshot.sharedWith.contains(account)) {
            throw new Refused(
                    403, "AccessDeniedException", "UNAUTHORIZED_ACCOUNT", "The snapshot is another account's.");
        }
        if (clock.instant().isBefore(snapshot.readyAt)) {
            throw Refused.invalid("INVALID_SNAPSHOT_ID", "The snapshot '" + id + "' is pending.");
        }
        if (snapshot.key.isPresent()) {
            if (!policy.allows("kms:Decrypt")) {
                throw new Refused(
                        403,
                        "AccessDeniedException",
                        "DEPENDENCY_ACCESS_DENIED",
                        "The caller may not use the key " + snapshot.key.get());
            }
            if (disabledKeys.contains(snapshot.key.get())) {
                throw Refused.invalid("INVALID_CUSTOMER_KEY", "The key " + snapshot.key.get() + " is disabled.");
            }
        }
        return snapshot.disk;
    }

    void created(String xml, String owner) {
        List<String> ids = Moto.all(xml, "snapshotId");
        List<String> of = Moto.all(xml, "volumeId");
        for (int i = 0; i < Math.min(ids.size(), of.size()); i++) {
            DiskImage disk = volumes.get(of.get(i));
            if (disk != null) {
                add(ids.get(i), owner, disk, Optional.ofNullable(keys.get(of.get(i))));
            }
        }
    }

    void copied(String source, String copy, String owner, Optional<String> key) {
        Snapshot original = known.get(source);
        if (original != null) {
            add(copy, owner, original.disk, key.or(original::key));
        }
    }

    private void add(String id, String owner, DiskImage disk, Optional<String> key) {
        known.put(id, new Snapshot(owner, disk, key, clock.instant().plus(settling), ConcurrentHashMap.newKeySet()));
    }

    void deleted(String id) {
        known.remove(id);
    }

    void shared(String id, String account) {
        Snapshot snapshot = known.get(id);
        if (snapshot != null) {
            snapshot.sharedWith.add(account);
        }
    }

    void unshared(String id, String account) {
        Snapshot snapshot = known.get(id);
        if (snapshot != null) {
            snapshot.sharedWith.remove(account);
        }
    }

    boolean isOf(String id, String account) {
        Snapshot snapshot = known.get(id);
        return snapshot == null || snapshot.owner.equals(account);
    }

    Optional<DiskImage> disk(String id) {
        return Optional.ofNullable(known.get(id)).map(Snapshot::disk);
    }

    /// Every snapshot there ever was of this volume's present content, as long as it exists.
    Set<String> ids() {
        return Set.copyOf(known.keySet());
    }

    /// What DescribeSnapshots says, with the time a snapshot takes and its key.
    String described(String xml) {
        return DESCRIBED
                .matcher(xml)
                .replaceAll(found -> Matcher.quoteReplacement(described(found.group(1), found.group())));
    }

    private String described(String id, String item) {
        Snapshot snapshot = known.get(id);
        if (snapshot == null) {
            return item;
        }
        boolean pending = clock.instant().isBefore(snapshot.readyAt);
        String state = item.replaceFirst(
                "<status>[a-z]+</status>", pending ? "<status>pending</status>" : "<status>completed</status>");
        return snapshot.key
                .map(key -> state.replace("</snapshotId>", "</snapshotId><kmsKeyId>" + key + "</kmsKeyId>"))
                .orElse(state);
    }
}
