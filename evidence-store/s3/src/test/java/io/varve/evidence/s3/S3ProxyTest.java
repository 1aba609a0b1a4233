package io.varve.evidence.s3;

final class S3ProxyTest extends S3ContractTest {
    S3ProxyTest() {
        super(S3Server.S3PROXY);
    }
}
