package io.varve.database.stored;

import static io.varve.database.stored.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.Organisation;
import io.varve.database.Agent;
import io.varve.database.AgentOrder;
import io.varve.database.ApiKey;
import io.varve.database.Audit;
import io.varve.database.EnrolmentTokens.EnrolmentToken;
import io.varve.database.Sessions.Session;
import io.varve.database.User;
import io.varve.evidence.Digest;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class PeopleAndAgentsTest {
    private final TestDatabase database = TestDatabase.shared();
    private final Organisation organisation = database.organisation();

    @Test
    void anEnrolmentTokenWorksOnceAndNotAfterItExpired() throws Exception {
        Digest token = digest();
        Digest expired = digest();
        database.run(db -> {
            db.tokens.issue(new EnrolmentToken(token, organisation, "", "admin", NOW, NOW.plusSeconds(60)));
            db.tokens.issue(new EnrolmentToken(expired, organisation, "", "admin", NOW, NOW));
        });
        database.run(db -> assertThat(db.tokens.redeem(expired, NOW)).isEmpty());
        Callable<Boolean> redeem =
                () -> database.transaction(db -> db.tokens.redeem(token, NOW)).isPresent();
        assertThat(together(redeem, 8)).containsOnlyOnce(true);
    }

    @Test
    void twoServersStartingTogetherMakeOneFirstUser() throws Exception {
        Callable<Boolean> first = () -> database.transaction(db -> db.users.insertFirst(user(UUID.randomUUID())));
        assertThat(together(first, 4)).containsOnlyOnce(true);
        database.run(db -> assertThat(db.users.all(organisation)).hasSize(1));
    }

    @Test
    void aSessionEndsWhenItExpiresIsEndedOrThePasswordChanges() {
        User user = user(UUID.randomUUID());
        Session session = new Session(digest(), user.id(), NOW, NOW.plusSeconds(60));
        database.run(db -> db.users.insert(user));
        database.run(db -> db.sessions.begin(session));
        database.run(db -> assertThat(
                        db.sessions.find(session.token(), NOW).orElseThrow().user())
                .isEqualTo(user));
        database.run(db -> assertThat(db.sessions.find(session.token(), NOW.plusSeconds(60)))
                .isEmpty());
        database.run(db -> db.users.password(user.id(), "other"));
        database.run(db -> assertThat(db.sessions.find(session.token(), NOW)).isEmpty());
    }

    @Test
    void anApiKeyIsFoundByItsDigestAndNotesItsUse() {
        ApiKey key = new ApiKey(
                UUID.randomUUID(),
                organisation,
                "siem",
                digest(),
                Set.of("alerts", "read"),
                "admin",
                NOW,
                Optional.empty());
        database.run(db -> db.keys.insert(key));
        database.run(db -> assertThat(db.keys.use(key.key(), NOW)).contains(key));
        database.run(db ->
                assertThat(db.keys.all(organisation).getFirst().lastUsed()).contains(NOW));
        database.run(db -> assertThat(db.keys.delete(organisation, key.id())).isTrue());
        database.run(db -> assertThat(db.keys.use(key.key(), NOW)).isEmpty());
    }

    @Test
    void anOrderIsPlacedOnceAndEndsOnce() {
        Capture capture = Samples.queued(organisation, database.asset(organisation), Optional.empty());
        AgentOrder order = AgentOrder.placed(
                capture.id(), organisation, "agent-1", "linux-triage", "main/evidence/x/capture", NOW);
        database.run(db -> db.captures.save(capture));
        database.run(db -> db.orders.place(order));
        database.run(db -> db.orders.pickedUp(capture.id(), NOW));
        database.run(db -> db.orders.place(order));
        database.run(db -> assertThat(db.orders.open("agent-1"))
                .extracting(AgentOrder::state)
                .contains(AgentOrder.State.PICKED_UP));
        database.run(db -> db.orders.cancel(capture.id()));
        database.run(
                db -> assertThat(db.orders.progress(capture.id(), 100, "logs")).isTrue());
        database.run(db -> db.orders.failed(capture.id(), "cancelled", NOW));
        database.run(
                db -> assertThat(db.orders.progress(capture.id(), 200, "late")).isFalse());
        AgentOrder ended =
                database.transaction(db -> db.orders.find(capture.id())).orElseThrow();
        assertThat(ended.state()).isEqualTo(AgentOrder.State.FAILED);
        assertThat(ended.bytes()).isEqualTo(100);
        assertThat(ended.cancelRequested()).isTrue();
    }

    @Test
    void agentsAndAuditEntriesAreReadBack() {
        Agent agent = new Agent(
                UUID.randomUUID().toString(),
                organisation,
                "key",
                "web01",
                "Debian 12",
                "0.1",
                Optional.of(database.asset(organisation)),
                NOW,
                NOW);
        Audit.Entry entry = new Audit.Entry(NOW, organisation, "admin", "signed_in", "", "", "127.0.0.1");
        database.run(db -> {
            db.agents.save(agent);
            db.agents.save(agent);
            db.agents.seen(agent.id(), NOW.plusSeconds(5));
            db.audit.add(entry);
        });
        database.run(db -> assertThat(db.agents
                        .ofAsset(agent.asset().orElseThrow())
                        .orElseThrow()
                        .lastSeen())
                .isEqualTo(NOW.plusSeconds(5)));
        database.run(db -> assertThat(db.audit.newest(organisation, 10)).containsExactly(entry));
    }

    private User user(UUID id) {
        return new User(id, organisation, "admin", "hash", true, NOW);
    }

    private static Digest digest() {
        return Digest.of(UUID.randomUUID().toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static List<Boolean> together(Callable<Boolean> work, int times) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Boolean> results = new java.util.ArrayList<>();
            for (Future<Boolean> result : threads.invokeAll(Collections.nCopies(times, work))) {
                results.add(result.get());
            }
            return results;
        }
    }
}
