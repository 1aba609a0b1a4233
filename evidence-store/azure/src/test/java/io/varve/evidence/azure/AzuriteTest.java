package io.varve.evidence.azure;

import io.varve.evidence.ObjectStore;
import io.varve.evidence.ObjectStoreContractTest;
import io.varve.evidence.ObjectStores;
import io.varve.evidence.StoreSettings;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Tag;

/// The contract of object stores over Azurite.
@Tag("stores")
final class AzuriteTest extends ObjectStoreContractTest {
    private Optional<StoreSettings> settings = Optional.empty();

    @Override
    protected ObjectStore empty() throws IOException {
        settings = Optional.of(Azurite.emptyContainer());
        return reopened();
    }

    @Override
    protected String label() {
        return "Azurite";
    }

    @Override
    protected ObjectStore reopened() throws IOException {
        return ObjectStores.open(settings.orElseThrow());
    }
}
