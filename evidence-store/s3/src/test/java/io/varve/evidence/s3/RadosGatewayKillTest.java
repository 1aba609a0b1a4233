package io.varve.evidence.s3;

import io.varve.evidence.StoreSettings;
import io.varve.evidence.UploadKillTest;
import java.io.IOException;

final class RadosGatewayKillTest extends UploadKillTest {
    @Override
    protected StoreSettings place() throws IOException {
        return S3Server.running(S3Server.RADOSGW).emptySettings();
    }
}
