package io.varve.evidence.azure;

import io.varve.evidence.StoreSettings;
import io.varve.evidence.UploadKillTest;
import java.io.IOException;

final class AzuriteKillTest extends UploadKillTest {
    @Override
    protected StoreSettings place() throws IOException {
        return Azurite.emptyContainer();
    }
}
