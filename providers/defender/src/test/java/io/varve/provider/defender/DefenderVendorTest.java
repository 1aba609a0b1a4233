package io.varve.provider.defender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.defender.Application;
import io.varve.emulator.defender.DefenderEmulator;
import io.varve.provider.AlertFeed;
import io.varve.provider.AlertFeed.RawAlert;
import io.varve.provider.Check;
import io.varve.provider.Check.Result;
import io.varve.provider.Connection;
import io.varve.provider.Console.Subject;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("contained")
class DefenderVendorTest {
    private static final String WORKSPACE =
            "/subscriptions/s-1/resourceGroups/soc/providers/Microsoft.OperationalInsights/workspaces/main";
    private static final String INCIDENT = "73e01a99-5cd7-4139-a149-9f2736ff2ab5";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private Contoso contoso;
    private DefenderVendor vendor;
    private Optional<String> cursor = Optional.empty();

    @BeforeEach
    void tenant() throws Exception {
        contoso = Contoso.in(folder);
        vendor = new DefenderVendor(contoso.clock, contoso.waiting);
    }

    @AfterEach
    void nothingWasContainedOrReleased() {
        contoso.emulator.assertNoContainmentCalls();
        contoso.close();
    }

    private void grantAlso(String... more) {
        var roles = new TreeSet<>(Application.CAPTURE_ROLES);
        roles.addAll(List.of(more));
        contoso.grant(roles.toArray(String[]::new));
    }

    private static Check named(List<Check> checks, String name) {
        return checks.stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void grantedMissingAndTooBroadPermissionsAreTold() throws Exception {
        contoso.grant("Machine.Read.All", "Machine.LiveResponse", "Machine.Isolate", "SecurityAlert.Read.All");
        List<Check> checks = vendor.check(contoso.connection());
        assertThat(named(checks, "Machine.LiveResponse").result()).isEqualTo(Result.OK);
        assertThat(named(checks, "Library.Manage").result()).isEqualTo(Result.MISSING);
        assertThat(named(checks, "Library.Manage").mend()).contains("WindowsDefenderATP", "varve-app");
        assertThat(named(checks, "SecurityAlert.Read.All").result()).isEqualTo(Result.OK);
        assertThat(named(checks, "SecurityAlert.ReadWrite.All").result()).isEqualTo(Result.MISSING);
        assertThat(named(checks, "Machine.Isolate").result()).isEqualTo(Result.TOO_BROAD);
        assertThat(named(checks, "Machine.Isolate").detail()).contains("lift isolation");
    }

    @Test
    void broaderPermissionThanReadingIsTooBroad() throws Exception {
        contoso.grant("Machine.ReadWrite.All", "Machine.LiveResponse");
        List<Check> checks = vendor.check(contoso.connection());
        assertThat(named(checks, "Machine.Read.All").result()).isEqualTo(Result.OK);
        assertThat(named(checks, "Machine.ReadWrite.All").result()).isEqualTo(Result.TOO_BROAD);
    }

    @Test
    void wrongSecretAndWrongTenantAreSaidWithoutTheSecret() {
        var wrong = new Connection(
                "c", "Contoso", contoso.connection().settings(), Map.of("client_secret", "not the secret"));
        assertThatThrownBy(() -> vendor.check(wrong))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.FORBIDDEN))
                .satisfies(e -> assertThat(e.reason())
                        .contains("client secret is wrong")
                        .doesNotContain("not the secret"));
        assertThatThrownBy(() -> vendor.check(contoso.connection(Map.of("tenant_id", "other.example"))))
                .isInstanceOf(ProviderException.class)
                .hasMessageContaining("tenant");
        assertThatThrownBy(() -> vendor.check(contoso.connection(Map.of("authority", "http://login.example"))))
                .isInstanceOf(ProviderException.class)
                .hasMessageContaining("https");
    }

    private ObjectNode graphAlert(String id, Instant created, Instant changed) {
        ObjectNode alert = DefenderEmulator.json()
                .put("id", id)
                .put("title", "alert " + id)
                .put("createdDateTime", created.toString())
                .put("lastUpdateDateTime", changed.toString());
        contoso.emulator.addGraphAlert(alert);
        return alert;
    }

    /// Ids in the order they come, until there is nothing more.
    private List<String> polled(Connection connection) throws Exception {
        var ids = new ArrayList<String>();
        AlertFeed.Page page;
        do {
            page = vendor.feed().orElseThrow().next(connection, cursor, contoso.clock.instant());
            for (RawAlert alert : page.alerts()) {
                ids.add(JSON.readTree(alert.body()).path("id").asText());
            }
            cursor = Optional.of(page.cursor());
        } while (page.more());
        return ids;
    }

    @Test
    void everyAlertOfManyPagesComesOnce() throws Exception {
        contoso.emulator.behaviour().graphPage = 7;
        Instant same = contoso.clock.instant().minus(Duration.ofHours(1));
        for (int i = 0; i < 30; i++) {
            graphAlert("a" + i, same.minusSeconds(i), same);
        }
        assertThat(polled(contoso.connection())).hasSize(30).doesNotHaveDuplicates();
        assertThat(polled(contoso.connection())).isEmpty();
    }

    @Test
    void alertOfTheSameInstantAndLateOneComeAfterwards() throws Exception {
        Instant now = contoso.clock.instant();
        graphAlert("first", now, now);
        assertThat(polled(contoso.connection())).containsExactly("first");
        graphAlert("same", now, now);
        graphAlert("late", now.minusSeconds(240), now.minusSeconds(240));
        assertThat(polled(contoso.connection())).containsExactly("late", "same");
        graphAlert("first", now, now.plusSeconds(9));
        assertThat(polled(contoso.connection())).containsExactly("first");
    }

    @Test
    void restartBetweenTwoPagesLosesNothing() throws Exception {
        contoso.emulator.behaviour().graphPage = 2;
        Instant now = contoso.clock.instant();
        for (int i = 0; i < 6; i++) {
            graphAlert("a" + i, now.minusSeconds(i), now.minusSeconds(i));
        }
        AlertFeed.Page first = vendor.feed().orElseThrow().next(contoso.connection(), cursor, now);
        assertThat(first.more()).isTrue();
        cursor = Optional.of(first.cursor());
        graphAlert("changed meanwhile", now.minusSeconds(3), now.plusSeconds(1));
        var rest = polled(contoso.connection());
        rest.addAll(polled(contoso.connection()));
        assertThat(rest).contains("changed meanwhile", "a2", "a3", "a4", "a5");
    }

    @Test
    void alertsOfDefenderItselfComeWithTheirEvidence() throws Exception {
        grantAlso("Alert.Read.All");
        for (int i = 0; i < 130; i++) {
            ObjectNode alert = DefenderEmulator.json()
                    .put("id", "da" + i)
                    .put(
                            "lastUpdateTime",
                            contoso.clock.instant().minusSeconds(i).toString());
            alert.putArray("evidence").addObject().put("entityType", "File");
            contoso.emulator.addAlert(alert);
        }
        Connection connection = contoso.connection(Map.of("feed", "defender"));
        AlertFeed.Page page = vendor.feed().orElseThrow().next(connection, cursor, contoso.clock.instant());
        assertThat(page.alerts()).hasSize(100).allSatisfy(alert -> {
            assertThat(alert.source()).isEqualTo("defender");
            assertThat(JSON.readTree(alert.body()).path("evidence")).isNotEmpty();
        });
        assertThat(polled(connection)).hasSize(130).doesNotHaveDuplicates();
    }

    @Test
    void feedNamesTheMissingPermission() {
        contoso.grantWithout("SecurityAlert.Read.All");
        assertThatThrownBy(() -> polled(contoso.connection()))
                .isInstanceOf(ProviderException.class)
                .hasMessageContaining("SecurityAlert.Read.All")
                .hasMessageContaining("Microsoft Graph");
    }

    private void comment(Connection connection, String source, String alert) throws Exception {
        vendor.console()
                .orElseThrow()
                .comment(connection, new Subject(source, alert, Optional.empty()), "see https://varve");
    }

    @Test
    void commentsAreLeftOnce() throws Exception {
        grantAlso("Alert.ReadWrite.All", "SecurityAlert.ReadWrite.All", "Microsoft Sentinel Responder");
        graphAlert("g1", contoso.clock.instant(), contoso.clock.instant());
        contoso.emulator.addAlert(DefenderEmulator.json().put("id", "d1"));
        contoso.emulator.addSentinelIncident(DefenderEmulator.json().put("name", INCIDENT), List.of(), List.of());
        Connection connection = contoso.connection(Map.of("workspace_resource_id", WORKSPACE));
        for (int i = 0; i < 2; i++) {
            comment(connection, "graph", "g1");
            comment(connection, "defender", "d1");
            comment(connection, "sentinel", INCIDENT);
            comment(connection, "sentinel", WORKSPACE + "/providers/Microsoft.SecurityInsights/incidents/" + INCIDENT);
        }
        assertThat(contoso.emulator.graphAlert("g1").orElseThrow().path("comments"))
                .hasSize(1);
        assertThat(contoso.emulator.alert("d1").orElseThrow().path("comments")).hasSize(1);
        assertThat(contoso.emulator.sentinelComments(INCIDENT)).containsExactly("see https://varve");
    }

    @Test
    void commentNamesTheMissingPermission() throws Exception {
        graphAlert("g1", contoso.clock.instant(), contoso.clock.instant());
        assertThatThrownBy(() -> comment(contoso.connection(), "graph", "g1"))
                .isInstanceOf(ProviderException.class)
                .hasMessageContaining("SecurityAlert.ReadWrite.All");
        assertThatThrownBy(() ->
                        comment(contoso.connection(Map.of("workspace_resource_id", WORKSPACE)), "sentinel", INCIDENT))
                .isInstanceOf(ProviderException.class)
                .hasMessageContaining("Microsoft Sentinel Responder")
                .hasMessageContaining("IAM");
        assertThatThrownBy(() -> comment(contoso.connection(), "sentinel", INCIDENT))
                .isInstanceOf(ProviderException.class)
                .hasMessageContaining("workspace_resource_id");
    }
}
