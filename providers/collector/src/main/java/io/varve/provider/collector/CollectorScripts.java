package io.varve.provider.collector;

import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.profile.Profile;

/// Makes the collector of a profile for a platform.
public final class CollectorScripts {
    private CollectorScripts() {}

    public static CollectorScript of(Profile profile, Platform platform) throws ProviderException {
        throw new ProviderException(
                Kind.REFUSED, "no collector of profile %s for %s".formatted(profile.name(), platform.text()));
    }
}
