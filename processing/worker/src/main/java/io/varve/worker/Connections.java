package io.varve.worker;

import io.varve.acquisition.model.Integration;
import io.varve.acquisition.model.Integrations;
import io.varve.acquisition.model.Organisation;
import io.varve.acquisition.secret.SecretKeys;
import io.varve.acquisition.secret.UnsealedException;
import io.varve.provider.Connection;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Opens integrations: the one place where secrets of vendors are in clear.
@ApplicationScoped
public class Connections {
    private final Integrations integrations;
    private final SecretKeys keys;

    Connections(Integrations integrations, SecretKeys keys) {
        this.integrations = integrations;
        this.keys = keys;
    }

    Connection open(Integration integration) throws ProviderException {
        var secrets = new HashMap<String, String>();
        for (String name : integration.sealed().keySet()) {
            secrets.put(name, secret(integration, name));
        }
        return new Connection(integration.id().toString(), integration.name(), integration.settings(), secrets);
    }

    /// @throws ProviderException when it was never set or was sealed for another installation
    String secret(Integration integration, String name) throws ProviderException {
        Map<String, String> sealed = integration.sealed();
        if (!sealed.containsKey(name)) {
            throw new ProviderException(
                    Kind.REFUSED, "integration %s: %s is not set".formatted(integration.name(), name));
        }
        try {
            return keys.open(sealed.get(name), Integration.purpose(integration.id(), name));
        } catch (UnsealedException e) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "integration %s: %s cannot be opened with this installation's key, enter it again"
                            .formatted(integration.name(), name));
        }
    }

    /// Enabled integrations with a vendor for this use, oldest first.
    List<Integration> with(Organisation organisation, String vendor, Integration.Use use) {
        return integrations.enabled(use).stream()
                .filter(integration -> integration.organisation().equals(organisation))
                .filter(integration -> integration.vendor().equals(vendor))
                .toList();
    }
}
