package io.varve.provider.sentinelone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.device.Device;
import io.varve.emulator.kit.Fault;
import io.varve.emulator.sentinelone.ServiceUser;
import io.varve.provider.AlertFeed;
import io.varve.provider.AlertFeed.RawAlert;
import io.varve.provider.Check;
import io.varve.provider.Check.Result;
import io.varve.provider.Console.Subject;
import io.varve.provider.ProviderException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a tenant allows, its alerts, and notes on them.
@Tag("contained")
class SentinelOneVendorTest {
    @TempDir
    Path folder;

    private World world;
    private Optional<String> cursor = Optional.empty();

    @BeforeEach
    void start() throws IOException {
        assumeTrue(Device.possible(), "no sandboxes on this machine");
        world = new World(folder);
    }

    @AfterEach
    void close() {
        if (world != null) {
            world.console.assertNoContainmentCalls();
            world.close();
        }
    }

    private void threat(String id, Instant updated) {
        ObjectNode threat = SentinelOne.JSON.createObjectNode().put("id", id);
        threat.putObject("threatInfo")
                .put("threatName", "updaterd")
                .put("createdAt", updated.toString())
                .put("updatedAt", updated.toString());
        threat.putObject("agentRealtimeInfo").put("agentId", world.agent.id());
        world.console.addThreat(threat);
    }

    /// Reads until nothing more is ready, as the worker does.
    private List<String> read() throws ProviderException, InterruptedException {
        var ids = new ArrayList<String>();
        AlertFeed feed = world.vendor.feed().orElseThrow();
        AlertFeed.Page page;
        do {
            page = feed.next(world.connection(), cursor, world.clock.instant());
            for (RawAlert alert : page.alerts()) {
                assertThat(alert.source()).isEqualTo("sentinelone");
                ids.add(id(alert));
            }
            cursor = Optional.of(page.cursor());
        } while (page.more());
        return ids;
    }

    private static String id(RawAlert alert) {
        try {
            var body = SentinelOne.JSON.readTree(alert.body());
            return body.path("id").asText(body.path("alertInfo").path("alertId").asText());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void threatsOfOneInstantAreAllReadAndNoneTwice() throws Exception {
        world.settings.put("feeds", "threats");
        Instant at = world.clock.instant().minusSeconds(600);
        var all = new HashSet<String>();
        for (int i = 0; i < 250; i++) {
            threat("18000000000000%05d".formatted(i), at);
            all.add("18000000000000%05d".formatted(i));
        }
        List<String> ids = read();
        assertThat(ids).doesNotHaveDuplicates();
        assertThat(new HashSet<>(ids)).isEqualTo(all);
        threat("1800000000000099999", at);
        assertThat(read()).containsExactly("1800000000000099999");
        assertThat(read()).isEmpty();
    }

    @Test
    void changedThreatComesAgain() throws Exception {
        world.settings.put("feeds", "threats");
        threat("1800000000000000001", world.clock.instant().minusSeconds(600));
        assertThat(read()).hasSize(1);
        threat("1800000000000000001", world.clock.instant().minusSeconds(5));
        assertThat(read()).containsExactly("1800000000000000001");
    }

    @Test
    void brokenReadingLosesNothing() throws Exception {
        world.settings.put("feeds", "threats");
        for (int i = 0; i < 250; i++) {
            threat("18000000000000%05d".formatted(i), world.clock.instant().minusSeconds(600 - i));
        }
        world.console.faults().after(1, 4, World.on("GET", "/threats"), Fault.broken());
        assertThatThrownBy(this::read).isInstanceOf(ProviderException.class);
        assertThat(new HashSet<>(read())).hasSize(150);
    }

    @Test
    void threatOfTheFutureDoesNotHideLaterOnes() throws Exception {
        world.settings.put("feeds", "threats");
        threat("1800000000000000001", world.clock.instant().plus(Duration.ofDays(365)));
        assertThat(read()).hasSize(1);
        threat("1800000000000000002", world.clock.instant().minusSeconds(10));
        assertThat(read()).contains("1800000000000000002");
    }

    @Test
    void unifiedAlertsAreReadWhereChosen() throws Exception {
        world.settings.put("feeds", "unified");
        world.console.addAlert(SentinelOne.JSON
                .createObjectNode()
                .put("id", "019d114e-e4f4-7ad6-82c3-9829b6d0a801")
                .put("updatedAt", world.clock.instant().minusSeconds(60).toString()));
        assertThat(read()).containsExactly("019d114e-e4f4-7ad6-82c3-9829b6d0a801");
        assertThat(read()).isEmpty();
    }

    @Test
    void alertsOfCustomRulesAreReadByTheIdOfTheirOwn() throws Exception {
        world.settings.put("feeds", "star");
        for (int i = 0; i < 3; i++) {
            ObjectNode alert = SentinelOne.JSON.createObjectNode();
            alert.putObject("alertInfo")
                    .put("alertId", "190000000000000000" + i)
                    .put("createdAt", world.clock.instant().minusSeconds(60).toString());
            world.console.addStarAlert(alert);
        }
        assertThat(read()).hasSize(3);
        assertThat(read()).isEmpty();
    }

    @Test
    void commentsBecomeNotes() throws Exception {
        var rights = new HashSet<>(ServiceUser.CAPTURE);
        rights.addAll(ServiceUser.NOTES);
        world.allow(rights);
        threat("1800000000000000001", world.clock.instant());
        String alert = "019d114e-e4f4-7ad6-82c3-9829b6d0a801";
        world.console.addAlert(SentinelOne.JSON.createObjectNode().put("id", alert));
        comment("1800000000000000001");
        comment(alert);
        assertThat(world.console.threatNotes("1800000000000000001")).containsExactly("captured: https://varve/i/1");
        assertThat(world.console.alertNotes(alert)).containsExactly("captured: https://varve/i/1");
        assertThatThrownBy(() -> comment("1899999999999999999")).hasMessageContaining("no threat");
    }

    @Test
    void commentWithoutTheRightNamesIt() {
        threat("1800000000000000001", world.clock.instant());
        assertThatThrownBy(() -> comment("1800000000000000001")).hasMessageContaining("threat notes permission");
    }

    private void comment(String alert) throws ProviderException, InterruptedException {
        world.vendor
                .console()
                .orElseThrow()
                .comment(
                        world.connection(),
                        new Subject("sentinelone", alert, Optional.empty()),
                        "captured: https://varve/i/1");
    }

    @Test
    void checkTellsGrantedMissingAndUnseenRights() throws Exception {
        world.settings.put("feeds", "threats,unified");
        world.forbid("Task Management.view");
        List<Check> checks = world.vendor.check(world.connection());
        assertThat(result(checks, "Endpoints.view")).isEqualTo(Result.OK);
        assertThat(result(checks, "Unified Alerts.view")).isEqualTo(Result.OK);
        assertThat(result(checks, "Task Management.view")).isEqualTo(Result.MISSING);
        assertThat(result(checks, "Endpoints.fileFetch")).isEqualTo(Result.UNKNOWN);
        assertThat(checks)
                .filteredOn(check -> check.result() == Result.MISSING)
                .allSatisfy(check -> assertThat(check.mend()).contains("Settings > Users > Roles"));
        assertThat(world.calls("POST", "/remote-scripts*")).isZero();
    }

    @Test
    void checkWarnsBeforeTheTokenExpires() throws Exception {
        world.settings.put("feeds", "threats");
        world.clock.advance(Duration.ofDays(80));
        Check token = world.vendor.check(world.connection()).stream()
                .filter(check -> check.name().equals("API token"))
                .findFirst()
                .orElseThrow();
        assertThat(token.detail()).contains("in 9 days");
        assertThat(token.mend()).contains("make a new token");
    }

    private static Result result(List<Check> checks, String name) {
        return checks.stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow()
                .result();
    }
}
