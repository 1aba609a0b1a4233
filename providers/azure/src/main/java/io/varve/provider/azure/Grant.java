package io.varve.provider.azure;

import com.azure.core.http.HttpClient;
import com.azure.core.http.policy.BearerTokenAuthenticationPolicy;
import com.azure.resourcemanager.compute.fluent.SnapshotsClient;
import com.azure.resourcemanager.compute.models.AccessLevel;
import com.azure.resourcemanager.compute.models.GrantAccessData;
import com.azure.storage.blob.specialized.PageBlobClient;
import com.azure.storage.blob.specialized.SpecializedBlobClientBuilder;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import io.varve.provider.CaptureContext;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.azure.AzureDisk.Lease;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Read access to one snapshot: an address that is signed for a time, kept in memory only. It cannot be made longer:
/// before it is over, or when Azure no longer takes it, it is ended and another one is asked for.
final class Grant implements AzureDisk.Access {
    private static final Duration SHORTEST = Duration.ofHours(1);
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final Duration MARGIN = Duration.ofMinutes(2);
    /// Slow enough for any disk; what takes longer asks again.
    private static final long BYTES_A_SECOND = 20L << 20;
    /// New ones in a row that were refused at once.
    private static final int MOST = 5;

    private final Cloud cloud;
    private final Machine machine;
    private final Taken taken;
    private final CaptureContext context;
    private final Clock clock;
    private Optional<Lease> current = Optional.empty();
    private int given;
    private int inVain;

    Grant(Cloud cloud, Machine machine, Taken taken, CaptureContext context, Clock clock) {
        this.cloud = cloud;
        this.machine = machine;
        this.taken = taken;
        this.context = context;
        this.clock = clock;
    }

    @Override
    public synchronized Lease lease() throws ProviderException {
        if (current.isPresent()
                && clock.instant().isBefore(current.get().until().minus(MARGIN))) {
            return current.get();
        }
        return open();
    }

    @Override
    public synchronized void refused(Lease stale, String code) throws ProviderException {
        if (current.isPresent() && current.get().number() == stale.number()) {
            current = Optional.empty();
            if (++inVain == MOST) {
                throw new ProviderException(Kind.FORBIDDEN, why(code));
            }
        }
    }

    private String why(String code) {
        return taken.signedIn()
                ? ("the disk %s has the data access authentication mode AzureActiveDirectory and Azure refuses to be read (%s):"
                                + " give the identity the data action Microsoft.Compute/snapshots/download/action (role Data"
                                + " Operator for Managed Disks) where the snapshots are, or set dataAccessAuthMode of the disk"
                                + " to None")
                        .formatted(taken.disk(), code)
                : ("Azure grants access to the snapshot of %s and refuses to be read with it (%s): is the worker's network"
                                + " let through (network access policy, disk access, firewall)?")
                        .formatted(taken.disk(), code);
    }

    @Override
    public synchronized void wentWell() {
        inVain = 0;
    }

    private Lease open() throws ProviderException {
        ResourceId name = taken.resource();
        SnapshotsClient snapshots = cloud.compute(name.subscription()).getSnapshots();
        Duration time = time(taken.bytes());
        Instant until = clock.instant().plus(time);
        String address;
        try {
            // one that a worker asked for which died cannot be asked again for what it was
            snapshots.revokeAccess(name.group(), name.name());
            address = snapshots
                    .grantAccess(
                            name.group(),
                            name.name(),
                            new GrantAccessData().withAccess(AccessLevel.READ).withDurationInSeconds((int)
                                    time.toSeconds()))
                    .accessSas();
        } catch (RuntimeException e) {
            throw Errors.of("asking for access to the snapshot of " + taken.disk(), e);
        }
        var lease = new Lease(++given, pages(address), until);
        current = Optional.of(lease);
        note(until);
        return lease;
    }

    static Duration time(long bytes) {
        Duration needed = SHORTEST.plusSeconds(bytes / BYTES_A_SECOND);
        return needed.compareTo(LONGEST) < 0 ? needed : LONGEST;
    }

    private static boolean isSafe(String address) {
        try {
            return Settings.isSafe(URI.create(address));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void note(Instant until) throws ProviderException {
        try {
            context.custody(
                    "access.granted",
                    "read access number %d to %s until %s"
                            .formatted(given, taken.resource().name(), until),
                    Snapshots.lineage(cloud, machine, taken.disk(), taken.snapshot())
                            .share("signed address, read only"));
        } catch (IOException e) {
            throw new ProviderException(Kind.FAILED, "custody cannot be written: " + e.getMessage());
        }
    }

    /// Does not repeat by itself: whoever reads blocks slows down and repeats.
    static SpecializedBlobClientBuilder client(String address, HttpClient http) {
        return new SpecializedBlobClientBuilder()
                .endpoint(address)
                .httpClient(http)
                .retryOptions(new RequestRetryOptions(RetryPolicyType.FIXED, 1, 60, null, null, null));
    }

    private PageBlobClient pages(@Nullable String address) throws ProviderException {
        try {
            if (address != null && isSafe(address)) {
                var builder = client(address, cloud.http());
                if (taken.signedIn()) {
                    builder.addPolicy(
                            new BearerTokenAuthenticationPolicy(cloud.identity().credential(), Identity.DISK_SCOPE));
                }
                return builder.buildPageBlobClient();
            }
        } catch (RuntimeException e) {
            // its message may hold what is signed
        }
        throw new ProviderException(
                Kind.REFUSED, "Azure gave no address that can be used for the snapshot of " + taken.disk());
    }
}
