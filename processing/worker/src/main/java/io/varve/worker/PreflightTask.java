package io.varve.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.varve.acquisition.Channel;
import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.Assets;
import io.varve.acquisition.model.Integration;
import io.varve.database.Preflights;
import io.varve.database.Preflights.Asked;
import io.varve.database.Tasks;
import io.varve.provider.Preflight;
import io.varve.provider.Provider;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/// Looks at a host and at the way to it before somebody captures it.
@ApplicationScoped
public class PreflightTask implements WorkerTask {
    private static final JsonMapper JSON = new JsonMapper();

    private final Preflights preflights;
    private final Assets assets;
    private final Connections connections;
    private final Providers providers;
    private final Clock clock;

    PreflightTask(Preflights preflights, Assets assets, Connections connections, Providers providers, Clock clock) {
        this.preflights = preflights;
        this.assets = assets;
        this.connections = connections;
        this.providers = providers;
        this.clock = clock;
    }

    @Override
    public TaskDescriptor<String> task() {
        return Tasks.PREFLIGHT;
    }

    @Override
    public Outcome run(String subject) throws InterruptedException {
        Optional<Asked> open = preflights
                .find(UUID.fromString(subject))
                .filter(asked -> asked.endedAt().isEmpty());
        if (open.isEmpty()) {
            return Outcome.DONE;
        }
        Asked asked = open.get();
        Optional<String> result = Optional.empty();
        Optional<String> problem = Optional.empty();
        try {
            result = Optional.of(json(look(asked)));
        } catch (ProviderException e) {
            problem = Optional.of(e.reason());
        }
        preflights.answered(asked.id(), result, problem, clock.instant());
        return Outcome.DONE;
    }

    private Optional<Preflight> look(Asked asked) throws ProviderException, InterruptedException {
        Asset asset = assets.find(asked.asset())
                .orElseThrow(() -> new ProviderException(Kind.NOT_FOUND, "the asset is gone"));
        String target = Channel.named(asked.provider())
                .flatMap(channel -> channel.target(asset))
                .orElseThrow(() -> new ProviderException(
                        Kind.NOT_FOUND,
                        "%s has no name by which %s knows it".formatted(asset.name(), asked.provider())));
        Provider provider = providers.named(asked.provider());
        List<Integration> tenants = connections.with(asked.organisation(), asked.provider(), Integration.Use.CAPTURE);
        if (tenants.isEmpty()) {
            throw new ProviderException(
                    Kind.REFUSED, "no integration with %s is set up for captures".formatted(asked.provider()));
        }
        ProviderException last = new ProviderException(Kind.NOT_FOUND, "not found");
        for (Integration tenant : tenants) {
            try {
                return provider.preflight(connections.open(tenant), target, asked.profile());
            } catch (ProviderException e) {
                last = e;
                if (e.kind() != Kind.NOT_FOUND) {
                    break;
                }
            }
        }
        throw last;
    }

    private static String json(Optional<Preflight> found) {
        ObjectNode node = JSON.createObjectNode();
        found.ifPresent(preflight -> {
            preflight.host().ifPresent(host -> node.put("host", host));
            preflight.platform().ifPresent(platform -> node.put("platform", platform));
            preflight.online().ifPresent(online -> node.put("online", online));
            node.put("containment", preflight.containment().text());
            node.set("others", JSON.valueToTree(preflight.others()));
            node.set("touches", JSON.valueToTree(preflight.touches()));
            var checks = node.putArray("checks");
            preflight
                    .checks()
                    .forEach(check -> checks.addObject()
                            .put("name", check.name())
                            .put("needed", check.needed())
                            .put("result", check.result().name().toLowerCase(Locale.ROOT))
                            .put("detail", check.detail())
                            .put("mend", check.mend()));
        });
        try {
            return JSON.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
