package io.varve.provider.collector;

import io.varve.provider.CaptureContext;
import io.varve.provider.Connection;
import io.varve.provider.Containment;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/// Reads a host's containment before, during and after a capture, and says loudly when somebody changed it meanwhile.
///
/// Steps: `containment_before`, `containment_changed` (the first change, in words), `containment_after`.
final class ContainmentWatch {
    static final String CHANGED = "containment_changed";

    private static final Duration LOOK_EVERY = Duration.ofSeconds(30);

    private final HostDirectory hosts;
    private final Connection connection;
    private final RemoteHost host;
    private final CaptureContext context;
    private final Clock clock;
    private Instant looked = Instant.MIN;

    ContainmentWatch(HostDirectory hosts, Connection connection, RemoteHost host, CaptureContext context, Clock clock) {
        this.hosts = hosts;
        this.connection = connection;
        this.host = host;
        this.context = context;
        this.clock = clock;
    }

    void before() throws ProviderException, InterruptedException, IOException {
        if (context.step("containment_before").isPresent()) {
            return;
        }
        Containment now = now();
        context.custody("containment.before", "%s on %s".formatted(now.text(), host.id()));
        context.completed("containment_before", now.text());
    }

    /// Looks again when the last look is some time ago.
    void look() throws ProviderException, InterruptedException, IOException {
        if (clock.instant().isBefore(looked.plus(LOOK_EVERY))) {
            return;
        }
        compare(now(), "during");
    }

    void after() throws ProviderException, InterruptedException, IOException {
        if (context.step("containment_after").isPresent()) {
            return;
        }
        Containment now = now();
        compare(now, "after");
        context.custody("containment.after", "%s on %s".formatted(now.text(), host.id()));
        context.completed("containment_after", now.text());
    }

    private Containment now() throws ProviderException, InterruptedException {
        looked = clock.instant();
        return hosts.containment(connection, host);
    }

    private void compare(Containment now, String when) throws ProviderException, IOException {
        Containment before = context.step("containment_before")
                .map(text -> Containment.valueOf(text.toUpperCase(Locale.ROOT)))
                .orElseThrow(() -> new ProviderException(Kind.FAILED, "containment was not read before the capture"));
        if (now == before || context.step(CHANGED).isPresent()) {
            return;
        }
        String text = "%s before, %s %s the capture; not changed by Varve".formatted(before.text(), now.text(), when);
        context.custody("containment.changed", text);
        context.completed(CHANGED, text);
    }
}
