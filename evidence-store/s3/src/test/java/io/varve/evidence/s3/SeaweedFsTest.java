package io.varve.evidence.s3;

final class SeaweedFsTest extends S3ContractTest {
    SeaweedFsTest() {
        super(S3Server.SEAWEEDFS);
    }
}
