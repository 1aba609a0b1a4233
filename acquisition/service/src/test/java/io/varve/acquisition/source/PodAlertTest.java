package io.varve.acquisition.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.acquisition.model.NormalisedAlert;
import io.varve.acquisition.model.NormalisedAlert.Host;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Pods in findings of GuardDuty: hosts of their own, known by cluster, namespace and name.
class PodAlertTest {
    private static final String FINDING = """
            {"schemaVersion":"2.0","accountId":"111122223333","region":"eu-central-1","id":"f1","severity":8,
             "type":"Execution:Runtime/NewBinaryExecuted","title":"t","createdAt":"2026-11-27T07:00:00Z",
             "updatedAt":"2026-11-27T07:00:00Z","service":{"count":1},
             "resource":{"resourceType":"EKSCluster","eksClusterDetails":{"name":"Prod-1"},
               "instanceDetails":{"instanceId":"i-0123456789abcdef0"},
               "kubernetesDetails":{"kubernetesWorkloadDetails":
                 {"name":"%s","type":"%s","namespace":"shop","uid":"3f0c"}}}}
            """;

    private static NormalisedAlert read(String name, String type) throws Exception {
        return new GuardDuty()
                .read(new JsonMapper().readTree(FINDING.formatted(name, type)), Instant.parse("2026-11-27T07:01:00Z"));
    }

    @Test
    void aPodIsTheFirstHostAndItsNodeAnother() throws Exception {
        assertThat(read("checkout-7f9-x2x4z", "pods").hosts())
                .extracting(Host::instanceId)
                .containsExactly(Optional.of("pod:Prod-1/shop/checkout-7f9-x2x4z"), Optional.of("i-0123456789abcdef0"));
        assertThat(read("checkout-7f9-x2x4z", "pods").hosts().getFirst().hostname())
                .hasValue("checkout-7f9-x2x4z");
    }

    @Test
    void workloadsThatAreNoPodAndNamesThatCannotBeOneNameNone() throws Exception {
        assertThat(read("checkout", "deployments").hosts()).hasSize(1);
        assertThat(read("../../secrets", "pods").hosts()).hasSize(1);
    }
}
