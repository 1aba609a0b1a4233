package io.varve.database;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;

/// The kinds of work that workers do, and the queue they take it from (db-scheduler on PostgreSQL).
///
/// A task's instance is named after its subject, so that queueing it twice makes one. Queued inside a transaction it is
/// atomic with everything else in it. A worker that dies is noticed by its missing heartbeats, and its tasks start
/// again
/// from the top: their steps are idempotent.
public final class Tasks {
    /// Subject: capture id.
    public static final TaskDescriptor<String> RUN_CAPTURE = TaskDescriptor.of("run-capture", String.class);
    /// Subject: id of a capture that waits for approval; run when its time is over.
    public static final TaskDescriptor<String> EXPIRE_APPROVAL = TaskDescriptor.of("expire-approval", String.class);
    /// Subject: evidence key.
    public static final TaskDescriptor<String> PROCESS_EVIDENCE = TaskDescriptor.of("process-evidence", String.class);

    /// Subject: evidence key. Retains what is sealed and copies it to a second store.
    public static final TaskDescriptor<String> PRESERVE_EVIDENCE = TaskDescriptor.of("preserve-evidence", String.class);

    /// Subject: alert id. Its sender must prove itself before it is read.
    public static final TaskDescriptor<String> VERIFY_ALERT = TaskDescriptor.of("verify-alert", String.class);
    /// Subject: integration id. Goes on for as long as the integration fetches alerts.
    public static final TaskDescriptor<String> FETCH_ALERTS = TaskDescriptor.of("fetch-alerts", String.class);
    /// Subject: integration id.
    public static final TaskDescriptor<String> CHECK_INTEGRATION = TaskDescriptor.of("check-integration", String.class);
    /// Subject: integration id. Lists what it holds that can be captured.
    public static final TaskDescriptor<String> LIST_INVENTORY = TaskDescriptor.of("list-inventory", String.class);
    /// Subject: preflight id.
    public static final TaskDescriptor<String> PREFLIGHT = TaskDescriptor.of("preflight", String.class);
    /// Subject: look id. Shows a folder or file of sealed evidence.
    public static final TaskDescriptor<String> LOOK = TaskDescriptor.of("look", String.class);
    /// Subject: incident id. Tells the vendors' consoles how it stands.
    public static final TaskDescriptor<String> COMMENT = TaskDescriptor.of("comment", String.class);

    /// Subject: evidence key, `#`, number of the entry or `stamp`. Signs the custody log up to its last entry; with
    /// `stamp`, goes on until the signature has its time stamp.
    public static final TaskDescriptor<String> SIGN_CUSTODY = TaskDescriptor.of("sign-custody", String.class);
    /// Subject: export id. Makes an evidence package ready.
    public static final TaskDescriptor<String> EXPORT_EVIDENCE = TaskDescriptor.of("export-evidence", String.class);
    /// Subject: [#ALL]. Reads stored evidence back, a slice at a time, for ever.
    public static final TaskDescriptor<String> REHASH_EVIDENCE = TaskDescriptor.of("rehash-evidence", String.class);
    /// Subject: [#ALL]. Deletes what policy lets go, for ever.
    public static final TaskDescriptor<String> DELETE_EXPIRED = TaskDescriptor.of("delete-expired", String.class);
    /// Subject: who asked. Replaces the key that custody is signed with.
    public static final TaskDescriptor<String> ROTATE_KEY = TaskDescriptor.of("rotate-key", String.class);

    /// Subject of what is about everything.
    public static final String ALL = "all";
    /// Subject: capture id. Removes what it left outside.
    public static final TaskDescriptor<String> RELEASE_CAPTURE = TaskDescriptor.of("release-capture", String.class);

    /// Name of the table, made by a migration.
    public static final String TABLE = "scheduled_tasks";

    private Tasks() {}

    /// Queues work; it runs nothing. False when the same is queued or running already.
    public static boolean queue(SchedulerClient client, TaskDescriptor<String> task, String subject, Instant at) {
        return client.scheduleIfNotExists(task.instance(subject).data(subject).scheduledTo(at));
    }

    public static SchedulerClient client(DataSource database) {
        return SchedulerClient.Builder.create(database)
                .serializer(TEXT)
                .tableName(TABLE)
                .build();
    }

    /// A scheduler to be tuned and built by the worker; its clients are interchangeable with
    /// [#client].
    public static SchedulerBuilder scheduler(DataSource database, List<Task<?>> tasks) {
        return Scheduler.create(database, tasks).serializer(TEXT).tableName(TABLE);
    }

    /// Task data is text, so that a row can be read by people and by another version.
    private static final Serializer TEXT = new Serializer() {
        @Override
        public byte[] serialize(Object data) {
            return data == null ? new byte[0] : data.toString().getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public <T> T deserialize(Class<T> type, byte[] data) {
            return type.cast(new String(data, StandardCharsets.UTF_8));
        }
    };
}
