package io.varve.web.access;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.varve.database.Audit;
import io.varve.web.Items;
import io.varve.web.Requests;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Who did what in Varve itself.
@Path("/api/v1/audit")
@RunOnVirtualThread
public class AuditResource {
    private static final int USUAL = 100;

    private final Audit audit;
    private final CurrentCaller current;

    AuditResource(Audit audit, CurrentCaller current) {
        this.audit = audit;
        this.current = current;
    }

    public record EntryView(Instant at, String actor, String action, String subject, String detail, String address) {
        static EntryView of(Audit.Entry entry) {
            return new EntryView(
                    entry.at(), entry.actor(), entry.action(), entry.subject(), entry.detail(), entry.address());
        }
    }

    @GET
    public Items<EntryView> newest(@QueryParam("limit") @Nullable Integer limit) {
        return new Items<>(audit.newest(current.organisation(), Requests.limit(limit, USUAL)).stream()
                .map(EntryView::of)
                .toList());
    }
}
