package io.varve.database.stored;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.acquisition.AssetIdentity;
import io.varve.acquisition.Budgets;
import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.AlertBatches.Identity;
import io.varve.acquisition.model.AlertBatches.Known;
import io.varve.acquisition.model.AlertBatches.Name;
import io.varve.acquisition.model.AlertBatches.Question;
import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.Organisation;
import io.varve.acquisition.model.Rule;
import io.varve.acquisition.model.RuleId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Questions about many rows are answered as those about one are.
@Tag("contained")
final class AlertBatchesTest {
    private static final int HOSTS = 6;

    private final TestDatabase database = TestDatabase.shared();
    private final Organisation organisation = database.organisation();
    private final Intake intake = new Intake(database, organisation, Budgets.USUAL);
    private final Instant at = Instant.now();

    @Test
    void manyAreAnsweredAsOneIs() {
        IntStream.range(0, HOSTS).forEach(host -> intake.enrol("agent-" + organisation + host, "host" + host));
        database.run(db -> db.rules.save(rule()));
        intake.receive(IntStream.range(0, 60).mapToObj(this::body).toList());
        intake.readAll();
        merge("host1", "host0");
        Set<Name> names = IntStream.range(0, HOSTS + 1)
                .mapToObj(host -> new Name(Asset.Kind.HOST_NAME, "host" + host))
                .collect(Collectors.toSet());
        Set<Identity> identities = database.transaction(db -> db.alerts.newest(organisation, 10)).stream()
                .map(alert ->
                        new Identity("generic", alert.normalised().orElseThrow().sourceAlertId()))
                .collect(Collectors.toSet());
        identities.add(new Identity("generic", "never sent"));
        Instant from = at.minus(Duration.ofHours(2));
        Instant to = at.plus(Duration.ofHours(2));

        Known known =
                database.transaction(db -> db.batches.known(organisation, new Question(identities, names, from, to)));

        assertThat(known.alerts()).hasSize(10);
        assertThat(known.assets()).hasSize(HOSTS - 1);
        database.run(db -> {
            for (Identity identity : identities) {
                assertThat(known.alerts().containsKey(identity))
                        .isEqualTo(db.alerts
                                .bySourceId(organisation, identity.source(), identity.sourceAlertId())
                                .isPresent());
            }
            for (Name name : names) {
                assertThat(db.assets.having(organisation, name.kind(), name.value()))
                        .allSatisfy(asset -> assertThat(known.assets()).contains(asset));
            }
            for (Asset asset : known.assets()) {
                assertThat(known.captures().getOrDefault(asset.id(), List.of()))
                        .isEqualTo(db.captures.ofAsset(asset.id()));
                assertThat(known.incidents().getOrDefault(asset.id(), List.of()))
                        .contains(db.incidents.openOn(asset.id(), from, to).orElseThrow());
            }
        });
        assertThat(known.captures().values().stream().mapToInt(List::size).sum())
                .as("also those of the asset that was merged")
                .isEqualTo(HOSTS);
    }

    @Test
    void bodiesOfManyAreThoseOfEach() {
        intake.receive(List.of(body(1), body(2)));
        List<Alert> unread = database.transaction(db -> db.alerts.unread(organisation, 10));

        List<AlertId> ids = unread.stream().map(Alert::id).toList();
        Map<AlertId, byte[]> raws = database.transaction(db -> db.batches.raws(ids, 1 << 20));
        Map<AlertId, byte[]> tooMany = database.transaction(db -> db.batches.raws(ids, 20));

        assertThat(raws).hasSize(2);
        assertThat(tooMany).as("no more than may be held").isEmpty();
        unread.forEach(alert -> assertThat(raws.get(alert.id()))
                .isEqualTo(database.<byte[]>transaction(db -> db.alerts.raw(alert.id()))));
    }

    private void merge(String from, String into) {
        database.run(db -> new AssetIdentity(db.assets, AssetIdentity.ADDRESS_WINDOW)
                .merge(named(db, from).id(), named(db, into).id()));
    }

    private Asset named(TestDatabase.Stored db, String name) {
        return db.assets.having(organisation, Asset.Kind.HOST_NAME, name).getFirst();
    }

    /// Some ids are longer than an entry of an index, or hold what PostgreSQL cannot keep.
    private static String id(int number) {
        return "alert-" + number + (number % 2 == 0 ? "-long".repeat(1_000) : "\u0000'");
    }

    private byte[] body(int number) {
        return """
                {"id":"%s","title":"Beacon","severity":90,"host":"host%d","time":"%s"}""".formatted(id(number).replace("\u0000", "\\u0000"), number % HOSTS, at.plusSeconds(number))
                .getBytes(StandardCharsets.UTF_8);
    }

    private Rule rule() {
        return new Rule(
                RuleId.mint(),
                organisation,
                "all",
                true,
                1,
                List.of(),
                60,
                List.of(),
                "*",
                List.of(),
                "triage",
                Duration.ofHours(1),
                100,
                Rule.USUAL_PATIENCE,
                Rule.Approval.NONE);
    }
}
