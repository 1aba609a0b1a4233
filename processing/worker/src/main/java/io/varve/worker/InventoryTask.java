package io.varve.worker;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.varve.acquisition.model.Integration;
import io.varve.acquisition.model.IntegrationId;
import io.varve.acquisition.model.Integrations;
import io.varve.database.Inventories;
import io.varve.database.Inventories.Gap;
import io.varve.database.Inventories.Item;
import io.varve.database.Tasks;
import io.varve.provider.Inventory;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.Vendor;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Lists what an integration holds that can be captured.
@ApplicationScoped
public class InventoryTask implements WorkerTask {
    private static final int BATCH = 500;
    private static final int MOST_GAPS = 200;

    private final Integrations integrations;
    private final Inventories inventories;
    private final Connections connections;
    private final Vendors vendors;
    private final Clock clock;

    InventoryTask(
            Integrations integrations, Inventories inventories, Connections connections, Vendors vendors, Clock clock) {
        this.integrations = integrations;
        this.inventories = inventories;
        this.connections = connections;
        this.vendors = vendors;
        this.clock = clock;
    }

    @Override
    public TaskDescriptor<String> task() {
        return Tasks.LIST_INVENTORY;
    }

    @Override
    public Outcome run(String subject) throws InterruptedException {
        Optional<Integration> known = integrations.find(IntegrationId.of(subject));
        if (known.isEmpty()) {
            return Outcome.DONE;
        }
        Integration integration = known.get();
        Instant began = clock.instant();
        var kept = new Kept(integration);
        Optional<String> problem = Optional.empty();
        try {
            inventory(integration).list(connections.open(integration), kept);
        } catch (ProviderException e) {
            problem = Optional.of(e.reason());
        }
        kept.flush();
        inventories.ended(integration.id(), began, kept.gaps, problem, clock.instant());
        return Outcome.DONE;
    }

    private Inventory inventory(Integration integration) throws ProviderException {
        return vendors.named(integration.vendor())
                .flatMap(Vendor::inventory)
                .orElseThrow(() -> new ProviderException(
                        Kind.REFUSED, "%s has no list of what can be captured".formatted(integration.name())));
    }

    /// Hands what is found to the database, a batch at a time.
    private final class Kept implements Inventory.Listing {
        private final Integration integration;
        private final List<Gap> gaps = new ArrayList<>();
        private final List<Item> batch = new ArrayList<>();

        Kept(Integration integration) {
            this.integration = integration;
        }

        @Override
        public void found(Inventory.Found found) {
            Instant now = clock.instant();
            batch.add(new Item(
                    integration.id(),
                    found.id(),
                    found.name(),
                    found.hostName(),
                    found.kind(),
                    found.place(),
                    found.platform(),
                    found.state(),
                    found.startedAt(),
                    found.tags(),
                    found.ephemeral(),
                    now,
                    now,
                    Optional.empty()));
            if (batch.size() == BATCH) {
                flush();
            }
        }

        @Override
        public void gap(String place, String reason) {
            if (gaps.size() < MOST_GAPS) {
                gaps.add(new Gap(place, reason));
            } else if (gaps.size() == MOST_GAPS) {
                // every place begins so: nothing is taken to be gone
                gaps.add(new Gap("", "More places could not be listed."));
            }
        }

        void flush() {
            if (!batch.isEmpty()) {
                inventories.found(integration.id(), integration.organisation(), batch, clock.instant());
                batch.clear();
            }
        }
    }
}
