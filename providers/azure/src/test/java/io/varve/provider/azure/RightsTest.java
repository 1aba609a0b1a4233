package io.varve.provider.azure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.emulator.azure.AzureEmulator;
import io.varve.emulator.azure.ManagedDisk;
import io.varve.provider.Check;
import io.varve.provider.Check.Result;
import io.varve.provider.MemoryCapture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The rights we ask for are enough and not more than are used, and the documents say the same.
@Tag("cloud")
final class RightsTest {
    @TempDir
    private static Path folder = Path.of("");

    private static World world = unset();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeAll
    static void start() {
        world = new World(folder);
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @AfterEach
    void everythingIsAllowedAgain() {
        world.azure.allowed().allowAll();
    }

    @Test
    void the_rights_of_a_capture_are_enough_and_all_of_them_are_used() throws Exception {
        var machine = world.machine(ManagedDisk.of(world.disk(2)).askingForSignIn());
        world.azure.allowed().grantOnly(Feature.CAPTURE.actions(), Feature.SIGNED_IN.dataActions());
        int before = world.azure.actions().size();
        MemoryCapture capture = world.capture(machine);
        world.provider.capture(capture);
        world.provider.release(capture);
        List<String> used = world.azure.actions().stream()
                .skip(before)
                .map(AzureEmulator.Action::name)
                .distinct()
                .toList();
        // Azure itself asks for access to the disk that a snapshot is taken of
        assertThat(Feature.CAPTURE.actions())
                .filteredOn(action -> !action.equals("Microsoft.Compute/disks/beginGetAccess/action"))
                .allSatisfy(action -> assertThat(used).contains(action));
    }

    @Test
    void each_right_is_shown_as_present_missing_or_too_broad() throws Exception {
        var granted = new ArrayList<String>(Feature.CAPTURE.actions());
        granted.addAll(Feature.CHECK.actions());
        granted.remove("Microsoft.Compute/snapshots/delete");
        granted.add("microsoft.compute/virtualmachines/*");
        world.azure.allowed().grantOnly(granted, Feature.SIGNED_IN.dataActions());
        List<Check> checks = new AzureVendor().check(world.connection(Map.of()));
        assertThat(checks)
                .filteredOn(check -> check.result() == Result.MISSING)
                .extracting(Check::name)
                .containsExactly("Microsoft.Compute/snapshots/delete");
        assertThat(checks)
                .filteredOn(check -> check.result() == Result.TOO_BROAD)
                .extracting(Check::name)
                .containsExactlyInAnyOrder(
                        "Microsoft.Compute/virtualMachines/delete",
                        "Microsoft.Compute/virtualMachines/runCommand/action",
                        "Microsoft.Compute/virtualMachines/runCommands/write",
                        "Microsoft.Compute/virtualMachines/write");
        assertThat(checks).filteredOn(check -> check.result() == Result.OK).hasSize(11);
    }

    @Test
    void what_a_role_leaves_out_is_missing() throws Exception {
        world.azure.allowed().deny("Microsoft.Compute/snapshots/write");
        assertThat(new AzureVendor().check(world.connection(Map.of())))
                .filteredOn(check -> check.result() == Result.MISSING)
                .extracting(Check::name)
                .containsExactly("Microsoft.Compute/snapshots/write");
    }

    @Test
    void rights_that_cannot_be_seen_are_unknown() throws Exception {
        world.azure.allowed().grantOnly(Feature.CAPTURE.actions(), List.of());
        assertThat(new AzureVendor().check(world.connection(Map.of())))
                .extracting(Check::result)
                .containsExactly(Result.OK, Result.UNKNOWN);
    }

    @Test
    void the_documents_are_what_the_features_say() throws IOException {
        expect("role.json", Policies.json(AzureVendor.USUAL));
        expect("role.tf", Policies.terraform(AzureVendor.USUAL));
        expect("role.bicep", Policies.bicep(AzureVendor.USUAL));
        expect("role-triage.json", Policies.json(Policies.TRIAGE));
        expect("role-relay.json", Policies.json(Policies.RELAY));
        expect("role-logs.json", Policies.json(Policies.LOGS));
        expect("role-flows.json", Policies.json(Policies.FLOWS));
        expect("role-objects.json", Policies.json(Policies.OBJECTS));
        JsonNode role = new JsonMapper().readTree(Policies.json(AzureVendor.USUAL));
        assertThat(role.path("Actions")).hasSize(10);
        assertThat(role.path("DataActions")).hasSize(1);
    }

    private static void expect(String name, String text) throws IOException {
        Path file = Path.of(System.getProperty("varve.root", "../..")).resolve("docs/providers/azure/" + name);
        if (Boolean.getBoolean("fixtures.update")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }
        assertThat(file).hasContent(text);
    }
}
