package io.varve.web.job;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.varve.database.Job;
import io.varve.database.Jobs;
import io.varve.web.Items;
import io.varve.web.Requests;
import io.varve.web.access.CurrentCaller;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What workers do.
@Path("/api/v1/jobs")
@RunOnVirtualThread
public class JobsResource {
    private static final int USUAL = 100;

    private final Jobs jobs;
    private final CurrentCaller current;

    JobsResource(Jobs jobs, CurrentCaller current) {
        this.jobs = jobs;
        this.current = current;
    }

    public record JobView(
            String id,
            String kind,
            String subject,
            Job.State state,
            long done,
            long total,
            String text,
            int attempts,
            Instant createdAt,
            Optional<Instant> startedAt,
            Optional<Instant> endedAt) {
        static JobView of(Job job) {
            return new JobView(
                    job.id().toString(),
                    job.kind(),
                    job.subject(),
                    job.state(),
                    job.done(),
                    job.total(),
                    job.text(),
                    job.attempts(),
                    job.createdAt(),
                    job.startedAt(),
                    job.endedAt());
        }
    }

    @GET
    public Items<JobView> newest(@QueryParam("limit") @Nullable Integer limit) {
        return new Items<>(jobs.newest(current.organisation(), Requests.limit(limit, USUAL)).stream()
                .map(JobView::of)
                .toList());
    }
}
