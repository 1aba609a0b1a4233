package io.varve.provider.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.emulator.azure.AzureEmulator;
import io.varve.emulator.azure.Machine;
import io.varve.emulator.azure.ManagedDisk;
import io.varve.emulator.kit.Fault;
import io.varve.provider.Check;
import io.varve.provider.MemoryCapture;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.record.RecordCapture;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sign-ins that came from a machine's public addresses.
@Tag("cloud")
final class SignInsTest {
    private static final String SIGN_INS = "varve/cloud/azure/sign-ins.jsonl";
    private static final String FIRST = "203.0.113.20";
    private static final String SECOND = "2001:db8::20";
    private static final Map<String, String> ON = Map.of("sign_ins", "true");
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private static Path folder = Path.of("");

    private static World world = unset();
    private static AzureEmulator azure = unset();
    private static Machine machine = unset();
    private static Machine inside = unset();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeAll
    static void start() {
        world = new World(folder);
        azure = world.azure;
        machine = world.machine(ManagedDisk.of(world.disk(1)));
        inside = world.machine(ManagedDisk.of(world.disk(1)));
        network();
        Instant now = world.clock.instant();
        azure.log(machine, now.minusSeconds(60), "Microsoft.Compute/virtualMachines/write", "mallory");
        azure.log(inside, now.minusSeconds(60), "Microsoft.Compute/virtualMachines/write", "mallory");
        for (int i = 1; i <= 5; i++) {
            azure.signIns().add(now.minus(Duration.ofDays(i)), "user%d@example.com".formatted(i), FIRST, i % 2);
        }
        azure.signIns().add(now.minus(Duration.ofHours(1)), "six@example.com", SECOND, 0);
        azure.signIns().add(now.minus(Duration.ofDays(20)), "old@example.com", FIRST, 0);
        azure.signIns().add(now.minus(Duration.ofHours(1)), "elsewhere@example.com", "203.0.113.21", 0);
    }

    private static void network() {
        String group = "/subscriptions/%s/resourceGroups/%s/providers/Microsoft.Network"
                .formatted(AzureEmulator.SUBSCRIPTION, World.GROUP);
        String subnet = group + "/virtualNetworks/net/subnets/web";
        azure.networks().put(subnet, "{}");
        azure.networks().put(group + "/publicIPAddresses/one", "{\"ipAddress\": \"%s\"}".formatted(FIRST));
        azure.networks().put(group + "/publicIPAddresses/two", "{\"ipAddress\": \"%s\"}".formatted(SECOND));
        azure.networks().put(group + "/networkInterfaces/card", """
                {"macAddress": "00-0D-3A-18-07-7E", "ipConfigurations": [
                 {"properties": {"subnet": {"id": "%1$s"}, "publicIPAddress": {"id": "%2$s/publicIPAddresses/one"}}},
                 {"properties": {"subnet": {"id": "%1$s"}, "publicIPAddress": {"id": "%2$s/publicIPAddresses/two"}}}]}
                """.formatted(subnet, group));
        azure.networks().put(group + "/networkInterfaces/inside", """
                {"macAddress": "00-0D-3A-18-07-7F", "ipConfigurations": [{"properties": {"subnet": {"id": "%s"}}}]}
                """.formatted(subnet));
        azure.networks().attach(machine, group + "/networkInterfaces/card");
        azure.networks().attach(inside, group + "/networkInterfaces/inside");
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @AfterEach
    void calm() {
        azure.faults().clear();
        azure.allowed().allowAll();
        azure.permissions(Graph.READ_LOGS);
        azure.signIns().licensed(true);
        azure.signIns().goOnAt("");
    }

    private static MemoryCapture captured(Machine of, Map<String, String> settings) throws Exception {
        MemoryCapture capture = world.live(of, settings).collecting(RecordCapture.PROFILE);
        world.provider.capture(capture);
        return capture;
    }

    private static List<String> users(MemoryCapture capture) throws Exception {
        var users = new ArrayList<String>();
        for (String line : capture.lines(SIGN_INS)) {
            users.add(JSON.readTree(line).path("userPrincipalName").asText());
        }
        return users;
    }

    /// Why sign-ins are not there, or not all of them.
    private static List<String> reasons(MemoryCapture capture) throws Exception {
        var reasons = new ArrayList<String>();
        for (String line : capture.lines("varve/outcomes.jsonl")) {
            JsonNode outcome = JSON.readTree(line);
            if (outcome.path("artifact").asText().equals("EntraSignIns")
                    && outcome.path("status").asText().equals("failed")) {
                reasons.add(outcome.path("reason").asText());
            }
        }
        return reasons;
    }

    @Test
    void those_from_every_public_address_in_the_window_come_page_by_page() throws Exception {
        MemoryCapture capture = captured(machine, ON);
        assertThat(users(capture))
                .containsExactly(
                        "user1@example.com",
                        "user2@example.com",
                        "user3@example.com",
                        "user4@example.com",
                        "user5@example.com",
                        "six@example.com");
        assertThat(reasons(capture)).isEmpty();
    }

    @Test
    void they_are_taken_only_where_they_are_switched_on() throws Exception {
        assertThat(captured(machine, Map.of()).members())
                .doesNotContain(SIGN_INS)
                .contains("varve/cloud/azure/activity.jsonl");
    }

    @Test
    void a_permission_that_lacks_is_named_and_the_other_logs_go_on() throws Exception {
        azure.permissions();
        MemoryCapture capture = captured(machine, ON);
        assertThat(reasons(capture))
                .singleElement()
                .satisfies(reason -> assertThat(reason).contains("AuditLog.Read.All", "403", "consent"));
        assertThat(capture.members())
                .contains("varve/cloud/azure/activity.jsonl")
                .doesNotContain(SIGN_INS);
    }

    @Test
    void a_licence_that_lacks_is_named() throws Exception {
        azure.signIns().licensed(false);
        assertThat(reasons(captured(machine, ON)))
                .singleElement()
                .satisfies(reason ->
                        assertThat(reason).contains("Entra ID P1 or P2").doesNotContain("consent"));
    }

    @Test
    void too_many_calls_are_waited_for_as_long_as_graph_says() throws Exception {
        Instant before = world.clock.instant();
        azure.faults().next(2, AzureEmulator.graph(), Fault.tooMany());
        MemoryCapture capture = captured(machine, ON);
        assertThat(users(capture)).hasSizeGreaterThan(4);
        assertThat(Duration.between(before, world.clock.instant())).isGreaterThanOrEqualTo(Duration.ofSeconds(34));
    }

    @Test
    void too_many_calls_without_an_end_are_another_try_and_no_gap() {
        azure.faults().next(1_000, AzureEmulator.graph(), Fault.tooMany());
        assertThatThrownBy(() -> captured(machine, ON))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.THROTTLED))
                .satisfies(e -> assertThat(e.retryAfter()).contains(Duration.ofSeconds(17)));
    }

    @Test
    void an_answer_that_fails_is_another_try_and_no_gap() {
        azure.faults().next(1, AzureEmulator.graph(), Fault.broken());
        assertThatThrownBy(() -> captured(machine, ON))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.FAILED));
    }

    @Test
    void a_list_that_goes_on_elsewhere_is_not_followed_and_said() throws Exception {
        azure.signIns().goOnAt("https://graph.microsoft.com.example.com");
        MemoryCapture capture = captured(machine, ON);
        assertThat(users(capture)).containsExactly("user1@example.com", "user2@example.com");
        assertThat(reasons(capture))
                .singleElement()
                .satisfies(reason -> assertThat(reason).contains("goes on at another address"));
    }

    @Test
    void a_machine_without_a_public_address_has_none_and_that_is_said() throws Exception {
        assertThat(reasons(captured(inside, ON)))
                .singleElement()
                .satisfies(reason -> assertThat(reason).contains("no public address"));
    }

    @Test
    void the_right_to_read_addresses_is_needed_and_enough() throws Exception {
        var actions = new ArrayList<>(Feature.LOGS.actions());
        azure.allowed().grantOnly(actions, List.of());
        String right = Feature.SIGN_INS.actions().getFirst();
        assertThat(reasons(captured(machine, ON)))
                .singleElement()
                .satisfies(reason -> assertThat(reason).contains(right));
        actions.add(right);
        azure.allowed().grantOnly(actions, List.of());
        assertThat(users(captured(machine, ON))).hasSizeGreaterThan(4);
    }

    @Test
    void the_check_shows_permission_and_right_where_it_is_switched_on() throws Exception {
        List<String> wanted =
                List.of(Graph.READ_LOGS, Feature.SIGN_INS.actions().getFirst());
        assertThat(new AzureVendor().check(world.connection(Map.of())))
                .extracting(Check::name)
                .doesNotContainAnyElementsOf(wanted);
        assertThat(new AzureVendor().check(world.connection(ON)))
                .filteredOn(check -> wanted.contains(check.name()))
                .hasSize(2)
                .extracting(Check::result)
                .containsOnly(Check.Result.OK);
        azure.permissions();
        assertThat(new AzureVendor().check(world.connection(ON)))
                .filteredOn(check -> check.name().equals(Graph.READ_LOGS))
                .extracting(Check::result)
                .containsExactly(Check.Result.MISSING);
    }

    @Test
    void tokens_of_national_clouds_are_asked_for_by_their_address() {
        assertThat(Graph.scope(URI.create("https://graph.microsoft.us")))
                .isEqualTo("https://graph.microsoft.us/.default");
        assertThat(Graph.scope(URI.create("https://127.0.0.1:1"))).isEqualTo("https://graph.microsoft.com/.default");
    }
}
