package io.varve.provider.aws;

import java.net.URI;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.ebs.EbsClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.kms.KmsClient;

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

    /// Does not repeat by itself: whoever reads blocks slows down and repeats.
    EbsClient ebs() {
        return with(EbsClient.builder())
                .overrideConfiguration(all -> all.retryStrategy(
                        StandardRetryStrategy.builder().maxAttempts(1).build()))
                .build();
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
