package io.varve.evidence.gcs;

import io.varve.evidence.StoreSettings;
import io.varve.evidence.UploadKillTest;
import java.io.IOException;

final class FakeGcsServerKillTest extends UploadKillTest {
    @Override
    protected StoreSettings place() throws IOException {
        return FakeGcsServer.emptyBucket();
    }
}
