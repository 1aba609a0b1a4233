package io.varve.evidence.s3;

final class MotoTest extends S3ContractTest {
    MotoTest() {
        super(S3Server.MOTO);
    }
}
