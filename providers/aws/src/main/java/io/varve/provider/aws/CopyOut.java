package io.varve.provider.aws;

import io.varve.provider.CaptureContext;
import io.varve.provider.Pauses;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.aws.AwsProvider.Reading;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KeyManagerType;

/// Copies snapshots to a forensic account, where the integration names one: for source accounts that are not trusted to
/// keep them. Without one, they are read where they are.
///
/// Snapshots under AWS's own key of an account cannot be shared: these are encrypted with a customer's key first.
final class CopyOut {
    private final Cloud cloud;
    private final Place source;
    private final Host host;
    private final Clock clock;
    private final Pauses pauses;

    CopyOut(Cloud cloud, Place source, Host host, Clock clock, Pauses pauses) {
        this.cloud = cloud;
        this.source = source;
        this.host = host;
        this.clock = clock;
        this.pauses = pauses;
    }

    private Optional<Place> target() throws ProviderException {
        Optional<String> role = cloud.settings().copyRole();
        return role.isPresent() ? Optional.of(cloud.place(role, host.region())) : Optional.empty();
    }

    Reading reading(CaptureContext context, List<Taken> taken)
            throws ProviderException, InterruptedException, IOException {
        Optional<Place> target = target();
        if (target.isEmpty()) {
            return new Reading(source, taken);
        }
        String key = cloud.settings()
                .copyKey()
                .orElseThrow(() -> new ProviderException(
                        Kind.REFUSED, "a forensic account is set, but no key (copy_key) to encrypt copies with"));
        var here = new Snapshots(source, clock, pauses);
        var there = new Snapshots(target.get(), clock, pauses);
        var copies = new ArrayList<Taken>();
        for (Taken one : taken) {
            pauses.expectWanted("copying snapshots to the forensic account");
            Taken shared = shareable(context, here, one);
            here.share(context, shared, target.get().account());
            String copy = there.copy(context, shared, host.region(), key, "copy_" + one.volume());
            copies.add(new Taken(one.volume(), one.device(), copy, one.gibibytes(), key));
        }
        there.await(
                context,
                copies.stream().map(Taken::snapshot).toList(),
                cloud.settings().poll());
        return new Reading(target.get(), copies);
    }

    private Taken shareable(CaptureContext context, Snapshots here, Taken one)
            throws ProviderException, InterruptedException, IOException {
        if (one.key().isEmpty() || !isOfAws(one.key())) {
            return one;
        }
        String key = cloud.settings()
                .shareKey()
                .orElseThrow(() -> new ProviderException(
                        Kind.REFUSED,
                        "%s is encrypted with AWS's own key and cannot be shared: name a key of account %s (share_key)"
                                .formatted(one.snapshot(), source.account())));
        String copy = here.copy(context, one, host.region(), key, "reencrypted_" + one.volume());
        here.await(context, List.of(copy), cloud.settings().poll());
        return new Taken(one.volume(), one.device(), copy, one.gibibytes(), key);
    }

    private boolean isOfAws(String key) throws ProviderException {
        try (KmsClient kms = source.kms()) {
            return kms.describeKey(request -> request.keyId(key)).keyMetadata().keyManager() == KeyManagerType.AWS;
        } catch (SdkException e) {
            throw Errors.of("looking at the key " + key, e);
        }
    }

    /// Removes the copies in the forensic account; what was shared goes away with the snapshots themselves.
    List<String> remove(CaptureContext context) throws ProviderException {
        Optional<Place> target = target();
        return target.isEmpty() ? List.of() : new Snapshots(target.get(), clock, pauses).remove(context.capture());
    }
}
