package io.varve.web;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.agroal.api.AgroalDataSource;
import io.varve.acquisition.Approvals;
import io.varve.acquisition.AssetIdentity;
import io.varve.acquisition.Budgets;
import io.varve.acquisition.CaptureService;
import io.varve.acquisition.Containments;
import io.varve.acquisition.RuleSimulation;
import io.varve.acquisition.model.Alerts;
import io.varve.acquisition.model.Assets;
import io.varve.acquisition.model.Captures;
import io.varve.acquisition.model.Decisions;
import io.varve.database.CaptureQueue;
import io.varve.database.Tasks;
import io.varve.evidence.CustodyLogs;
import io.varve.evidence.CustodyWitness;
import io.varve.evidence.ObjectStore;
import io.varve.evidence.ObjectStores;
import io.varve.evidence.StoreSettings;
import io.varve.timeline.TimelineStore;
import io.varve.timeline.lucene.LuceneTimelineStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;

/// What the server reads from and hands work to, as its configuration says.
@ApplicationScoped
public class Stores {
    private final WebConfig config;

    Stores(WebConfig config) {
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
        WebConfig.Objects where = config.objects();
        return ObjectStores.open(
                StoreSettings.of(where.kind(), where.settings(), config.data().resolve("objects")));
    }

    @Produces
    @Singleton
    CustodyLogs custody(ObjectStore objects, CustodyWitness witness, Clock clock) {
        return new CustodyLogs(objects, witness, clock);
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

    @Produces
    @Singleton
    AssetIdentity identity(Assets assets) {
        return new AssetIdentity(assets, AssetIdentity.ADDRESS_WINDOW);
    }

    @Produces
    @Singleton
    CaptureService captures(Captures captures, Alerts alerts, CaptureQueue queue) {
        return new CaptureService(captures, queue::add, new Containments(alerts, captures));
    }

    @Produces
    @Singleton
    Approvals approvals(Captures captures, CaptureQueue queue, Decisions decisions) {
        return new Approvals(captures, queue::add, decisions);
    }

    @Produces
    @Singleton
    RuleSimulation simulation(Alerts alerts, Assets assets, Captures captures) {
        WebConfig.Budget budget = config.budget();
        return new RuleSimulation(
                alerts,
                assets,
                captures,
                new Budgets(budget.assetDaily(), budget.organisationDaily(), budget.organisationDailyBytes()));
    }
}
