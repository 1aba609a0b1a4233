package io.varve.database.stored;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import io.agroal.narayana.NarayanaTransactionIntegration;
import io.varve.database.Tasks;
import jakarta.transaction.TransactionManager;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Over the same pool and transaction manager that Quarkus uses.
final class TasksTest {
    private final TestDatabase database = TestDatabase.shared();
    private final TransactionManager transactions = com.arjuna.ats.jta.TransactionManager.transactionManager();

    @Test
    void workIsQueuedExactlyWhenTheTransactionCommits() throws Exception {
        try (AgroalDataSource pool = pool()) {
            SchedulerClient client = Tasks.client(pool);
            String rolledBack = UUID.randomUUID().toString();
            transactions.begin();
            assertThat(Tasks.queue(client, Tasks.RUN_CAPTURE, rolledBack, Instant.now()))
                    .isTrue();
            transactions.rollback();
            assertThat(queued(rolledBack)).isZero();

            String committed = UUID.randomUUID().toString();
            transactions.begin();
            Tasks.queue(client, Tasks.RUN_CAPTURE, committed, Instant.now());
            assertThat(queued(committed)).as("seen by others before the commit").isZero();
            transactions.commit();
            assertThat(queued(committed)).isOne();
            assertThat(Tasks.queue(client, Tasks.RUN_CAPTURE, committed, Instant.now()))
                    .as("queued twice")
                    .isFalse();
        }
    }

    @Test
    void aWorkerRunsWhatWasQueuedWithItsSubject() throws Exception {
        CompletableFuture<String> ran = new CompletableFuture<>();
        String subject = "main/ev-" + UUID.randomUUID();
        try (AgroalDataSource pool = pool()) {
            Tasks.queue(Tasks.client(pool), Tasks.PROCESS_EVIDENCE, subject, Instant.now());
            Scheduler scheduler = Tasks.scheduler(
                            pool,
                            List.of(com.github.kagkarlsson.scheduler.task.helper.Tasks.oneTime(Tasks.PROCESS_EVIDENCE)
                                    .onDeadExecutionRevive()
                                    .execute((task, context) -> ran.complete(task.getData()))))
                    .threads(1)
                    .pollingInterval(Duration.ofMillis(100))
                    .pollUsingLockAndFetch(0.5, 1.0)
                    .build();
            scheduler.start();
            try {
                assertThat(ran.get(20, TimeUnit.SECONDS)).isEqualTo(subject);
            } finally {
                scheduler.stop();
            }
        }
    }

    private AgroalDataSource pool() throws SQLException {
        return AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.maxSize(5)
                        .transactionIntegration(new NarayanaTransactionIntegration(
                                transactions,
                                new com.arjuna.ats.internal.jta.transaction.arjunacore
                                        .TransactionSynchronizationRegistryImple()))
                        .connectionFactoryConfiguration(factory -> factory.jdbcUrl(database.source.getUrl())
                                .principal(new NamePrincipal(database.source.getUser()))
                                .credential(new SimplePassword(database.source.getPassword())))));
    }

    /// As another connection sees it.
    private int queued(String subject) throws SQLException {
        try (Connection connection = database.source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select count(*) from scheduled_tasks where task_instance = '" + subject + "'")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
