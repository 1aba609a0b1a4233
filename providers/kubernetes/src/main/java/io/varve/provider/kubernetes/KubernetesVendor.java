package io.varve.provider.kubernetes;

import com.google.auto.service.AutoService;
import io.varve.provider.Check;
import io.varve.provider.Connection;
import io.varve.provider.Inventory;
import io.varve.provider.ProviderException;
import io.varve.provider.Vendor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the token of an integration is allowed in its cluster, as the API server itself answers.
@AutoService(Vendor.class)
public final class KubernetesVendor implements Vendor {
    @Override
    public String name() {
        return KubernetesProvider.NAME;
    }

    @Override
    public List<Check> check(Connection connection) throws ProviderException, InterruptedException {
        try (Cluster cluster = Cluster.of(connection)) {
            var checks = new ArrayList<Check>();
            checks.add(Check.ok("Sign-in", "everything", "as " + new Pods(cluster).caller()));
            List<String> namespaces =
                    cluster.settings().namespaces().stream().sorted().toList();
            for (String namespace : namespaces.isEmpty() ? List.of("") : namespaces) {
                checks.addAll(new Rights(cluster).of(namespace));
            }
            return List.copyOf(checks);
        }
    }

    @Override
    public Optional<Inventory> inventory() {
        return Optional.of(new KubernetesInventory());
    }
}
