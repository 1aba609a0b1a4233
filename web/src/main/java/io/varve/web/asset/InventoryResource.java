package io.varve.web.asset;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.varve.acquisition.AssetIdentity;
import io.varve.acquisition.Channel;
import io.varve.acquisition.Sighting;
import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.Integration;
import io.varve.acquisition.model.Integration.Use;
import io.varve.acquisition.model.IntegrationId;
import io.varve.acquisition.model.Integrations;
import io.varve.database.Inventories;
import io.varve.database.Inventories.Found;
import io.varve.database.Inventories.Item;
import io.varve.database.Locks;
import io.varve.database.Tasks;
import io.varve.provider.collector.function.FunctionArn;
import io.varve.provider.collector.object.Prefix;
import io.varve.web.Named;
import io.varve.web.Requests;
import io.varve.web.access.CurrentCaller;
import io.varve.web.asset.InventoryView.Listed;
import io.varve.web.asset.InventoryView.Source;
import io.varve.web.problem.ProblemException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What clouds and clusters hold that can be captured: searched here, listed by a worker.
@Path("/api/v1/inventory")
@RunOnVirtualThread
public class InventoryResource {
    private static final int USUAL = 200;
    private static final int LONGEST_SEARCH = 500;
    private static final int LONGEST_ID = 1_000;
    /// Assets keep no longer names.
    private static final int LONGEST_PREFIX = 250;

    private final Inventories inventories;
    private final Integrations integrations;
    private final AssetIdentity identity;
    private final Locks locks;
    private final SchedulerClient queue;
    private final CurrentCaller current;
    private final Clock clock;

    InventoryResource(
            Inventories inventories,
            Integrations integrations,
            AssetIdentity identity,
            Locks locks,
            SchedulerClient queue,
            CurrentCaller current,
            Clock clock) {
        this.inventories = inventories;
        this.integrations = integrations;
        this.identity = identity;
        this.locks = locks;
        this.queue = queue;
        this.current = current;
        this.clock = clock;
    }

    public record Wanted(@Nullable String integration) {}

    public record Chosen(
            @Nullable String integration, @Nullable String id) {}

    /// @param q words that all appear in the name, identifier, place or tags (`name=value`)
    @GET
    public InventoryView search(
            @QueryParam("q") @Nullable String q,
            @QueryParam("integration") @Nullable String integration,
            @QueryParam("limit") @Nullable Integer limit) {
        String words = Requests.given(q).orElse("");
        if (words.length() > LONGEST_SEARCH) {
            throw ProblemException.badRequest("q is too long");
        }
        Optional<IntegrationId> of = Requests.optionalId(integration, IntegrationId::of, "integration")
                .map(id -> source(id).id());
        Found found = inventories.search(current.organisation(), of, words, Requests.limit(limit, USUAL));
        List<Source> sources = sources().stream()
                .map(one -> Source.of(one, inventories.listing(one.id())))
                .toList();
        return new InventoryView(sources, found.items().stream().map(Listed::of).toList(), found.total());
    }

    /// Asks a worker to list one integration again, or all.
    @POST
    @Path("lists")
    public Response list(@Nullable Wanted body) {
        Optional<IntegrationId> one = Requests.optionalId(
                Optional.ofNullable(body).map(Wanted::integration).orElse(null), IntegrationId::of, "integration");
        List<Integration> asked = one.map(id -> List.of(source(id))).orElseGet(this::sources);
        Instant now = clock.instant();
        QuarkusTransaction.requiringNew().run(() -> {
            for (Integration integration : asked) {
                if (Tasks.queue(queue, Tasks.LIST_INVENTORY, integration.id().toString(), now)) {
                    inventories.requested(
                            integration.id(),
                            current.organisation(),
                            current.caller().name(),
                            now);
                }
            }
        });
        return Response.accepted().build();
    }

    /// Makes an asset of what was listed, or finds the one it is, so that it can be captured.
    @POST
    @Path("assets")
    public Named choose(@Nullable Chosen body) {
        Chosen chosen = Requests.body(body);
        IntegrationId integration =
                Requests.id(Requests.text(chosen.integration(), "integration"), IntegrationId::of, "integration");
        String id = Requests.given(chosen.id())
                .filter(given -> given.length() <= LONGEST_ID && given.chars().noneMatch(Character::isISOControl))
                // a version of a function is of the function that is listed
                .map(given -> FunctionArn.of(given).map(FunctionArn::text).orElse(given))
                .orElseThrow(() -> ProblemException.badRequest("id is missing"));
        // a prefix is of a bucket that is listed
        String listed = Prefix.of(id).map(Prefix::whole).orElse(id);
        if (!listed.equals(id) && (id.length() > LONGEST_PREFIX || !id.equals(id.strip()))) {
            throw ProblemException.badRequest(
                    "the address of a prefix has %d characters at most, and no space at its end"
                            .formatted(LONGEST_PREFIX));
        }
        Item item = inventories
                .item(source(integration).id(), listed)
                .orElseThrow(() -> ProblemException.notFound("machine"));
        Sighting sighting = Sighting.ofInstance(id, item.hostName(), clock.instant());
        Asset asset = QuarkusTransaction.requiringNew().call(() -> {
            locks.transaction("acquisition:" + current.organisation());
            return identity.resolve(current.organisation(), sighting)
                    .asset()
                    .orElseThrow(() -> ProblemException.badRequest("it has no name by which it could be captured"));
        });
        current.did("asset_chosen", asset.id().toString(), id);
        return Named.of(asset);
    }

    private List<Integration> sources() {
        return integrations.all(current.organisation()).stream()
                .filter(InventoryResource::lists)
                .toList();
    }

    private Integration source(IntegrationId id) {
        return integrations
                .find(id)
                .filter(found -> found.organisation().equals(current.organisation()))
                .filter(InventoryResource::lists)
                .orElseThrow(() -> ProblemException.notFound("integration"));
    }

    private static boolean lists(Integration integration) {
        return integration.enabled()
                && integration.uses().contains(Use.CAPTURE)
                && Channel.named(integration.vendor()).filter(Channel::isCloud).isPresent();
    }
}
