package io.varve.evidence.s3;

final class S3MockTest extends S3ContractTest {
    S3MockTest() {
        super(S3Server.S3MOCK);
    }
}
