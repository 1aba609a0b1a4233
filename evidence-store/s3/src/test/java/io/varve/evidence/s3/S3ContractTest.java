package io.varve.evidence.s3;

import io.varve.evidence.ObjectStore;
import io.varve.evidence.ObjectStoreContractTest;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Tag;

/// The contract of object stores over one S3 server.
@Tag("stores")
abstract class S3ContractTest extends ObjectStoreContractTest {
    private final S3Server server;
    private Optional<S3Target> target = Optional.empty();

    S3ContractTest(S3Server server) {
        this.server = server;
    }

    @Override
    protected ObjectStore empty() throws IOException {
        target = Optional.of(S3Server.running(server).emptyPlace());
        return reopened();
    }

    @Override
    protected String label() {
        return server.label;
    }

    @Override
    protected ObjectStore reopened() throws IOException {
        return S3Store.open(target.orElseThrow(), S3Server.running(server).dialect());
    }
}
