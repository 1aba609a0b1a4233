package io.varve.provider.collector;

import io.varve.provider.CaptureContext;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.profile.Profile;
import java.io.IOException;
import java.time.Clock;

/// Captures a host whose vendor lets us fetch files and run no script: the profile's files one by one.
final class PlainCapture {
    private final CaptureContext context;
    private final Clock clock;

    PlainCapture(CaptureContext context, Clock clock) {
        this.context = context;
        this.clock = clock;
    }

    void run(Profile profile, Platform platform, RemoteHost host, Channel channel)
            throws ProviderException, InterruptedException, IOException {
        throw new ProviderException(
                Kind.REFUSED,
                "%s: no file list of profile %s for %s at %s"
                        .formatted(host.name(), profile.name(), platform.text(), clock.instant()));
    }
}
