package io.varve.provider.sentinelone;

import com.google.auto.service.AutoService;
import io.varve.provider.AlertFeed;
import io.varve.provider.Check;
import io.varve.provider.Connection;
import io.varve.provider.Console;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.Vendor;
import io.varve.provider.Waiting;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A SentinelOne tenant: its rights, its alerts, and notes on them.
@AutoService(Vendor.class)
public final class SentinelOneVendor implements Vendor {
    private static final int LONGEST_NOTE = 10_000;

    private final Clock clock;
    private final Waiting waiting;

    public SentinelOneVendor() {
        this(Clock.systemUTC(), Thread::sleep);
    }

    public SentinelOneVendor(Clock clock, Waiting waiting) {
        this.clock = clock;
        this.waiting = waiting;
    }

    @Override
    public String name() {
        return SentinelOneProvider.NAME;
    }

    @Override
    public List<Check> check(Connection connection) throws ProviderException, InterruptedException {
        return new SentinelOneCheck(new SentinelOne(connection, clock, waiting)).all();
    }

    @Override
    public Optional<AlertFeed> feed() {
        return Optional.of(new SentinelOneAlerts(clock, waiting));
    }

    @Override
    public Optional<Console> console() {
        return Optional.of(this::comment);
    }

    /// Threats have numbers, unified alerts have UUIDs; alerts of custom rules take no notes but as
    /// unified alerts.
    private void comment(Connection connection, Console.Subject subject, String text)
            throws ProviderException, InterruptedException {
        var client = new SentinelOne(connection, clock, waiting);
        String note = text.length() <= LONGEST_NOTE ? text : text.substring(0, LONGEST_NOTE);
        if (!SentinelOne.id(subject.alert())) {
            new UnifiedAlerts(client).note(subject.alert(), note);
            return;
        }
        int affected = client.post(
                        Right.THREAT_NOTES,
                        "/threats/notes",
                        Map.of("data", Map.of("text", note), "filter", Map.of("ids", List.of(subject.alert()))))
                .path("data")
                .path("affected")
                .asInt(0);
        if (affected == 0) {
            throw new ProviderException(
                    Kind.NOT_FOUND,
                    "SentinelOne has no threat %s to comment on; alerts of custom rules take no notes here"
                            .formatted(subject.alert()));
        }
    }
}
