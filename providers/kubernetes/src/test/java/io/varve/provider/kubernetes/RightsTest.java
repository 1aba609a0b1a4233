package io.varve.provider.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.emulator.kit.TestClock;
import io.varve.emulator.kubernetes.KubernetesEmulator;
import io.varve.provider.Check;
import io.varve.provider.Check.Result;
import io.varve.provider.Connection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a token is allowed, and the documents that allow it.
@Tag("cloud")
class RightsTest {
    @SuppressWarnings("NullAway.Init")
    private KubernetesEmulator cluster;

    @BeforeEach
    void start() {
        cluster = KubernetesEmulator.start(TestClock.running());
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private Connection connection(Map<String, String> more) {
        var settings =
                new java.util.HashMap<>(Map.of("api_server", cluster.url().toString(), "ca", cluster.ca()));
        settings.putAll(more);
        return new Connection("i-1", "test", settings, Map.of("token", cluster.token("varve", Duration.ofHours(1))));
    }

    @Test
    void each_right_is_present_missing_or_broader_than_needed() throws Exception {
        cluster.rbac().deny("get pods/log");
        cluster.rbac().grant("get secrets");
        List<Check> checks = new KubernetesVendor().check(connection(Map.of()));
        assertThat(checks.getFirst().detail()).isEqualTo("as system:serviceaccount:varve:varve");
        assertThat(checks)
                .filteredOn(check -> check.result() == Result.MISSING)
                .singleElement()
                .satisfies(check -> assertThat(check.name()).isEqualTo("get pods/log"));
        assertThat(checks)
                .filteredOn(check -> check.result() == Result.TOO_BROAD)
                .singleElement()
                .satisfies(check -> assertThat(check.name()).isEqualTo("get secrets"));
        assertThat(checks).extracting(Check::name).doesNotContain("patch pods/ephemeralcontainers");
        assertThat(new KubernetesVendor().check(connection(Map.of("collector_image", "x"))))
                .extracting(Check::name)
                .contains("patch pods/ephemeralcontainers");
        assertThat(cluster.recorder().calls()).allMatch(call -> call.path().contains("selfsubject"));
    }

    @Test
    void rights_are_asked_for_each_namespace_of_the_integration() throws Exception {
        cluster.rbac().only("shop");
        assertThat(new KubernetesVendor().check(connection(Map.of("namespaces", "shop, billing"))))
                .filteredOn(check -> check.result() == Result.MISSING)
                .allMatch(check -> check.detail().contains("billing"))
                .hasSizeGreaterThan(5);
    }

    @Test
    void a_kubeconfig_is_read_and_one_that_runs_programs_is_refused() throws Exception {
        String config = """
                apiVersion: v1
                kind: Config
                current-context: c
                contexts: [{name: c, context: {cluster: k, user: u}}]
                clusters: [{name: k, cluster: {server: "%s", certificate-authority-data: %s}}]
                users: [{name: u, user: {%s}}]
                """;
        String ca = Base64.getEncoder().encodeToString(cluster.ca().getBytes(StandardCharsets.US_ASCII));
        String token = cluster.token("kube", Duration.ofHours(1));
        assertThat(new KubernetesVendor()
                        .check(kubeconfig(config.formatted(cluster.url(), ca, "token: " + token)))
                        .getFirst()
                        .detail())
                .endsWith(":kube");
        for (String foreign : List.of(
                "exec: {command: aws}",
                "tokenFile: /etc/passwd",
                "client-certificate: /etc/shadow",
                "token: t, as: root")) {
            assertThatThrownBy(() ->
                            new KubernetesVendor().check(kubeconfig(config.formatted(cluster.url(), ca, foreign))))
                    .hasMessageContaining("the kubeconfig uses");
        }
        assertThatThrownBy(() -> new KubernetesVendor()
                        .check(kubeconfig(config.formatted("http://k8s.example", ca, "token: s3cr3t"))))
                .hasMessageContaining("https")
                .hasMessageNotContaining("s3cr3t");
    }

    private static Connection kubeconfig(String text) {
        return new Connection("i-2", "by kubeconfig", Map.of(), Map.of("kubeconfig", text));
    }

    @Test
    void the_machine_of_a_node_is_told_from_its_provider_id() {
        assertThat(NodeInstance.of("aws:///eu-central-1a/i-0ab1c2d3e4f567890"))
                .hasValueSatisfying(
                        node -> assertThat(node.text()).isEqualTo("aws instance i-0ab1c2d3e4f567890 in eu-central-1"));
        assertThat(
                        NodeInstance.of(
                                "azure:///subscriptions/8a1f0f56-1111-2222-3333-444455556666/resourceGroups/mc/providers/Microsoft.Compute/virtualMachineScaleSets/pool/virtualMachines/3"))
                .hasValueSatisfying(
                        node -> assertThat(node.lineage().account()).hasValue("8a1f0f56-1111-2222-3333-444455556666"));
        assertThat(NodeInstance.of("gce://my-project/europe-west3-a/gke-pool-1-abcd"))
                .hasValueSatisfying(node -> assertThat(node.instance())
                        .isEqualTo("projects/my-project/zones/europe-west3-a/instances/gke-pool-1-abcd"));
        assertThat(NodeInstance.of("kind://docker/kind/kind-worker")).isEmpty();
    }

    @Test
    void the_documents_are_what_the_rights_say() throws IOException {
        expect("role.yaml", Policies.clusterRole(false));
        expect("role-ephemeral.yaml", Policies.clusterRole(true));
        expect("role-namespace.yaml", Policies.role(false));
        expect("role.tf", Policies.terraform(false));
        assertThat(Policies.clusterRole(true)).doesNotContain("secrets", "delete", "\"*\"");
    }

    private static void expect(String name, String text) throws IOException {
        Path file = Path.of(System.getProperty("varve.root", "../..")).resolve("docs/providers/kubernetes/" + name);
        if (Boolean.getBoolean("fixtures.update")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }
        assertThat(file).hasContent(text);
    }
}
