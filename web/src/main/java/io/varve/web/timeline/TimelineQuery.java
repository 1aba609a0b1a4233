package io.varve.web.timeline;

import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.IncidentId;
import io.varve.timeline.EventFilter;
import io.varve.web.Requests;
import io.varve.web.problem.Code;
import io.varve.web.problem.ProblemException;
import jakarta.ws.rs.QueryParam;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What every search of the timeline takes from its address.
public class TimelineQuery {
    private static final int LONGEST = 10_000;

    @QueryParam("q")
    @Nullable
    String text;

    @QueryParam("from")
    @Nullable
    String from;

    @QueryParam("to")
    @Nullable
    String to;

    @QueryParam("evidence")
    @Nullable
    String evidence;

    @QueryParam("incident")
    @Nullable
    String incident;

    @QueryParam("asset")
    @Nullable
    String asset;

    EventFilter filter() {
        String words = Requests.given(text).orElse("");
        if (words.length() > LONGEST) {
            throw new ProblemException(Code.BAD_QUERY, "The query is longer than %d characters.".formatted(LONGEST));
        }
        return new EventFilter(words, Optional.empty(), time(from, "from"), time(to, "to"));
    }

    SearchScope.Narrowed narrowed() {
        return new SearchScope.Narrowed(
                Requests.given(evidence),
                Requests.optionalId(incident, IncidentId::of, "incident"),
                Requests.optionalId(asset, AssetId::of, "asset"));
    }

    private static Optional<Instant> time(@Nullable String text, String name) {
        try {
            return Requests.given(text).map(OffsetDateTime::parse).map(OffsetDateTime::toInstant);
        } catch (DateTimeException e) {
            throw new ProblemException(Code.BAD_QUERY, name + " is not an ISO 8601 time with a zone");
        }
    }
}
