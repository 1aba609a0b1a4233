package io.varve.database.stored;

import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Organisation;
import io.varve.postgres.EmbeddedPostgres;
import jakarta.persistence.Converter;
import jakarta.persistence.Entity;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.hibernate.SessionFactory;
import org.hibernate.StatelessSession;
import org.hibernate.boot.model.naming.PhysicalNamingStrategySnakeCaseImpl;
import org.hibernate.cfg.Configuration;
import org.postgresql.ds.PGSimpleDataSource;

/// A real PostgreSQL with the real migrations, shared by all tests; each test takes an organisation of its own.
final class TestDatabase {
    private static final TestDatabase SHARED = start();

    final PGSimpleDataSource source = new PGSimpleDataSource();
    private final SessionFactory sessions;

    static TestDatabase shared() {
        return SHARED;
    }

    private TestDatabase(EmbeddedPostgres postgres) {
        source.setUrl(postgres.url());
        source.setUser(postgres.user());
        source.setPassword(postgres.password());
        Flyway.configure().dataSource(source).load().migrate();
        Configuration configuration = new Configuration()
                .setPhysicalNamingStrategy(new PhysicalNamingStrategySnakeCaseImpl())
                .setProperty("hibernate.hbm2ddl.auto", "validate")
                .setProperty("hibernate.jdbc.time_zone", "UTC");
        configuration.getProperties().put("hibernate.connection.datasource", source);
        rows().forEach(configuration::addAnnotatedClass);
        sessions = configuration.buildSessionFactory();
    }

    Organisation organisation() {
        return new Organisation("t" + UUID.randomUUID().toString().substring(0, 8));
    }

    <T> T transaction(Function<Stored, T> work) {
        AtomicReference<T> result = new AtomicReference<>();
        sessions.inStatelessTransaction(session -> result.set(work.apply(new Stored(session))));
        return result.get();
    }

    void run(Consumer<Stored> work) {
        sessions.inStatelessTransaction(session -> work.accept(new Stored(session)));
    }

    /// An asset, which most rows refer to.
    AssetId asset(Organisation organisation) {
        AssetId id = AssetId.mint();
        run(db -> db.assets.save(new Asset(
                id, organisation, "web01", Instant.parse("2026-11-22T01:00:00Z"), Optional.empty(), List.of())));
        return id;
    }

    private static TestDatabase start() {
        try {
            Path home = Files.createTempDirectory("varve-database-test");
            EmbeddedPostgres postgres = EmbeddedPostgres.start(home, 0, line -> {});
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(postgres, home)));
            return new TestDatabase(postgres);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void end(EmbeddedPostgres postgres, Path home) {
        postgres.close();
        try (Stream<Path> files = Files.walk(home)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            // a temporary folder stays behind
        }
    }

    private static List<Class<?>> rows() {
        try {
            URI classes = AlertRow.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI();
            try (Stream<Path> files = Files.list(Path.of(classes).resolve("io/varve/database/stored"))) {
                return files.map(file -> file.getFileName().toString())
                        .filter(name -> name.endsWith(".class"))
                        .<Class<?>>map(name -> named(name.substring(0, name.length() - 6)))
                        .filter(type ->
                                type.isAnnotationPresent(Entity.class) || type.isAnnotationPresent(Converter.class))
                        .toList();
            }
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Class<?> named(String name) {
        try {
            return Class.forName("io.varve.database.stored." + name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The repositories in one transaction.
    static final class Stored {
        final StatelessSession session;
        final StoredLocks locks;
        final StoredChanges changes;
        final StoredAlerts alerts;
        final StoredAssets assets;
        final StoredIncidents incidents;
        final StoredRules rules;
        final StoredCaptures captures;
        final StoredDecisions decisions;
        final StoredEvidenceItems evidence;
        final StoredJobs jobs;
        final StoredAgents agents;
        final StoredEnrolmentTokens tokens;
        final StoredAgentOrders orders;
        final StoredUsers users;
        final StoredSessions sessions;
        final StoredApiKeys keys;
        final StoredAudit audit;
        final StoredCorroborations corroborations;
        final StoredCorroborationsDue due;
        final StoredAlertBatches batches;
        final StoredIntegrations integrations;
        final StoredInventories inventories;

        Stored(StatelessSession session) {
            this.session = session;
            locks = new StoredLocks(session);
            changes = new StoredChanges(session);
            alerts = new StoredAlerts(session, changes);
            assets = new StoredAssets(session);
            incidents = new StoredIncidents(session, changes);
            rules = new StoredRules(session);
            captures = new StoredCaptures(session, changes);
            decisions = new StoredDecisions(session, changes);
            evidence = new StoredEvidenceItems(session, locks, changes);
            jobs = new StoredJobs(session, changes);
            agents = new StoredAgents(session);
            tokens = new StoredEnrolmentTokens(session);
            orders = new StoredAgentOrders(session, locks, changes);
            users = new StoredUsers(session, locks);
            sessions = new StoredSessions(session);
            keys = new StoredApiKeys(session);
            audit = new StoredAudit(session);
            corroborations = new StoredCorroborations(session, locks, changes);
            due = new StoredCorroborationsDue(session);
            batches = new StoredAlertBatches(session, assets, incidents, changes);
            integrations = new StoredIntegrations(session);
            inventories = new StoredInventories(session);
        }
    }
}
