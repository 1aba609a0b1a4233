package io.varve.evidence.s3;

import io.varve.evidence.LargeUploadTest;
import io.varve.evidence.StoreSettings;
import java.io.IOException;

final class SeaweedFsLargeTest extends LargeUploadTest {
    @Override
    protected StoreSettings place() throws IOException {
        return S3Server.running(S3Server.SEAWEEDFS).emptySettings();
    }
}
