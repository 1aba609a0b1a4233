package io.varve.provider.aws;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.ebs.EbsClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.ssm.SsmClient;

/// A region of an account, and the clients for it.
///
/// @param account id of the account
/// @param role the role that was assumed there; empty for the account of the credentials
/// @param caller ARN of whom AWS sees calling
record Place(
        String account,
        Optional<String> role,
        String caller,
        String region,
        AwsCredentialsProvider credentials,
        Optional<URI> endpoint,
        SdkHttpClient http) {
    Ec2Client ec2() {
        return with(Ec2Client.builder()).build();
    }

    AutoScalingClient autoScaling() {
        return with(AutoScalingClient.builder()).build();
    }

    KmsClient kms() {
        return with(KmsClient.builder()).build();
    }

    SsmClient ssm() {
        return with(SsmClient.builder()).build();
    }

    S3Client s3() {
        return with(S3Client.builder())
                .forcePathStyle(endpoint.isPresent())
                .crossRegionAccessEnabled(endpoint.isEmpty())
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .build();
    }

    EbsClient ebs() {
        return once(EbsClient.builder()).build();
    }

    /// A client that does not repeat by itself: whoever reads blocks or logs slows down and repeats.
    <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> B once(B builder, ExecutionInterceptor... more) {
        return with(builder)
                .overrideConfiguration(all -> all.executionInterceptors(List.of(more))
                        .retryStrategy(
                                StandardRetryStrategy.builder().maxAttempts(1).build()));
    }

    <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> B with(B builder) {
        builder.region(Region.of(region)).credentialsProvider(credentials).httpClient(http);
        endpoint.ifPresent(builder::endpointOverride);
        return builder;
    }

    /// As tags and messages name it.
    String text() {
        return "account %s, region %s".formatted(account, region);
    }
}
