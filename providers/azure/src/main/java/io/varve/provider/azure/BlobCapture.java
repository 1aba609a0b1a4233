package io.varve.provider.azure;

import io.varve.evidence.Lineage;
import io.varve.provider.CaptureContext;
import io.varve.provider.Check;
import io.varve.provider.Containment;
import io.varve.provider.Preflight;
import io.varve.provider.ProviderException;
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
    static final String SCHEME = "az";

    void run(CaptureContext context) throws ProviderException, InterruptedException {
        Prefix wanted = PrefixCapture.wanted(context, SCHEME);
        Cloud cloud = Cloud.of(context.connection(), operationPoll);
        BlobBucket bucket = bucket(cloud, wanted, new DifferingBlobs(context));
        BlobAccount account = bucket.account();
        String caller = cloud.identity().caller();
        new PrefixCapture(context, clock, PrefixCapture.Limits.USUAL)
                .run(
                        bucket,
                        wanted.prefix(),
                        new PrefixCapture.Where(
                                "%s, as %s".formatted(account.text(), caller),
                                Lineage.of(AzureProvider.NAME)
                                        .account(account.subscription())
                                        .region(account.region())
                                        .caller(caller),
                                Map.of(
                                        "cloud", AzureProvider.NAME,
                                        "account", account.subscription(),
                                        "group", account.group(),
                                        "region", account.region(),
                                        "caller", caller)));
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
