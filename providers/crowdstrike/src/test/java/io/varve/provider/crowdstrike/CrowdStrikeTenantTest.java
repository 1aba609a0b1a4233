package io.varve.provider.crowdstrike;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.crowdstrike.FalconHost;
import io.varve.emulator.crowdstrike.Scope;
import io.varve.emulator.device.Containment;
import io.varve.emulator.device.Device;
import io.varve.emulator.device.DeviceFacts;
import io.varve.emulator.kit.CallFilter;
import io.varve.emulator.kit.Fault;
import io.varve.provider.AlertFeed;
import io.varve.provider.Check;
import io.varve.provider.Check.Result;
import io.varve.provider.Console.Subject;
import io.varve.provider.Preflight;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is known of a tenant without touching its hosts: hosts, rights, alerts.
@Tag("contained")
class CrowdStrikeTenantTest {
    @TempDir
    Path folder = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private Tenant tenant;

    @BeforeEach
    void start() {
        Assumptions.assumeTrue(Device.possible(), "bubblewrap cannot make user namespaces here");
        tenant = new Tenant(folder);
    }

    @AfterEach
    void stop() {
        tenant.falcon.assertNoContainmentCalls();
        tenant.close();
    }

    private Preflight preflight(String target) throws ProviderException, InterruptedException {
        return tenant.provider()
                .preflight(tenant.connection(), target, "triage")
                .orElseThrow();
    }

    private static Map<String, Result> results(List<Check> checks) {
        return checks.stream().collect(Collectors.toMap(Check::name, Check::result));
    }

    @Test
    void preflightLooksAndTouchesNothing() throws Exception {
        FalconHost old = tenant.falcon.goneHost(
                DeviceFacts.of("web77"), tenant.clock.instant().minus(Duration.ofDays(40)));
        Preflight found = preflight(tenant.host.aid());
        assertThat(found.host()).contains("web77");
        assertThat(found.platform()).contains("linux");
        assertThat(found.online()).contains(true);
        assertThat(found.containment()).isEqualTo(io.varve.provider.Containment.CONTAINED);
        assertThat(found.others()).singleElement().asString().startsWith(old.aid());
        assertThat(found.checks()).allMatch(check -> check.result() == Result.OK);
        assertThat(found.touches()).hasSize(4);
        assertThat(tenant.falcon.openSessions()).isEmpty();
    }

    @Test
    void nameOfSeveralSensorsMeansTheNewest() throws Exception {
        tenant.falcon.goneHost(DeviceFacts.of("web77"), tenant.clock.instant().minus(Duration.ofDays(40)));
        var hosts = new CrowdStrikeHosts(tenant.tenants());
        assertThat(hosts.find(tenant.connection(), "web77").id()).isEqualTo(tenant.host.aid());
    }

    @Test
    void unknownHostIsNotFoundAndATargetIsNoFilter() {
        var hosts = new CrowdStrikeHosts(tenant.tenants());
        for (String target : List.of("0".repeat(32), "nobody", "x'+status:'normal", "a,b")) {
            assertThatThrownBy(() -> hosts.find(tenant.connection(), target))
                    .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
        }
    }

    @Test
    void containmentIsReadInAllItsStates() throws Exception {
        var hosts = new CrowdStrikeHosts(tenant.tenants());
        var host = hosts.find(tenant.connection(), tenant.host.aid());
        tenant.device.containment(Containment.RELEASE_PENDING);
        assertThat(hosts.containment(tenant.connection(), host)).isEqualTo(io.varve.provider.Containment.PENDING);
        tenant.device.containment(Containment.NORMAL);
        assertThat(hosts.containment(tenant.connection(), host)).isEqualTo(io.varve.provider.Containment.NORMAL);
        assertThat(CrowdStrikeHosts.containment("new word")).isEqualTo(io.varve.provider.Containment.UNKNOWN);
    }

    @Test
    void hostWithoutRealTimeResponseFailsEarly() {
        tenant.host.withoutRtr();
        assertThatThrownBy(() -> tenant.provider().capture(tenant.capture()))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED))
                .satisfies(e -> assertThat(e).hasMessageContaining("Response policies"));
    }

    @Test
    void checkTellsEveryScope() throws Exception {
        var vendor = new CrowdStrikeVendor(tenant.tenants());
        assertThat(results(vendor.check(tenant.connection())))
                .hasSize(7)
                .containsEntry("Hosts: Write", Result.UNKNOWN)
                .containsEntry("Alerts: Write", Result.OK)
                .containsEntry("Real time response (admin): Write", Result.OK);
        tenant.without(Scope.RTR_ADMIN, Scope.ALERTS_WRITE);
        List<Check> checks = vendor.check(tenant.connection());
        assertThat(results(checks))
                .containsEntry("Real time response (admin): Write", Result.MISSING)
                .containsEntry("Alerts: Write", Result.MISSING)
                .containsEntry("Real time response: Write", Result.OK);
        assertThat(checks)
                .filteredOn(check -> check.result() == Result.MISSING)
                .allMatch(check -> check.mend().contains("API clients and keys"));
    }

    @Test
    void wrongSecretIsSaidWithoutIt() {
        var connection = new io.varve.provider.Connection(
                "i-2", "falcon", tenant.connection().settings(), Map.of("client_secret", "wrong-secret-7"));
        assertThatThrownBy(() -> new CrowdStrikeVendor(tenant.tenants()).check(connection))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.FORBIDDEN))
                .satisfies(e -> assertThat(e).hasMessageContaining("client_secret"))
                .satisfies(e -> assertThat(e.toString()).doesNotContain("wrong-secret-7"));
    }

    private void alert(String id, Instant updated) {
        ObjectNode alert = CrowdStrike.JSON
                .createObjectNode()
                .put("composite_id", id)
                .put("updated_timestamp", updated.toString())
                .put("created_timestamp", updated.toString());
        tenant.falcon.alert(alert);
    }

    /// Pages until there is no more, each from the cursor of the one before, as after a restart.
    private final class Reader {
        private Optional<String> cursor = Optional.empty();

        List<String> read() throws ProviderException, InterruptedException, IOException {
            var ids = new ArrayList<String>();
            AlertFeed feed = new CrowdStrikeVendor(tenant.tenants()).feed().orElseThrow();
            boolean more = true;
            while (more) {
                AlertFeed.Page page = feed.next(tenant.connection(), cursor, tenant.clock.instant());
                for (AlertFeed.RawAlert alert : page.alerts()) {
                    JsonNode json = CrowdStrike.JSON.readTree(alert.body());
                    ids.add(json.path("composite_id").asText());
                }
                cursor = Optional.of(page.cursor());
                more = page.more();
            }
            return ids;
        }
    }

    @Test
    void feedMissesNothingAndRepeatsNothing() throws Exception {
        Instant now = tenant.clock.instant();
        for (int i = 0; i < 1203; i++) {
            alert("a" + i, now.minusSeconds(600));
        }
        alert("old", now.minus(Duration.ofDays(3)));
        var reader = new Reader();
        assertThat(reader.read()).hasSize(1203).doesNotHaveDuplicates().doesNotContain("old");
        assertThat(reader.read()).isEmpty();
        alert("same-time", now.minusSeconds(600));
        alert("late", now.minusSeconds(900));
        alert("new", now.plusSeconds(5));
        assertThat(reader.read()).containsExactly("late", "same-time", "new");
        alert("a7", now.plusSeconds(9));
        assertThat(reader.read()).containsExactly("a7");
    }

    @Test
    void feedBeginsItsRoundAgainWhenCrowdStrikeForgotWhereItWas() throws Exception {
        for (int i = 0; i < 600; i++) {
            alert("a" + i, tenant.clock.instant().minusSeconds(600 - i));
        }
        tenant.falcon.faults().after(1, 1, CallFilter.of("POST", "/alerts/combined/*"), new Fault.Broken(400));
        assertThat(new Reader().read()).hasSize(600).doesNotHaveDuplicates();
    }

    @Test
    void commentIsLeftOnTheAlert() throws Exception {
        alert("cid:ind:1", tenant.clock.instant());
        var console = new CrowdStrikeVendor(tenant.tenants()).console().orElseThrow();
        console.comment(
                tenant.connection(),
                new Subject("crowdstrike", "cid:ind:1", Optional.empty()),
                "Forensics: https://varve/i/1");
        assertThat(tenant.falcon.comments("cid:ind:1")).containsExactly("Forensics: https://varve/i/1");
        assertThatThrownBy(() ->
                        console.comment(tenant.connection(), new Subject("crowdstrike", "gone", Optional.empty()), "x"))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
    }

    @Test
    void batchRunsACommandOnAllHostsThatAnswer() throws Exception {
        FalconHost gone = tenant.falcon.goneHost(DeviceFacts.of("db1"), tenant.clock.instant());
        CrowdStrike client = tenant.tenants().of(tenant.connection()).client();
        Batch batch = Batch.open(client, List.of(tenant.host.aid(), gone.aid()));
        batch.refresh();
        assertThat(batch.failures()).containsOnlyKeys(gone.aid());
        Map<String, Batch.Result> results = batch.run(RtrCommand.raw("cat /etc/hostname", 30));
        assertThat(results)
                .hasEntrySatisfying(
                        tenant.host.aid(), result -> assertThat(result.stdout()).contains("web77"));
    }

    @Test
    void regionIsThatOfTheSettingAndOnlyCrowdStrikesOwn() throws Exception {
        var none = new io.varve.provider.Connection("i", "n", Map.of("region", "eu-1"), Map.of());
        assertThat(Region.base(none)).isEqualTo("https://api.eu-1.crowdstrike.com");
        var wrong = new io.varve.provider.Connection("i", "n", Map.of("region", "moon-1"), Map.of());
        assertThatThrownBy(() -> Region.base(wrong)).hasMessageContaining("us-1");
        assertThat(Region.known("https://api.crowdstrike.com.example.org")).isFalse();
    }
}
