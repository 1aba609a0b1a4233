package io.varve.provider.aws;

import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeyState;

/// Looks at the keys of encrypted volumes before anything is made: without a key that works, what is captured cannot be
/// read.
final class KeyCheck {
    private KeyCheck() {}

    static void expectUsable(Place place, List<Host.Volume> volumes) throws ProviderException {
        Set<String> keys = new TreeSet<>();
        volumes.stream().map(Host.Volume::key).filter(key -> !key.isEmpty()).forEach(keys::add);
        if (keys.isEmpty()) {
            return;
        }
        try (KmsClient kms = place.kms()) {
            for (String key : keys) {
                KeyMetadata found =
                        kms.describeKey(request -> request.keyId(key)).keyMetadata();
                if (found.keyState() != KeyState.ENABLED) {
                    throw new ProviderException(
                            Kind.REFUSED,
                            "the key %s is %s: its volumes cannot be read until it is enabled"
                                    .formatted(key, found.keyStateAsString()));
                }
            }
        } catch (SdkException e) {
            throw Errors.of("looking at the keys of the volumes", e);
        }
    }
}
