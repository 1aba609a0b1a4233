package io.varve.worker;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.Alerts;
import io.varve.acquisition.model.Integration;
import io.varve.acquisition.model.IntegrationId;
import io.varve.acquisition.model.Integrations;
import io.varve.database.AlertOrigins;
import io.varve.database.Tasks;
import io.varve.evidence.Digest;
import io.varve.provider.AlertFeed;
import io.varve.provider.ProviderException;
import io.varve.provider.Vendor;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/// Fetches the alerts a vendor keeps, page by page, for as long as its integration asks for it. The alerts of a page
/// and
/// the place where the next one begins are kept together or not at all.
@ApplicationScoped
public class FetchTask implements WorkerTask {
    private static final Logger LOG = Logger.getLogger(FetchTask.class);
    private static final Duration EVERY = Duration.ofSeconds(60);
    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(60);
    /// While this many alerts wait to be read, no more are fetched.
    private static final int MOST_WAITING = 20_000;

    private final Integrations integrations;
    private final Connections connections;
    private final Vendors vendors;
    private final Alerts alerts;
    private final AlertOrigins origins;
    private final Clock clock;

    FetchTask(
            Integrations integrations,
            Connections connections,
            Vendors vendors,
            Alerts alerts,
            AlertOrigins origins,
            Clock clock) {
        this.integrations = integrations;
        this.connections = connections;
        this.vendors = vendors;
        this.alerts = alerts;
        this.origins = origins;
        this.clock = clock;
    }

    @Override
    public TaskDescriptor<String> task() {
        return Tasks.FETCH_ALERTS;
    }

    @Override
    public Outcome run(String subject) throws InterruptedException {
        IntegrationId id = IntegrationId.of(subject);
        Optional<Integration> wanted = integrations
                .find(id)
                .filter(Integration::enabled)
                .filter(integration -> integration.uses().contains(Integration.Use.ALERTS));
        Optional<AlertFeed> feed = wanted.flatMap(integration -> vendors.named(integration.vendor()))
                .flatMap(Vendor::feed);
        if (wanted.isEmpty() || feed.isEmpty()) {
            return Outcome.DONE;
        }
        try {
            boolean more = page(wanted.get(), feed.get());
            return new Outcome.Again(clock.instant().plus(more ? Duration.ZERO : pause(wanted.get())));
        } catch (ProviderException e) {
            LOG.infof("integration %s: %s", wanted.get().name(), e.reason());
            integrations.contact(id, clock.instant(), Optional.of(e.reason()));
            return new Outcome.Again(clock.instant().plus(e.retryAfter().orElse(AFTER_TROUBLE)));
        }
    }

    /// True when the next page is ready at once.
    private boolean page(Integration integration, AlertFeed feed) throws ProviderException, InterruptedException {
        if (alerts.unreadCount(integration.organisation(), MOST_WAITING) == MOST_WAITING) {
            return false;
        }
        Optional<String> cursor = integrations.status(integration.id()).cursor();
        AlertFeed.Page page = feed.next(connections.open(integration), cursor, clock.instant());
        QuarkusTransaction.requiringNew().run(() -> {
            long kept = 0;
            for (AlertFeed.RawAlert alert : page.alerts()) {
                kept += keep(integration, alert) ? 1 : 0;
            }
            integrations.polled(integration.id(), page.cursor(), kept, clock.instant());
        });
        return page.more();
    }

    /// The same content of the same integration is the same delivery: pages overlap so that nothing
    /// is missed.
    private boolean keep(Integration integration, AlertFeed.RawAlert body) {
        String identity = integration.id() + "/" + body.source() + "/" + Digest.of(body.body());
        var id = new AlertId(UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8)));
        if (alerts.find(id).isPresent()) {
            return false;
        }
        Instant now = clock.instant();
        alerts.receive(
                new Alert(
                        id,
                        integration.organisation(),
                        body.source(),
                        now,
                        Alert.State.RECEIVED,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                body.body());
        origins.save(new AlertOrigins.Origin(id, integration.organisation(), integration.id(), Map.of()));
        return true;
    }

    private static Duration pause(Integration integration) {
        String seconds = integration.settings().getOrDefault("fetch_seconds", "");
        return seconds.matches("[1-9]\\d{0,4}") ? Duration.ofSeconds(Long.parseLong(seconds)) : EVERY;
    }
}
