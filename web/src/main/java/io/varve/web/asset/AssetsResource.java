package io.varve.web.asset;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.varve.acquisition.AssetIdentity;
import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Assets;
import io.varve.database.Agents;
import io.varve.database.Locks;
import io.varve.web.Items;
import io.varve.web.Requests;
import io.varve.web.access.CurrentCaller;
import io.varve.web.problem.Code;
import io.varve.web.problem.ProblemException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Assets, and corrections of which names are one machine.
@Path("/api/v1/assets")
@RunOnVirtualThread
public class AssetsResource {
    private static final int USUAL = 200;

    private final Assets assets;
    private final Agents agents;
    private final AssetIdentity identity;
    private final Locks locks;
    private final CurrentCaller current;
    private final Clock clock;

    AssetsResource(
            Assets assets, Agents agents, AssetIdentity identity, Locks locks, CurrentCaller current, Clock clock) {
        this.assets = assets;
        this.agents = agents;
        this.identity = identity;
        this.locks = locks;
        this.current = current;
        this.clock = clock;
    }

    public record Merge(@Nullable String into) {}

    public record Split(@Nullable List<SplitName> identifiers) {}

    public record SplitName(@Nullable String kind, @Nullable String value) {}

    @GET
    public Items<AssetView> all(@QueryParam("limit") @Nullable Integer limit) {
        return new Items<>(assets.all(current.organisation(), Requests.limit(limit, USUAL)).stream()
                .map(this::view)
                .toList());
    }

    @GET
    @Path("{id}")
    public AssetView one(String id) {
        return view(find(id));
    }

    @POST
    @Path("{id}/merge")
    public AssetView merge(String id, @Nullable Merge body) {
        AssetId from = find(id).id();
        AssetId into = find(Requests.text(Requests.body(body).into(), "into")).id();
        Asset merged = correct(() -> identity.merge(from, into));
        current.did("asset_merged", id, "into " + into);
        return view(merged);
    }

    @POST
    @Path("{id}/split")
    public AssetView split(String id, @Nullable Split body) {
        List<SplitName> names = Requests.body(body).identifiers();
        if (names == null || names.isEmpty()) {
            throw ProblemException.badRequest("identifiers is missing");
        }
        Set<AssetIdentity.Name> taken = names.stream().map(AssetsResource::name).collect(Collectors.toSet());
        AssetId from = find(id).id();
        Asset made = correct(() -> identity.split(from, taken, clock.instant()));
        current.did("asset_split", id, "into " + made.id());
        return view(made);
    }

    private Asset correct(Supplier<Asset> correction) {
        try {
            return QuarkusTransaction.requiringNew().call(() -> {
                locks.transaction("acquisition:" + current.organisation());
                return correction.get();
            });
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Code.CONFLICT, String.valueOf(e.getMessage()));
        }
    }

    private static AssetIdentity.Name name(SplitName name) {
        try {
            String kind = Requests.text(name.kind(), "kind").toUpperCase(Locale.ROOT);
            return new AssetIdentity.Name(Asset.Kind.valueOf(kind), Requests.text(name.value(), "value"));
        } catch (IllegalArgumentException e) {
            throw ProblemException.badRequest("there is no such kind of identifier");
        }
    }

    private Asset find(String id) {
        return assets.find(Requests.id(id, AssetId::of, "asset"))
                .filter(asset -> asset.organisation().equals(current.organisation()))
                .orElseThrow(() -> ProblemException.notFound("asset"));
    }

    private AssetView view(Asset asset) {
        return AssetView.of(asset, agents.ofAsset(asset.id()), clock.instant());
    }
}
