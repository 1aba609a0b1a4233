package io.varve.provider.azure;

import io.varve.evidence.Lineage;
import io.varve.provider.CaptureContext;
import io.varve.provider.Check;
import io.varve.provider.Containment;
import io.varve.provider.Preflight;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.object.Prefix;
import io.varve.provider.collector.object.PrefixCapture;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Captures the blobs below a prefix of a container. Nothing is changed.
record BlobCapture(Duration operationPoll, Clock clock) {
    void run(CaptureContext context) throws ProviderException, InterruptedException {
        if (!context.profile().equals(PrefixCapture.PROFILE)) {
            throw new ProviderException(Kind.REFUSED, "a container is captured with profile " + PrefixCapture.PROFILE);
        }
        Prefix wanted = prefix(context.target())
                .orElseThrow(() -> new ProviderException(
                        Kind.REFUSED,
                        context.target() + " is no container of Azure, as az://account/container/prefix"));
        if (context.cancelled()) {
            throw new ProviderException(Kind.CANCELLED, "cancelled before it began");
        }
        try {
            Cloud cloud = Cloud.of(context.connection(), operationPoll);
            BlobBucket bucket = bucket(cloud, wanted, new DifferingBlobs(context));
            BlobAccount account = bucket.account();
            String caller = cloud.identity().caller();
            if (context.step("bucket").isEmpty()) {
                context.custody(
                        "bucket.found",
                        "%s in %s, as %s".formatted(bucket.text(), account.text(), caller),
                        Lineage.of(AzureProvider.NAME)
                                .account(account.subscription())
                                .region(account.region())
                                .caller(caller));
                context.completed("bucket", account.region());
            }
            new PrefixCapture(context, clock, PrefixCapture.Limits.USUAL)
                    .run(
                            bucket,
                            wanted.prefix(),
                            Map.of(
                                    "cloud", AzureProvider.NAME,
                                    "account", account.subscription(),
                                    "group", account.group(),
                                    "region", account.region(),
                                    "caller", caller));
        } catch (IOException e) {
            if (e.getCause() instanceof ProviderException refused) {
                throw refused;
            }
            throw new ProviderException(Kind.FAILED, "the capture cannot be stored: " + e.getMessage());
        }
    }

    static Optional<Prefix> prefix(String target) {
        return Prefix.of(target).filter(prefix -> prefix.scheme().equals("az"));
    }

    private static BlobBucket bucket(Cloud cloud, Prefix wanted, BlobContent.Differing differing)
            throws ProviderException {
        String[] names = wanted.bucket().split("/", 2);
        var bucket = new BlobBucket(cloud, BlobAccount.find(cloud, names[0]), names[1], differing);
        bucket.reach(wanted.prefix());
        return bucket;
    }

    static Preflight preflight(Cloud cloud, Prefix wanted) throws ProviderException {
        BlobBucket bucket = bucket(cloud, wanted, (_, _, _) -> {});
        return new Preflight(
                Optional.of(bucket.text()),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Containment.UNKNOWN,
                List.of(Check.ok(
                        "Container",
                        "to be read",
                        "%s, below %s"
                                .formatted(
                                        bucket.account().text(),
                                        wanted.prefix().isEmpty() ? "its root" : wanted.prefix()))),
                List.of(
                        "All versions, snapshots and deleted blobs that the account keeps are listed; the latest version of each blob is read.",
                        "Nothing is written, changed or rehydrated from the archive tier."));
    }

    /// Of many only the first are said.
    private static final class DifferingBlobs implements BlobContent.Differing {
        private static final int MOST = 100;
        private final CaptureContext context;
        private int count;

        private DifferingBlobs(CaptureContext context) {
            this.context = context;
        }

        @Override
        public void say(String blob, String stated, String came) throws IOException {
            if (++count > MOST) {
                return;
            }
            context.custody(
                    "object.md5",
                    "%s was written with MD5 %s, what came has %s%s"
                            .formatted(blob, stated, came, count == MOST ? "; of others it is not said any more" : ""));
        }
    }
}
