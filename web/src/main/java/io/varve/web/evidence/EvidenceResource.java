package io.varve.web.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Assets;
import io.varve.database.Care;
import io.varve.database.EvidenceItem;
import io.varve.database.EvidenceItems;
import io.varve.evidence.CustodyEntry;
import io.varve.evidence.Lineage;
import io.varve.web.Items;
import io.varve.web.Requests;
import io.varve.web.access.CurrentCaller;
import io.varve.web.evidence.EvidenceAccess.Verified;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Evidence: what there is, who touched it, what was read of it.
@Path("/api/v1/evidence")
@RunOnVirtualThread
public class EvidenceResource {
    private static final int USUAL = 100;

    private final EvidenceItems items;
    private final KnownEvidence known;
    private final EvidenceAccess access;
    private final CoverageRows coverage;
    private final Care care;
    private final Assets assets;
    private final CurrentCaller current;

    EvidenceResource(
            EvidenceItems items,
            KnownEvidence known,
            EvidenceAccess access,
            CoverageRows coverage,
            Care care,
            Assets assets,
            CurrentCaller current) {
        this.items = items;
        this.known = known;
        this.access = access;
        this.coverage = coverage;
        this.care = care;
        this.assets = assets;
        this.current = current;
    }

    public record CustodyView(
            int sequence,
            Instant at,
            String actor,
            String action,
            String detail,
            String digest,
            String previous,
            Optional<Lineage> lineage) {
        static CustodyView of(CustodyEntry entry) {
            return new CustodyView(
                    entry.sequence(),
                    entry.at(),
                    entry.actor(),
                    entry.action(),
                    entry.detail(),
                    entry.digest().hex(),
                    entry.previous().hex(),
                    entry.lineage());
        }
    }

    @GET
    public Items<EvidenceView> all(
            @QueryParam("asset") @Nullable String asset, @QueryParam("limit") @Nullable Integer limit) {
        int most = Requests.limit(limit, USUAL);
        Optional<AssetId> one = Requests.optionalId(asset, AssetId::of, "asset");
        List<EvidenceItem> found =
                one.isPresent() ? items.ofAsset(one.get()) : items.newest(current.organisation(), most);
        return new Items<>(found.stream()
                .filter(item ->
                        item.key().organisation().equals(current.organisation().value()))
                .limit(most)
                .map(item -> EvidenceView.of(item, assets, care.of(item.key())))
                .toList());
    }

    @GET
    @Path("{id}")
    public EvidenceView one(String id) {
        EvidenceItem item = find(id);
        return EvidenceView.of(item, assets, care.of(item.key()));
    }

    @GET
    @Path("{id}/custody")
    public Items<CustodyView> custody(String id) throws IOException {
        return new Items<>(
                access.custody(find(id)).stream().map(CustodyView::of).toList());
    }

    @GET
    @Path("{id}/coverage")
    public Items<JsonNode> coverage(
            String id, @QueryParam("status") @Nullable String status, @QueryParam("limit") @Nullable Integer limit)
            throws IOException {
        EvidenceItem holder = known.holder(find(id));
        return new Items<>(coverage.read(holder, Requests.given(status), Requests.limit(limit, USUAL)));
    }

    @POST
    @Path("{id}/verify")
    public Verified verify(String id) throws IOException, InterruptedException {
        Verified result = access.verify(find(id), current.caller().name());
        current.did("evidence_verified", id, result.verified() ? "consistent" : "problems");
        return result;
    }

    @GET
    @Path("{id}/download")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    public Response download(String id) throws IOException {
        EvidenceItem item = find(id);
        EvidenceItem holder = known.holder(item);
        var bytes = access.download(item, holder, current.caller().name());
        current.did("evidence_downloaded", id, "");
        return Response.ok(bytes, MediaType.APPLICATION_OCTET_STREAM)
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"%s.tar.gz\"".formatted(id))
                .header(HttpHeaders.CONTENT_LENGTH, holder.size())
                .build();
    }

    private EvidenceItem find(String id) {
        return known.find(current.organisation(), id);
    }
}
