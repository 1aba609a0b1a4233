package io.varve.worker;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.agroal.api.AgroalDataSource;
import io.quarkus.runtime.StartupEvent;
import io.varve.acquisition.secret.SecretKeys;
import io.varve.database.SecretKeyRing;
import io.varve.database.SigningKeyRing;
import io.varve.database.Tasks;
import io.varve.evidence.CustodyLogs;
import io.varve.evidence.CustodyWitness;
import io.varve.evidence.EvidenceExport;
import io.varve.evidence.ObjectStore;
import io.varve.evidence.ObjectStores;
import io.varve.evidence.Preservation;
import io.varve.evidence.Retention;
import io.varve.evidence.Seal;
import io.varve.evidence.SigningKeys;
import io.varve.evidence.StoreSettings;
import io.varve.timeline.TimelineStore;
import io.varve.timeline.lucene.LuceneTimelineStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import org.jboss.logging.Logger;

/// What the worker stores things in, as its configuration says.
@ApplicationScoped
public class Stores {
    private static final Logger LOG = Logger.getLogger(Stores.class);

    private final WorkerConfig config;

    Stores(WorkerConfig config) {
        this.config = config;
    }

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    ObjectStore objects() throws IOException {
        WorkerConfig.Objects where = config.objects();
        var settings =
                StoreSettings.of(where.kind(), where.settings(), config.data().resolve("objects"));
        ObjectStore store = ObjectStores.open(settings);
        LOG.infof("evidence lies in %s, which has %s", settings.label(), store.features());
        return store;
    }

    @Produces
    @Singleton
    Preservation preservation(CustodyLogs logs) throws IOException {
        Optional<Preservation.Copies> copies = Optional.empty();
        if (config.preservation().kind().isPresent()) {
            var settings = new StoreSettings(
                    config.preservation().kind().get(), config.preservation().settings());
            ObjectStore second = ObjectStores.open(settings);
            LOG.infof("sealed evidence is copied to %s, which has %s", settings.label(), second.features());
            copies = Optional.of(new Preservation.Copies(second, settings.label()));
        }
        Retention.Mode mode = Retention.Mode.valueOf(config.retention().mode().toUpperCase(Locale.ROOT));
        return new Preservation(
                logs, copies, config.retention().period().map(period -> new Preservation.Term(period, mode)));
    }

    @Produces
    @Singleton
    SigningKeys signingKeys() throws IOException {
        return new SigningKeys(Files.createDirectories(config.data().resolve("keys")));
    }

    /// Anybody can check with the public half.
    void publish(@Observes StartupEvent event, SigningKeys keys, SigningKeyRing ring, Clock clock) throws IOException {
        ring.publish(keys.current(), clock.instant());
    }

    @Produces
    @Singleton
    CustodyLogs custody(ObjectStore objects, CustodyWitness witness, Clock clock) {
        return new CustodyLogs(objects, witness, clock);
    }

    @Produces
    @Singleton
    EvidenceExport packages(CustodyLogs logs, SigningKeys keys) {
        return new EvidenceExport(logs, keys);
    }

    /// What integrations' secrets are opened with.
    @Produces
    @Singleton
    SecretKeys secrets() throws IOException {
        return SecretKeys.in(config.data().resolve("keys"));
    }

    /// Servers seal secrets with the public half.
    void publish(@Observes StartupEvent event, SecretKeys keys, SecretKeyRing ring, Clock clock) {
        ring.publish(keys.publicKey(), clock.instant());
    }

    @Produces
    @Singleton
    Seal seal(CustodyLogs logs, SigningKeys keys) {
        return new Seal(logs, keys);
    }

    @Produces
    @Singleton
    TimelineStore timeline() throws IOException {
        return new LuceneTimelineStore(config.data().resolve("index"));
    }

    void close(@Disposes TimelineStore timeline) throws IOException {
        timeline.close();
    }

    @Produces
    @Singleton
    SchedulerClient queue(AgroalDataSource database) {
        return Tasks.client(database);
    }
}
