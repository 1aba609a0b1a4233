package io.varve.provider.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.emulator.kit.CallFilter;
import io.varve.emulator.kit.TestClock;
import io.varve.emulator.kubernetes.KubernetesEmulator;
import io.varve.emulator.kubernetes.Pod;
import io.varve.provider.Connection;
import io.varve.provider.Inventory.Found;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.SeenInventory;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("cloud")
class KubernetesInventoryTest {
    @SuppressWarnings("NullAway.Init")
    private KubernetesEmulator cluster;

    private final SeenInventory seen = new SeenInventory();

    @BeforeEach
    void start() {
        cluster = KubernetesEmulator.start(TestClock.running());
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private void list(Map<String, String> more) throws Exception {
        var settings = new HashMap<>(Map.of("api_server", cluster.url().toString(), "ca", cluster.ca()));
        settings.putAll(more);
        var connection =
                new Connection("i-1", "test", settings, Map.of("token", cluster.token("varve", Duration.ofHours(1))));
        new KubernetesVendor().inventory().orElseThrow().list(connection, seen);
    }

    @Test
    void pods_of_all_namespaces_are_found_over_several_pages() throws Exception {
        for (int i = 0; i < 5; i++) {
            cluster.pod("shop", "checkout-7f9-" + i);
        }
        cluster.pod("billing", "invoices-0");
        cluster.pod("kube-system", "coredns-5d78-abcde");
        cluster.pageSize(3);
        list(Map.of("cluster", "Prod-1"));
        assertThat(seen.found.keySet())
                .containsExactlyInAnyOrder(
                        "pod:prod-1/shop/checkout-7f9-0",
                        "pod:prod-1/shop/checkout-7f9-1",
                        "pod:prod-1/shop/checkout-7f9-2",
                        "pod:prod-1/shop/checkout-7f9-3",
                        "pod:prod-1/shop/checkout-7f9-4",
                        "pod:prod-1/billing/invoices-0",
                        "pod:prod-1/kube-system/coredns-5d78-abcde");
        assertThat(seen.one("pod:prod-1/billing/invoices-0").place()).isEqualTo("Prod-1 / billing");
        assertThat(seen.gaps).isEmpty();
        assertThat(cluster.recorder().calls())
                .hasSize(3)
                .allMatch(call -> call.path().equals("/api/v1/pods"));
    }

    @Test
    void what_is_found_is_what_a_capture_asks_for() throws Exception {
        cluster.pod("shop", "checkout-1");
        list(Map.of());
        assertThat(seen.found.keySet()).containsExactly("pod:shop/checkout-1");
        PodName target = PodName.of("shop/checkout-1");
        assertThat(target.namespace()).hasValue("shop");
        assertThat(target.pod()).isEqualTo("checkout-1");
    }

    @Test
    void a_list_that_grew_too_old_begins_again_and_nothing_is_found_twice() throws Exception {
        for (int i = 0; i < 5; i++) {
            cluster.pod("shop", "checkout-" + i);
        }
        cluster.pageSize(2);
        cluster.pagesExpire();
        list(Map.of());
        assertThat(seen.found).hasSize(5);
        assertThat(seen.gaps).isEmpty();
    }

    @Test
    void a_pod_is_told_by_its_name_labels_phase_and_platform() throws Exception {
        Instant before = Instant.now().minus(Duration.ofDays(1));
        cluster.pod("shop", "checkout-1")
                .unowned()
                .label("app", "checkout")
                .label("note", "<img src=x onerror=alert(1)>");
        cluster.pod("shop", "reports-1").phase("Succeeded");
        cluster.pod("shop", "desk-1").windows();
        list(Map.of());
        Found pod = seen.one("pod:shop/checkout-1");
        assertThat(pod.name()).isEqualTo("shop/checkout-1");
        assertThat(pod.hostName()).hasValue("checkout-1");
        assertThat(pod.kind()).isEqualTo("Pod");
        assertThat(pod.state()).isEqualTo("Running");
        assertThat(pod.platform()).hasValue("linux");
        assertThat(pod.startedAt()).hasValueSatisfying(at -> assertThat(at).isBetween(before, Instant.now()));
        assertThat(pod.tags())
                .containsOnly(Map.entry("app", "checkout"), Map.entry("note", "<img src=x onerror=alert(1)>"));
        assertThat(pod.ephemeral()).isEmpty();
        assertThat(seen.one("pod:shop/reports-1").state()).isEqualTo("Succeeded");
        assertThat(seen.one("pod:shop/desk-1").platform()).hasValue("windows");
    }

    @Test
    void labels_are_bounded() throws Exception {
        Pod pod = cluster.pod("shop", "checkout-1");
        for (int i = 0; i < 60; i++) {
            pod.label("label-" + i, "x".repeat(300));
        }
        list(Map.of());
        assertThat(seen.one("pod:shop/checkout-1").tags())
                .hasSize(50)
                .allSatisfy((name, value) -> assertThat(value).isEqualTo("x".repeat(256)));
    }

    @Test
    void what_may_be_gone_soon_says_why() throws Exception {
        cluster.pod("shop", "checkout-7f9-x2x4z").owned("ReplicaSet", "checkout-7f9");
        cluster.pod("shop", "night-28711-abcde").owned("Job", "night-28711");
        cluster.pod("kube-system", "etcd-node-1").owned("Node", "node-1");
        list(Map.of());
        assertThat(seen.one("pod:shop/checkout-7f9-x2x4z").ephemeral())
                .hasValue("its controller ReplicaSet checkout-7f9 may replace it at any time");
        assertThat(seen.one("pod:shop/night-28711-abcde").ephemeral())
                .hasValue("its controller Job night-28711 may replace it at any time");
        assertThat(seen.one("pod:kube-system/etcd-node-1").ephemeral()).isEmpty();
    }

    @Test
    void what_comes_after_a_refusal_in_the_middle_is_a_gap_of_the_whole_cluster() throws Exception {
        for (int i = 0; i < 5; i++) {
            cluster.pod("shop", "checkout-" + i);
        }
        cluster.pageSize(2);
        cluster.faults()
                .at(
                        2,
                        CallFilter.of("GET", "/api/v1/pods"),
                        () -> cluster.rbac().deny("list pods"));
        list(Map.of("cluster", "prod"));
        assertThat(seen.found).hasSizeBetween(2, 4);
        assertThat(seen.gaps).containsOnlyKeys("prod");
        assertThat(seen.found.values()).allMatch(pod -> pod.place().startsWith("prod"));
    }

    @Test
    void a_namespace_that_refuses_is_a_gap_and_the_rest_is_found() throws Exception {
        cluster.pod("shop", "checkout-1");
        cluster.pod("billing", "invoices-0");
        cluster.pod("kube-system", "coredns-1");
        cluster.rbac().only("shop");
        list(Map.of("namespaces", "billing, shop", "cluster", "prod"));
        assertThat(seen.found.keySet()).containsExactly("pod:prod/shop/checkout-1");
        assertThat(seen.gaps).containsOnlyKeys("prod / billing");
        assertThat(seen.gaps.get("prod / billing")).contains("listing the pods of namespace billing", "403");
    }

    @Test
    void nothing_but_refusals_is_one() {
        cluster.rbac().deny("list pods");
        assertThatThrownBy(() -> list(Map.of()))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.kind()).isEqualTo(Kind.FORBIDDEN));
    }
}
