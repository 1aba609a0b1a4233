package io.varve.provider.darktrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.darktrace.ApiToken;
import io.varve.emulator.darktrace.Comment;
import io.varve.emulator.darktrace.Permission;
import io.varve.emulator.darktrace.Settings;
import io.varve.emulator.kit.CallFilter;
import io.varve.emulator.kit.Fault;
import io.varve.emulator.kit.TestClock;
import io.varve.provider.AlertFeed;
import io.varve.provider.Check;
import io.varve.provider.Check.Result;
import io.varve.provider.Connection;
import io.varve.provider.Console.Subject;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("contained")
class DarktraceVendorTest {
    private static final String E1 = "11111111-aaaa-4bbb-8ccc-000000000001";
    private static final String E2 = "11111111-aaaa-4bbb-8ccc-000000000002";
    private static final String G1 = "g22222222-aaaa-4bbb-8ccc-000000000001";
    private static final String G2 = "g22222222-aaaa-4bbb-8ccc-000000000002";

    private final TestClock clock = TestClock.stoppedAt(Instant.parse("2026-11-22T08:00:00Z"));
    private io.varve.emulator.darktrace.Darktrace darktrace = io.varve.emulator.darktrace.Darktrace.start(clock);
    private final Map<String, String> settings = new LinkedHashMap<>();
    private ApiToken token = darktrace.token(Permission.READ, Permission.COMMENT);

    @AfterEach
    void stop() {
        darktrace.assertNoContainmentCalls();
        darktrace.close();
    }

    private Connection connection() {
        var all = new LinkedHashMap<>(settings);
        all.put("base_url", darktrace.url().toString());
        all.put("public_token", token.publicToken());
        return new Connection("i-1", "darktrace", all, Map.of("private_token", token.privateToken()));
    }

    private DarktraceVendor vendor() {
        return new DarktraceVendor(clock, clock::advance);
    }

    private ObjectNode event(String id, Instant at, String group) {
        ObjectNode event = Darktrace.JSON
                .createObjectNode()
                .put("id", id)
                .put("title", "Possible beaconing")
                .put("createdAt", at.toEpochMilli())
                .put("category", "critical")
                .put("groupCategory", "critical")
                .put("currentGroup", group)
                .put("aiaScore", 90.5)
                .put("groupScore", 20)
                .put("pinned", false)
                .putNull("attackPhases")
                .putNull("breachDevices");
        event.putArray("periods").addObject().put("start", at.toEpochMilli()).put("end", at.toEpochMilli());
        return event;
    }

    private ObjectNode group(String id, Instant at, String... events) {
        ObjectNode group = Darktrace.JSON
                .createObjectNode()
                .put("id", id)
                .put("category", "critical")
                .put("groupScore", 20.5)
                .put("pinned", false)
                .put("start", at.toEpochMilli())
                .put("end", at.toEpochMilli());
        for (String event : events) {
            group.withArray("incidentEvents").addObject().put("uuid", event);
        }
        return group;
    }

    private ObjectNode breach(long pbid, Instant at) {
        ObjectNode breach = Darktrace.JSON
                .createObjectNode()
                .put("pbid", pbid)
                .put("time", at.toEpochMilli())
                .put("creationTime", at.toEpochMilli())
                .put("score", 0.8);
        breach.putObject("model").put("name", "Device::New").put("uuid", "m1");
        breach.putObject("device").put("did", -1);
        return breach;
    }

    /// Reads on from its cursor as after a restart, and says what came: ids, groups as `g…`.
    private final class Reader {
        private Optional<String> cursor = Optional.empty();

        List<String> read() throws ProviderException, InterruptedException, IOException {
            var ids = new ArrayList<String>();
            AlertFeed feed = vendor().feed().orElseThrow();
            boolean more = true;
            while (more) {
                AlertFeed.Page page = feed.next(connection(), cursor, clock.instant());
                for (AlertFeed.RawAlert alert : page.alerts()) {
                    JsonNode json = Darktrace.JSON.readTree(alert.body());
                    ids.add(json.path("id").asText(json.path("pbid").asText()));
                }
                cursor = Optional.of(page.cursor());
                more = page.more();
            }
            return ids;
        }
    }

    @Test
    void feedHandsOnWhatIsNewAndWhatGrew() throws Exception {
        Instant now = clock.instant();
        darktrace.event(event(E1, now.minusSeconds(7200), G1));
        darktrace.group(group(G1, now.minusSeconds(7200), E1));
        darktrace.breach(breach(42, now.minusSeconds(3600)));
        var reader = new Reader();
        assertThat(reader.read()).containsExactlyInAnyOrder(E1, G1, "42");
        assertThat(reader.read()).isEmpty();
        darktrace.event(event(E1, now.minusSeconds(7200), G1).put("summary", "It went on."));
        darktrace.event(event(E2, now.minusSeconds(5400), G1));
        clock.advance(Duration.ofMinutes(1));
        assertThat(reader.read()).containsExactlyInAnyOrder(E1, E2);
        assertThat(reader.read()).isEmpty();
    }

    @Test
    void feedCatchesUpAfterALongTime() throws Exception {
        var reader = new Reader();
        reader.read();
        for (int hour = 0; hour < 40; hour++) {
            darktrace.breach(breach(100 + hour, clock.instant().plus(Duration.ofHours(hour))));
        }
        clock.advance(Duration.ofHours(48));
        assertThat(reader.read()).hasSize(40).doesNotHaveDuplicates();
    }

    @Test
    void pinnedOnesFromLongAgoAreLeftOut() throws Exception {
        darktrace.event(
                event(E1, clock.instant().minus(Duration.ofDays(60)), G1).put("pinned", true));
        assertThat(new Reader().read()).isEmpty();
    }

    @Test
    void mergedGroupComesUnderItsNewIdWithTheOldOnes() throws Exception {
        Instant at = clock.instant().minusSeconds(600);
        darktrace.event(event(E1, at, G1));
        darktrace.event(event(E2, at, G2));
        darktrace.group(group(G1, at, E1));
        darktrace.group(group(G2, at, E2));
        var reader = new Reader();
        assertThat(reader.read()).hasSize(4);
        String merged = darktrace.merge(G1, G2);
        assertThat(reader.read()).containsExactlyInAnyOrder(merged, E1, E2);
    }

    @Test
    void lesserScoresStayAway() throws Exception {
        settings.put("min_score", "95");
        darktrace.event(event(E1, clock.instant().minusSeconds(60), G1));
        darktrace.breach(breach(42, clock.instant().minusSeconds(60)));
        assertThat(new Reader().read()).doesNotContain(E1);
    }

    private List<String> messages(String event) {
        return darktrace.eventComments(event).stream().map(Comment::message).toList();
    }

    @Test
    void commentIsLeftOnEachEventOfTheGroupOnce() throws Exception {
        Instant at = clock.instant();
        darktrace.event(event(E1, at, G1));
        darktrace.event(event(E2, at, G1));
        darktrace.group(group(G1, at, E1, E2));
        var console = vendor().console().orElseThrow();
        console.comment(connection(), new Subject("darktrace", E1, Optional.of(G1)), "Forensics: https://varve/i/1");
        console.comment(connection(), new Subject("darktrace", G1, Optional.of(G1)), "Forensics: https://varve/i/1");
        assertThat(messages(E1)).containsExactly("Forensics: https://varve/i/1");
        assertThat(messages(E2)).containsExactly("Forensics: https://varve/i/1");
    }

    @Test
    void commentIsLeftOnAModelBreach() throws Exception {
        darktrace.breach(breach(42, clock.instant()));
        var console = vendor().console().orElseThrow();
        console.comment(connection(), new Subject("darktrace", "42", Optional.empty()), "Fall \"42\": größer");
        assertThat(darktrace.breachComments(42)).extracting(Comment::message).containsExactly("Fall \"42\": größer");
    }

    @Test
    void checkTellsWhatTheTokenMayRead() throws Exception {
        assertThat(vendor().check(connection()))
                .extracting(Check::result)
                .containsExactly(Result.OK, Result.OK, Result.OK, Result.OK, Result.UNKNOWN);
        token = darktrace.token(Permission.READ);
        assertThatThrownBy(() -> vendor().console()
                        .orElseThrow()
                        .comment(connection(), new Subject("darktrace", "42", Optional.empty()), "x"))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.FORBIDDEN))
                .satisfies(e -> assertThat(e).hasMessageContaining("lacks the permission"));
    }

    @Test
    void wrongTokenAndWrongClockAreSaid() {
        token = new ApiToken(token.publicToken(), "wrong", token.permissions());
        assertRefused("private_token");
        token = darktrace.token(Permission.READ);
        var late = new DarktraceVendor(java.time.Clock.offset(clock, Duration.ofHours(2)), clock::advance);
        assertThatThrownBy(() -> late.check(connection())).hasMessageContaining("clock");
    }

    private void assertRefused(String text) {
        assertThatThrownBy(() -> vendor().check(connection()))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.FORBIDDEN))
                .satisfies(e -> assertThat(e).hasMessageContaining(text));
    }

    @Test
    void throttleAndServerErrorsAreWaitedOut() throws Exception {
        darktrace.close();
        darktrace = io.varve.emulator.darktrace.Darktrace.start(
                clock, Settings.documented().withPerMinute(2));
        token = darktrace.token(Permission.READ);
        darktrace.faults().next(2, CallFilter.of("GET", "/modelbreaches"), Fault.broken());
        darktrace.breach(breach(42, clock.instant()));
        settings.put("first_days", "0");
        assertThat(new Reader().read()).containsExactly("42");
    }
}
