package io.varve.web.evidence;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.varve.database.EvidenceItem;
import io.varve.database.Exports;
import io.varve.database.Exports.Export;
import io.varve.database.Tasks;
import io.varve.evidence.ObjectStore;
import io.varve.evidence.PackageContents;
import io.varve.evidence.PackageStream;
import io.varve.web.Items;
import io.varve.web.Requests;
import io.varve.web.access.CurrentCaller;
import io.varve.web.problem.Code;
import io.varve.web.problem.ProblemException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Evidence packages: asked for here, signed by a worker, and sent as one archive straight from the store.
@Path("/api/v1/evidence/{id}/exports")
@RunOnVirtualThread
public class ExportsResource {
    private static final int SHOWN = 100;

    private final Exports exports;
    private final KnownEvidence known;
    private final ObjectStore objects;
    private final CustodyWriter custody;
    private final SchedulerClient queue;
    private final CurrentCaller current;
    private final Clock clock;

    ExportsResource(
            Exports exports,
            KnownEvidence known,
            ObjectStore objects,
            CustodyWriter custody,
            SchedulerClient queue,
            CurrentCaller current,
            Clock clock) {
        this.exports = exports;
        this.known = known;
        this.objects = objects;
        this.custody = custody;
        this.queue = queue;
        this.current = current;
        this.clock = clock;
    }

    /// @param reason why the package is wanted; kept in the custody log
    public record ExportRequest(@Nullable String reason) {}

    /// @param state `preparing`, `ready` or `failed`
    /// @param size of the archive in bytes
    public record ExportView(
            UUID id,
            String state,
            String reason,
            String requestedBy,
            Instant requestedAt,
            Optional<Instant> endedAt,
            Optional<String> problem,
            Optional<Long> size) {
        static ExportView of(Export export) {
            String state =
                    export.endedAt().isEmpty() ? "preparing" : export.problem().isEmpty() ? "ready" : "failed";
            return new ExportView(
                    export.id(),
                    state,
                    export.reason(),
                    export.requestedBy(),
                    export.requestedAt(),
                    export.endedAt(),
                    export.problem(),
                    export.size());
        }
    }

    @GET
    public Items<ExportView> all(@PathParam("id") String id) {
        EvidenceItem item = known.find(current.organisation(), id);
        return new Items<>(
                exports.of(item.key(), SHOWN).stream().map(ExportView::of).toList());
    }

    @POST
    public Response ask(@PathParam("id") String id, @Nullable ExportRequest body) {
        String reason = Requests.text(Requests.body(body).reason(), "reason");
        EvidenceItem item = known.find(current.organisation(), id);
        if (item.state() != EvidenceItem.State.SEALED) {
            throw new ProblemException(Code.CONFLICT, "The evidence is not sealed.");
        }
        var export = new Export(
                UUID.randomUUID(),
                current.organisation(),
                item.key(),
                reason,
                current.caller().name(),
                clock.instant(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        QuarkusTransaction.requiringNew().run(() -> {
            exports.insert(export);
            Tasks.queue(queue, Tasks.EXPORT_EVIDENCE, export.id().toString(), export.requestedAt());
        });
        current.did("evidence_exported", id, reason);
        return Response.accepted(ExportView.of(export)).build();
    }

    @GET
    @Path("{export}")
    public ExportView one(@PathParam("id") String id, @PathParam("export") String export) {
        return ExportView.of(find(id, export));
    }

    /// The archive, and an entry about who took it.
    @GET
    @Path("{export}/package")
    @Produces("application/x-tar")
    public Response download(@PathParam("id") String id, @PathParam("export") String asked) throws IOException {
        Export export = find(id, asked);
        if (export.size().isEmpty()) {
            throw new ProblemException(Code.CONFLICT, export.problem().orElse("The package is not ready yet."));
        }
        var stream = new PackageStream(objects);
        PackageContents contents = stream.contents(
                        export.evidence(), export.id().toString())
                .orElseThrow(() -> ProblemException.notFound("package"));
        long size = stream.size(contents);
        custody.add(
                export.evidence(),
                current.caller().name(),
                "package.downloaded",
                "package %s, %d bytes".formatted(export.id(), size));
        current.did("package_downloaded", id, export.id().toString());
        StreamingOutput out = target -> stream.write(contents, target);
        return Response.ok(out, MediaType.valueOf("application/x-tar"))
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"%s.tar\"".formatted(id))
                .header(HttpHeaders.CONTENT_LENGTH, size)
                .build();
    }

    private Export find(String id, String export) {
        EvidenceItem item = known.find(current.organisation(), id);
        return exports.find(Requests.id(export, UUID::fromString, "export"))
                .filter(found -> found.evidence().equals(item.key()))
                .orElseThrow(() -> ProblemException.notFound("export"));
    }
}
