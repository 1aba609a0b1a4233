package io.varve.web.timeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.varve.acquisition.model.Assets;
import io.varve.database.EvidenceItem;
import io.varve.timeline.FacetValue;
import io.varve.timeline.Histogram;
import io.varve.timeline.Hit;
import io.varve.timeline.Page;
import io.varve.timeline.Scope;
import io.varve.timeline.Search;
import io.varve.timeline.TimelineStore;
import io.varve.web.Named;
import io.varve.web.Requests;
import io.varve.web.access.CurrentCaller;
import io.varve.web.evidence.KnownEvidence;
import io.varve.web.problem.Code;
import io.varve.web.problem.ProblemException;
import io.varve.web.timeline.SearchScope.Narrowed;
import io.varve.web.timeline.SearchScope.Spanned;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Search over the events of all evidence.
@Path("/api/v1/timeline")
@RunOnVirtualThread
public class TimelineResource {
    private static final int USUAL_PAGE = 100;
    private static final int USUAL_BUCKETS = 60;
    private static final int USUAL_VALUES = 10;
    private static final String USUAL_FIELDS = "host,user,data_type,parser";

    private final TimelineStore timeline;
    private final SearchScope scopes;
    private final Events events;
    private final KnownEvidence evidence;
    private final Assets assets;
    private final CurrentCaller current;

    TimelineResource(
            TimelineStore timeline,
            SearchScope scopes,
            Events events,
            KnownEvidence evidence,
            Assets assets,
            CurrentCaller current) {
        this.timeline = timeline;
        this.scopes = scopes;
        this.events = events;
        this.evidence = evidence;
        this.assets = assets;
        this.current = current;
    }

    public record PageView(long total, List<JsonNode> events, Optional<String> next, Sources sources) {}

    public record HistogramView(
            Optional<Instant> from,
            Optional<Instant> to,
            Duration interval,
            List<Histogram.Bucket> buckets,
            long undated) {}

    public record Facets(Map<String, List<FacetValue>> facets) {}

    @GET
    public PageView search(
            @BeanParam TimelineQuery query,
            @QueryParam("sort") @Nullable String sort,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor)
            throws IOException {
        Spanned spanned = scopes.of(current.organisation(), query.narrowed());
        Page page = timeline.search(
                spanned.scope(),
                new Search(query.filter(), order(sort), Requests.limit(limit, USUAL_PAGE), Requests.given(cursor)));
        return new PageView(page.total(), events.of(page.hits()), page.next(), spanned.sources());
    }

    @GET
    @Path("histogram")
    public HistogramView histogram(@BeanParam TimelineQuery query, @QueryParam("buckets") @Nullable Integer buckets)
            throws IOException {
        Histogram found =
                timeline.histogram(scope(query.narrowed()), query.filter(), Requests.limit(buckets, USUAL_BUCKETS));
        return new HistogramView(found.from(), found.to(), found.interval(), found.buckets(), found.undated());
    }

    @GET
    @Path("facets")
    public Facets facets(
            @BeanParam TimelineQuery query,
            @QueryParam("fields") @Nullable String fields,
            @QueryParam("size") @Nullable Integer size)
            throws IOException {
        List<String> asked = List.of(Requests.given(fields).orElse(USUAL_FIELDS).split(","));
        return new Facets(
                timeline.facets(scope(query.narrowed()), query.filter(), asked, Requests.limit(size, USUAL_VALUES)));
    }

    @GET
    @Path("events/{id}")
    public JsonNode event(String id) throws IOException {
        Scope everything = scope(Narrowed.NOT);
        Hit hit = timeline.event(everything, id).orElseThrow(() -> ProblemException.notFound("event"));
        ObjectNode event = (ObjectNode) events.of(List.of(hit)).getFirst();
        EvidenceItem item = evidence.find(current.organisation(), hit.index().evidence());
        Named asset = Named.asset(item.asset(), assets);
        event.putObject("asset").put("id", asset.id()).put("name", asset.name());
        ArrayNode copies = event.putArray("alsoIn");
        for (Hit copy :
                timeline.copies(sameAsset(everything, hit), event.path("record").asText())) {
            if (!copy.id().equals(hit.id())) {
                copies.addObject().put("evidence", copy.index().evidence()).put("event", copy.id());
            }
        }
        return event;
    }

    private Scope sameAsset(Scope everything, Hit hit) {
        Optional<String> asset = everything.parts().stream()
                .filter(part -> part.index().equals(hit.index()))
                .map(Scope.Part::asset)
                .findFirst();
        return new Scope(everything.parts().stream()
                .filter(part -> asset.equals(Optional.of(part.asset())))
                .toList());
    }

    private Scope scope(Narrowed narrowed) {
        return scopes.of(current.organisation(), narrowed).scope();
    }

    private static Search.Order order(@Nullable String sort) {
        return switch (Requests.given(sort).orElse("asc")) {
            case "asc" -> Search.Order.OLDEST_FIRST;
            case "desc" -> Search.Order.NEWEST_FIRST;
            default -> throw new ProblemException(Code.BAD_QUERY, "sort is asc or desc");
        };
    }
}
