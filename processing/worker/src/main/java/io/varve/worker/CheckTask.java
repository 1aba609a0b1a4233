package io.varve.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.varve.acquisition.model.Integration;
import io.varve.acquisition.model.IntegrationId;
import io.varve.acquisition.model.Integrations;
import io.varve.database.Tasks;
import io.varve.provider.Check;
import io.varve.provider.ProviderException;
import io.varve.provider.Vendor;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Looks at what a vendor's tenant allows us, and keeps what was found for the integrations page.
@ApplicationScoped
public class CheckTask implements WorkerTask {
    private static final JsonMapper JSON = new JsonMapper();

    private final Integrations integrations;
    private final Connections connections;
    private final Vendors vendors;
    private final Clock clock;

    CheckTask(Integrations integrations, Connections connections, Vendors vendors, Clock clock) {
        this.integrations = integrations;
        this.connections = connections;
        this.vendors = vendors;
        this.clock = clock;
    }

    @Override
    public TaskDescriptor<String> task() {
        return Tasks.CHECK_INTEGRATION;
    }

    @Override
    public Outcome run(String subject) throws InterruptedException {
        Optional<Integration> known = integrations.find(IntegrationId.of(subject));
        if (known.isEmpty()) {
            return Outcome.DONE;
        }
        Integration integration = known.get();
        List<Check> checks;
        try {
            checks = checks(integration);
            integrations.contact(integration.id(), clock.instant(), Optional.empty());
        } catch (ProviderException e) {
            checks = List.of(new Check(
                    "Connection",
                    "everything",
                    Check.Result.FAILED,
                    e.reason(),
                    "Check the address and the credentials of the integration."));
            integrations.contact(integration.id(), clock.instant(), Optional.of(e.reason()));
        }
        integrations.checked(integration.id(), json(checks), clock.instant());
        return Outcome.DONE;
    }

    private List<Check> checks(Integration integration) throws ProviderException, InterruptedException {
        Optional<Vendor> vendor = vendors.named(integration.vendor());
        if (vendor.isEmpty()) {
            return List.of();
        }
        return vendor.get().check(connections.open(integration));
    }

    static String json(List<Check> checks) {
        var array = JSON.createArrayNode();
        for (Check check : checks) {
            array.addObject()
                    .put("name", check.name())
                    .put("needed", check.needed())
                    .put("result", check.result().name().toLowerCase(Locale.ROOT))
                    .put("detail", check.detail())
                    .put("mend", check.mend());
        }
        try {
            return JSON.writeValueAsString(array);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
