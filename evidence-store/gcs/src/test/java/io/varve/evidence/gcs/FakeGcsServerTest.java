package io.varve.evidence.gcs;

import io.varve.evidence.ObjectStore;
import io.varve.evidence.ObjectStoreContractTest;
import io.varve.evidence.ObjectStores;
import io.varve.evidence.StoreSettings;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Tag;

/// The contract of object stores over fake-gcs-server.
@Tag("stores")
final class FakeGcsServerTest extends ObjectStoreContractTest {
    private Optional<StoreSettings> settings = Optional.empty();

    @Override
    protected ObjectStore empty() throws IOException {
        settings = Optional.of(FakeGcsServer.emptyBucket());
        return reopened();
    }

    @Override
    protected String label() {
        return "fake-gcs-server";
    }

    @Override
    protected ObjectStore reopened() throws IOException {
        return ObjectStores.open(settings.orElseThrow());
    }
}
