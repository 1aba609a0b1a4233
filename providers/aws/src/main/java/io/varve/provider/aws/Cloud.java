package io.varve.provider.aws;

import io.varve.provider.Connection;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;

/// The accounts that an integration reaches: signed in with keys or as the machine, then from role to role.
final class Cloud implements AutoCloseable {
    /// Where STS is asked and regions are listed.
    private static final String HOME = "us-east-1";

    private final Settings settings;
    private final String session;
    private final SdkHttpClient http = UrlConnectionHttpClient.builder()
            .connectionTimeout(Duration.ofSeconds(10))
            .socketTimeout(Duration.ofSeconds(60))
            .build();
    private final List<AutoCloseable> opened = new ArrayList<>();

    /// @param session what AWS's own audit log calls us by
    private Cloud(Settings settings, String session) {
        this.settings = settings;
        this.session = session;
    }

    static Cloud of(Connection connection, String session) throws ProviderException {
        return new Cloud(Settings.of(connection), session.replaceAll("[^\\w+=,.@-]", "-"));
    }

    Settings settings() {
        return settings;
    }

    /// One place for each account, in the region where we sign in.
    List<Place> accounts() throws ProviderException {
        var places = new ArrayList<Place>();
        for (Optional<String> role : roles()) {
            places.add(account(role));
        }
        return places;
    }

    /// The roles of the integration, one for each account; empty stands for the account of the credentials.
    List<Optional<String>> roles() {
        return settings.roles().isEmpty()
                ? List.of(Optional.empty())
                : settings.roles().stream().map(Optional::of).toList();
    }

    /// The account of a role, in the region where we sign in.
    Place account(Optional<String> role) throws ProviderException {
        return place(role, HOME);
    }

    /// @param role ARN; empty for the account of the credentials
    Place place(Optional<String> role, String region) throws ProviderException {
        AwsCredentialsProvider credentials = base();
        if (settings.through().isPresent() && !settings.through().equals(role)) {
            credentials = assumed(settings.through().get(), credentials);
        }
        if (role.isPresent()) {
            credentials = assumed(role.get(), credentials);
        }
        GetCallerIdentityResponse caller = caller(credentials, role.orElse("the credentials of the integration"));
        return new Place(caller.account(), role, caller.arn(), region, credentials, settings.endpoint(), http);
    }

    private AwsCredentialsProvider base() {
        if (settings.keys().isPresent()) {
            Settings.Keys keys = settings.keys().get();
            return StaticCredentialsProvider.create(AwsBasicCredentials.create(keys.id(), keys.secret()));
        }
        DefaultCredentialsProvider ambient =
                DefaultCredentialsProvider.builder().build();
        opened.add(ambient);
        return ambient;
    }

    private AwsCredentialsProvider assumed(String role, AwsCredentialsProvider from) {
        StsClient sts = sts(from);
        StsAssumeRoleCredentialsProvider assumed = StsAssumeRoleCredentialsProvider.builder()
                .stsClient(sts)
                .refreshRequest(request -> {
                    request.roleArn(role).roleSessionName(session).durationSeconds(3600);
                    settings.externalId().ifPresent(request::externalId);
                })
                .build();
        opened.add(sts);
        opened.add(assumed);
        return assumed;
    }

    private StsClient sts(AwsCredentialsProvider credentials) {
        var builder = StsClient.builder()
                .region(Region.of(HOME))
                .credentialsProvider(credentials)
                .httpClient(http);
        settings.endpoint().ifPresent(builder::endpointOverride);
        return builder.build();
    }

    private GetCallerIdentityResponse caller(AwsCredentialsProvider credentials, String who) throws ProviderException {
        try (StsClient sts = sts(credentials)) {
            return sts.getCallerIdentity();
        } catch (SdkException e) {
            throw Errors.of("signing in with " + who, e);
        }
    }

    /// The same account in another region.
    static Place in(Place account, String region) {
        return new Place(
                account.account(),
                account.role(),
                account.caller(),
                region,
                account.credentials(),
                account.endpoint(),
                account.http());
    }

    /// Regions that are looked at in this account.
    List<String> regions(Place account) throws ProviderException {
        if (!settings.regions().isEmpty()) {
            return settings.regions();
        }
        try (Ec2Client ec2 = account.ec2()) {
            return ec2.describeRegions().regions().stream()
                    .map(software.amazon.awssdk.services.ec2.model.Region::regionName)
                    .sorted()
                    .toList();
        } catch (SdkException e) {
            throw Errors.of("listing the regions of account " + account.account(), e);
        }
    }

    @Override
    public void close() throws ProviderException {
        for (AutoCloseable one : opened.reversed()) {
            try {
                one.close();
            } catch (Exception e) {
                throw new ProviderException(Kind.FAILED, "closing a client of AWS: " + e.getMessage());
            }
        }
        http.close();
    }
}
