package io.varve.evidence.s3;

final class RadosGatewayTest extends S3ContractTest {
    RadosGatewayTest() {
        super(S3Server.RADOSGW);
    }
}
