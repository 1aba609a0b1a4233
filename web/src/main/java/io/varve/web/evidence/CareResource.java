package io.varve.web.evidence;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.varve.acquisition.model.Assets;
import io.varve.database.Care;
import io.varve.database.EvidenceItem;
import io.varve.web.Requests;
import io.varve.web.access.CurrentCaller;
import io.varve.web.access.Scope;
import io.varve.web.problem.Code;
import io.varve.web.problem.ProblemException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Legal hold and retention of one evidence item. Nobody deletes evidence here: only policy does.
@Path("/api/v1/evidence/{id}/care")
@RunOnVirtualThread
public class CareResource {
    private static final Duration LONGEST = Duration.ofDays(36_525);

    private final KnownEvidence known;
    private final Care care;
    private final CustodyWriter custody;
    private final Assets assets;
    private final CurrentCaller current;
    private final Clock clock;

    CareResource(
            KnownEvidence known, Care care, CustodyWriter custody, Assets assets, CurrentCaller current, Clock clock) {
        this.known = known;
        this.care = care;
        this.custody = custody;
        this.assets = assets;
        this.current = current;
        this.clock = clock;
    }

    /// @param held true places a hold, false lifts it
    /// @param reason kept in the custody log
    public record HoldRequest(
            @Nullable Boolean held, @Nullable String reason) {}

    /// @param until ISO 8601; never shortens what was promised before
    public record RetentionRequest(
            @Nullable Instant until, @Nullable String reason) {}

    @POST
    @Path("hold")
    public EvidenceView hold(@PathParam("id") String id, @Nullable HoldRequest body) throws IOException {
        current.require(Scope.ADMIN);
        HoldRequest request = Requests.body(body);
        String reason = Requests.text(request.reason(), "reason");
        if (request.held() == null) {
            throw ProblemException.badRequest("held is missing");
        }
        EvidenceItem item = present(id);
        String actor = current.caller().name();
        boolean held = request.held();
        boolean changed =
                held ? care.hold(item.key(), new Care.Hold(actor, clock.instant(), reason)) : care.lift(item.key());
        if (!changed) {
            throw new ProblemException(Code.CONFLICT, held ? "It is held already." : "It is not held.");
        }
        custody.add(item.key(), actor, held ? "hold.placed" : "hold.lifted", reason);
        current.did(held ? "evidence_held" : "evidence_hold_lifted", id, reason);
        return view(item);
    }

    @POST
    @Path("retention")
    public EvidenceView retain(@PathParam("id") String id, @Nullable RetentionRequest body) throws IOException {
        current.require(Scope.ADMIN);
        RetentionRequest request = Requests.body(body);
        String reason = Requests.text(request.reason(), "reason");
        Instant until = request.until();
        if (until == null
                || !until.isAfter(clock.instant())
                || until.isAfter(clock.instant().plus(LONGEST))) {
            throw ProblemException.badRequest("until is a time in the future, within 100 years");
        }
        EvidenceItem item = present(id);
        if (care.of(item.key())
                .retainUntil()
                .filter(promised -> promised.isAfter(until))
                .isPresent()) {
            throw new ProblemException(Code.CONFLICT, "Retention is never shortened.");
        }
        care.retain(item.key(), until);
        custody.add(item.key(), current.caller().name(), "retention.set", "until %s: %s".formatted(until, reason));
        current.did("evidence_retained", id, until.toString());
        return view(item);
    }

    private EvidenceItem present(String id) {
        EvidenceItem item = known.find(current.organisation(), id);
        if (item.state() != EvidenceItem.State.SEALED) {
            throw new ProblemException(Code.CONFLICT, "The evidence is not sealed.");
        }
        return item;
    }

    private EvidenceView view(EvidenceItem item) {
        return EvidenceView.of(item, assets, care.of(item.key()));
    }
}
