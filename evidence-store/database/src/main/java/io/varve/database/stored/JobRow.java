package io.varve.database.stored;

import io.varve.acquisition.model.Organisation;
import io.varve.database.Job;
import io.varve.database.JobId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "job")
@SuppressWarnings("NullAway.Init")
class JobRow {
    @Id
    UUID id;

    String organisation;
    String kind;
    String subject;

    @Enumerated(EnumType.STRING)
    Job.State state;

    long done;
    long total;
    String text;

    @Nullable
    String checkpoint;

    boolean cancelRequested;
    int attempts;
    Instant createdAt;

    @Nullable
    Instant startedAt;

    @Nullable
    Instant endedAt;

    static JobRow of(Job job) {
        JobRow row = new JobRow();
        row.id = job.id().value();
        row.organisation = job.organisation().value();
        row.kind = job.kind();
        row.subject = job.subject();
        row.state = job.state();
        row.done = job.done();
        row.total = job.total();
        row.text = job.text();
        row.checkpoint = job.checkpoint().orElse(null);
        row.cancelRequested = job.cancelRequested();
        row.attempts = job.attempts();
        row.createdAt = job.createdAt();
        row.startedAt = job.startedAt().orElse(null);
        row.endedAt = job.endedAt().orElse(null);
        return row;
    }

    Job job() {
        return new Job(
                new JobId(id),
                new Organisation(organisation),
                kind,
                subject,
                state,
                done,
                total,
                text,
                Optional.ofNullable(checkpoint),
                cancelRequested,
                attempts,
                createdAt,
                Optional.ofNullable(startedAt),
                Optional.ofNullable(endedAt));
    }
}
