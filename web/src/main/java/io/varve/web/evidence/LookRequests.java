package io.varve.web.evidence;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.varve.database.EvidenceItem;
import io.varve.database.Looks;
import io.varve.database.Looks.Kind;
import io.varve.database.Looks.Look;
import io.varve.database.Tasks;
import io.varve.web.Requests;
import io.varve.web.access.CurrentCaller;
import io.varve.web.evidence.LooksResource.LookView;
import io.varve.web.problem.Code;
import io.varve.web.problem.ProblemException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Asks a worker's engine to look at a folder or file of sealed evidence.
@Path("/api/v1/evidence/{id}/looks")
@RunOnVirtualThread
public class LookRequests {
    private static final int LONGEST_PATH = 65_535;

    private final Looks looks;
    private final KnownEvidence known;
    private final SchedulerClient queue;
    private final CurrentCaller current;
    private final Clock clock;

    LookRequests(Looks looks, KnownEvidence known, SchedulerClient queue, CurrentCaller current, Clock clock) {
        this.looks = looks;
        this.known = known;
        this.queue = queue;
        this.current = current;
        this.clock = clock;
    }

    /// @param kind `list` for the names in a folder, `read` for bytes of a file
    /// @param offset first byte, 0 when absent
    /// @param length bytes, to the end of the file when absent
    public record LookRequest(
            @Nullable String kind,
            @Nullable String volume,
            @Nullable String path,
            @Nullable Long offset,
            @Nullable Long length) {}

    @POST
    public Response ask(@PathParam("id") String id, @Nullable LookRequest body) {
        LookRequest request = Requests.body(body);
        EvidenceItem item = known.find(current.organisation(), id);
        if (item.state() != EvidenceItem.State.SEALED) {
            throw new ProblemException(Code.CONFLICT, "The evidence is not sealed.");
        }
        var look = new Look(
                UUID.randomUUID(),
                current.organisation(),
                item.key(),
                kind(request.kind()),
                Requests.given(request.volume()),
                path(request.path()),
                atLeast(request.offset(), 0, "offset"),
                atLeast(request.length(), -1, "length"),
                current.caller().name(),
                clock.instant(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        QuarkusTransaction.requiringNew().run(() -> {
            looks.insert(look);
            Tasks.queue(queue, Tasks.LOOK, look.id().toString(), look.requestedAt());
        });
        if (look.kind() == Kind.READ) {
            current.did("evidence_file_read", id, look.path());
        }
        return Response.accepted(LookView.of(look)).build();
    }

    private static Kind kind(@Nullable String kind) {
        return switch (Requests.text(kind, "kind")) {
            case "list" -> Kind.LIST;
            case "read" -> Kind.READ;
            default -> throw ProblemException.badRequest("kind is list or read");
        };
    }

    /// Not [Requests#text]: names may be long and begin or end with blanks.
    private static String path(@Nullable String path) {
        if (path == null || !path.startsWith("/") || path.length() > LONGEST_PATH) {
            throw ProblemException.badRequest("path starts with / and has at most 65,535 characters");
        }
        return path;
    }

    static long atLeast(@Nullable Long value, long least, String name) {
        if (value == null) {
            return least;
        }
        if (value < 0) {
            throw ProblemException.badRequest(name + " is not below 0");
        }
        return value;
    }
}
