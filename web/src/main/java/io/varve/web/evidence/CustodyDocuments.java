package io.varve.web.evidence;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.varve.database.Care;
import io.varve.database.EvidenceItem;
import io.varve.database.SigningKeyRing;
import io.varve.evidence.CustodyLogs;
import io.varve.evidence.Manifest;
import io.varve.evidence.Seal;
import io.varve.web.access.CurrentCaller;
import io.varve.web.problem.Code;
import io.varve.web.problem.ProblemException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.time.Clock;

/// The custody log for people and for other tools. That it was taken is an entry of the log.
@Path("/api/v1/evidence/{id}/documents")
@RunOnVirtualThread
public class CustodyDocuments {
    private final KnownEvidence known;
    private final CustodyLogs logs;
    private final CustodyWriter custody;
    private final SigningKeyRing ring;
    private final Care care;
    private final CurrentCaller current;
    private final Clock clock;

    CustodyDocuments(
            KnownEvidence known,
            CustodyLogs logs,
            CustodyWriter custody,
            SigningKeyRing ring,
            Care care,
            CurrentCaller current,
            Clock clock) {
        this.known = known;
        this.logs = logs;
        this.custody = custody;
        this.ring = ring;
        this.care = care;
        this.current = current;
        this.clock = clock;
    }

    /// The report on paper.
    @GET
    @Path("custody.pdf")
    @Produces("application/pdf")
    public Response report(@PathParam("id") String id) throws IOException {
        EvidenceItem item = known.find(current.organisation(), id);
        Manifest manifest = manifest(item);
        String actor = current.caller().name();
        custody.add(item.key(), actor, "report.downloaded", "chain of custody as PDF");
        byte[] pdf = new CustodyReport(
                        manifest, custody.entries(item.key()), ring.all(), care.of(item.key()), actor, clock.instant())
                .pdf();
        return attachment(pdf, "application/pdf", id + "-custody.pdf");
    }

    /// The log in the words of the CASE ontology.
    @GET
    @Path("custody.jsonld")
    @Produces("application/ld+json")
    public Response cases(@PathParam("id") String id) throws IOException {
        EvidenceItem item = known.find(current.organisation(), id);
        Manifest manifest = manifest(item);
        custody.add(item.key(), current.caller().name(), "case.downloaded", "custody log as CASE/UCO JSON-LD");
        byte[] json = new CaseExport(manifest, custody.entries(item.key())).json();
        return attachment(json, "application/ld+json", id + "-custody.jsonld");
    }

    private Manifest manifest(EvidenceItem item) throws IOException {
        return Seal.manifest(logs.store(), item.key())
                .orElseThrow(() -> new ProblemException(Code.CONFLICT, "The evidence is not sealed."));
    }

    private static Response attachment(byte[] content, String type, String name) {
        return Response.ok(content, type)
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"%s\"".formatted(name))
                .build();
    }
}
