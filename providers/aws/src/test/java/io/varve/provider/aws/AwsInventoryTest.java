package io.varve.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.emulator.aws.AwsEmulator;
import io.varve.emulator.aws.EcsContainer;
import io.varve.emulator.aws.EcsTask;
import io.varve.emulator.aws.Instance;
import io.varve.emulator.aws.Scene.Disk;
import io.varve.emulator.device.Device;
import io.varve.emulator.device.DeviceFacts;
import io.varve.provider.Inventory.Found;
import io.varve.provider.ProviderException;
import io.varve.provider.SeenInventory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("cloud")
final class AwsInventoryTest {
    private static final String PARIS = "eu-west-3";
    private static final String OWN_ROLE = "arn:aws:iam::123456789012:role/varve-capture";

    @TempDir
    private Path folder = Path.of("");

    private World world = unset();
    private final SeenInventory seen = new SeenInventory();

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeEach
    void start() {
        Assumptions.assumeTrue(AwsEmulator.possible(), "no moto_server on this machine: AWS is skipped");
        world = World.make(folder);
    }

    @AfterEach
    void stop() {
        if (world != null) {
            world.close();
        }
    }

    private void list(String regions, String... roles) throws Exception {
        new AwsVendor()
                .inventory()
                .orElseThrow()
                .list(
                        world.connection(Map.of(
                                "regions",
                                regions,
                                "roles",
                                String.join("\n", roles),
                                "external_id",
                                World.EXTERNAL_ID)),
                        seen);
    }

    private Instance instance(String account, String region) throws Exception {
        return world.aws.scene().instance(account, region, Disk.of(world.disk(1)));
    }

    @Test
    void instances_of_every_account_and_region_are_found_over_several_pages() throws Exception {
        var made = new ArrayList<Instance>();
        for (int i = 0; i < 5; i++) {
            made.add(instance(AwsEmulator.ACCOUNT, World.REGION));
        }
        made.add(instance(AwsEmulator.ACCOUNT, PARIS));
        made.add(instance(World.OTHER, PARIS));
        world.aws.pageSize(2);
        list(World.REGION + " " + PARIS, OWN_ROLE, World.ROLE);
        assertThat(seen.gaps).isEmpty();
        assertThat(seen.found.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        made.stream().map(Instance::id).toList());
        for (Instance one : made) {
            assertThat(seen.one(one.id()).place()).isEqualTo(one.account() + " / " + one.region());
        }
        assertThat(world.aws.actions())
                .filteredOn(action -> action.name().equals("ec2:DescribeInstances"))
                .filteredOn(action -> action.account().equals(AwsEmulator.ACCOUNT))
                .filteredOn(action -> action.region().equals(World.REGION))
                .hasSize(3);
    }

    @Test
    void where_no_region_is_named_all_that_are_enabled_are_listed() throws Exception {
        Instance far = instance(AwsEmulator.ACCOUNT, "sa-east-1");
        Instance near = instance(AwsEmulator.ACCOUNT, World.REGION);
        list("");
        assertThat(seen.found.keySet()).containsExactlyInAnyOrder(far.id(), near.id());
        assertThat(seen.gaps).isEmpty();
    }

    @Test
    void an_instance_is_told_by_its_name_tags_state_and_platform() throws Exception {
        Instance web = instance(AwsEmulator.ACCOUNT, World.REGION);
        world.aws.scene().tag(web, "Name", "web-1");
        world.aws.scene().tag(web, "team", "<script>alert(1)</script>");
        world.aws.scene().tag(web, "note", "ü".repeat(300));
        Instance desk = instance(AwsEmulator.ACCOUNT, World.REGION);
        world.aws.scene().windows(desk);
        world.aws.scene().stop(desk);
        Instance gone = instance(AwsEmulator.ACCOUNT, World.REGION);
        world.aws.scene().terminate(gone);
        list(World.REGION);
        assertThat(seen.found.keySet()).containsExactlyInAnyOrder(web.id(), desk.id());
        Found linux = seen.one(web.id());
        assertThat(linux.name()).isEqualTo("web-1");
        assertThat(linux.kind()).isEqualTo("EC2 instance");
        assertThat(linux.state()).isEqualTo("running");
        assertThat(linux.platform()).hasValue("linux");
        assertThat(linux.hostName())
                .hasValueSatisfying(name -> assertThat(name).startsWith("ip-").endsWith(".compute.internal"));
        assertThat(linux.startedAt())
                .hasValueSatisfying(at ->
                        assertThat(Duration.between(at, Instant.now()).abs()).isLessThan(Duration.ofMinutes(10)));
        assertThat(linux.tags())
                .containsEntry("team", "<script>alert(1)</script>")
                .containsEntry("note", "ü".repeat(256));
        assertThat(linux.ephemeral()).isEmpty();
        Found windows = seen.one(desk.id());
        assertThat(windows.name()).isEqualTo(desk.id());
        assertThat(windows.platform()).hasValue("windows");
        assertThat(windows.state()).isEqualTo("stopped");
    }

    @Test
    void what_may_be_gone_soon_says_why() throws Exception {
        Instance scaled = instance(AwsEmulator.ACCOUNT, World.REGION);
        world.aws.scene().scaled(scaled, "web-fleet");
        Instance spot = world.aws.scene().spot(AwsEmulator.ACCOUNT, World.REGION);
        list(World.REGION);
        assertThat(seen.one(scaled.id()).ephemeral()).hasValue("in the auto-scaling group web-fleet");
        assertThat(seen.one(spot.id()).ephemeral()).hasValue("a spot instance");
    }

    @Test
    void a_region_and_an_account_that_refuse_are_gaps_and_the_rest_is_found() throws Exception {
        Instance here = instance(AwsEmulator.ACCOUNT, World.REGION);
        instance(AwsEmulator.ACCOUNT, PARIS);
        instance(World.OTHER, World.REGION);
        world.aws.policy().denyIn(PARIS, "ec2:*");
        world.aws.role(World.ROLE, "another external id");
        list(World.REGION + " " + PARIS, OWN_ROLE, World.ROLE);
        assertThat(seen.found.keySet()).containsExactly(here.id());
        assertThat(seen.gaps).containsOnlyKeys(AwsEmulator.ACCOUNT + " / " + PARIS, World.OTHER);
        assertThat(seen.gaps.get(AwsEmulator.ACCOUNT + " / " + PARIS)).contains("ec2:DescribeInstances");
        assertThat(seen.gaps.get(World.OTHER)).contains("signing in with " + World.ROLE);
    }

    @Test
    void nothing_but_refusals_is_one() {
        world.aws.policy().deny("ec2:DescribeInstances");
        assertThatThrownBy(() -> list(World.REGION))
                .isInstanceOf(ProviderException.class)
                .hasMessageContaining("ec2:DescribeInstances");
    }

    @Test
    void the_documented_right_to_capture_is_enough() throws Exception {
        Instance one = instance(AwsEmulator.ACCOUNT, World.REGION);
        world.aws.policy().grantOnly(Feature.CAPTURE.actions());
        list("");
        assertThat(seen.found.keySet()).containsExactlyElementsOf(List.of(one.id()));
    }

    @Test
    void containers_of_running_tasks_are_listed_where_they_are_wanted() throws Exception {
        Assumptions.assumeTrue(Device.possible(), "no bubblewrap on this machine: devices are skipped");
        try (Device device = Device.start(DeviceFacts.of("cart-1"), folder)) {
            EcsTask cart = world.aws
                    .containers()
                    .run(
                            AwsEmulator.ACCOUNT,
                            World.REGION,
                            "Shop",
                            "cart",
                            EcsContainer.of("cart", device),
                            EcsContainer.of("proxy", device).agent("STOPPED"));
            EcsTask job = world.aws
                    .containers()
                    .run(AwsEmulator.ACCOUNT, World.REGION, "Shop", "", EcsContainer.of("job", device));
            world.aws.containers().withoutExec(job);
            list(World.REGION);
            assertThat(seen.found).isEmpty();
            listWith(Map.of("regions", World.REGION + " " + PARIS, "containers", "true"));
            assertThat(seen.gaps).isEmpty();
            assertThat(seen.found.keySet())
                    .containsExactlyInAnyOrder(cart.address("cart"), cart.address("proxy"), job.address("job"));
            Found found = seen.one(cart.address("cart"));
            assertThat(found.name()).isEqualTo("cart/cart");
            assertThat(found.kind()).isEqualTo("ECS container");
            assertThat(found.place()).isEqualTo("%s / %s / Shop".formatted(AwsEmulator.ACCOUNT, World.REGION));
            assertThat(found.state()).isEqualTo("running");
            assertThat(found.ephemeral()).hasValue("its service cart may replace it at any time");
            assertThat(found.tags())
                    .containsEntry("aws:ecs:launch", "FARGATE")
                    .containsEntry("aws:ecs:definition", "cart-task:1")
                    .containsEntry("aws:ecs:exec", "enabled")
                    .hasEntrySatisfying(
                            "aws:ecs:digest", digest -> assertThat(digest).startsWith("sha256:"))
                    .hasEntrySatisfying(
                            "aws:ecs:address", address -> assertThat(address).matches("[0-9.]+"));
            assertThat(seen.one(cart.address("proxy")).tags()).containsEntry("aws:ecs:exec", "not to be had");
            assertThat(seen.one(job.address("job")).tags()).containsEntry("aws:ecs:exec", "not to be had");
            assertThat(seen.one(job.address("job")).ephemeral()).hasValue("a task on its own, gone when it ends");
        }
    }

    @Test
    void a_region_that_does_not_list_its_tasks_is_a_gap() throws Exception {
        Instance here = instance(AwsEmulator.ACCOUNT, World.REGION);
        world.aws.policy().denyIn(World.REGION, "ecs:ListClusters");
        listWith(Map.of("regions", World.REGION, "containers", "true"));
        assertThat(seen.found.keySet()).containsExactly(here.id());
        assertThat(seen.gaps.get(AwsEmulator.ACCOUNT + " / " + World.REGION)).contains("ecs:ListClusters");
    }

    private void listWith(Map<String, String> settings) throws Exception {
        new AwsVendor().inventory().orElseThrow().list(world.connection(settings), seen);
    }
}
