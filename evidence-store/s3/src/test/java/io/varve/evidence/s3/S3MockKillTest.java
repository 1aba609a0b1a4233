package io.varve.evidence.s3;

import io.varve.evidence.StoreSettings;
import io.varve.evidence.UploadKillTest;
import java.io.IOException;

final class S3MockKillTest extends UploadKillTest {
    @Override
    protected StoreSettings place() throws IOException {
        return S3Server.running(S3Server.S3MOCK).emptySettings();
    }
}
