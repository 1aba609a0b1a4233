package io.varve.emulator.defender;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.core.credential.TokenRequestContext;
import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.identity.ClientSecretCredentialBuilder;
import io.varve.emulator.kit.TestCertificate;
import io.varve.emulator.kit.TestClock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("contained")
final class EntraTest {
    @Test
    void the_azure_sdk_signs_in_over_https() {
        TestCertificate certificate = TestCertificate.make();
        try (var emulator = new DefenderEmulator(TestClock.running(), Optional.of(certificate))) {
            emulator.register(new Application("app-1", "s3cret", Application.CAPTURE_ROLES));
            emulator.start();
            HttpClient http = new JdkHttpClientBuilder(
                            java.net.http.HttpClient.newBuilder().sslContext(certificate.client()))
                    .build();
            String token = new ClientSecretCredentialBuilder()
                    .httpClient(http)
                    .authorityHost(emulator.url().toString())
                    .disableInstanceDiscovery()
                    .tenantId(DefenderEmulator.TENANT)
                    .clientId("app-1")
                    .clientSecret("s3cret")
                    .build()
                    .getTokenSync(new TokenRequestContext().addScopes(Client.DEFENDER))
                    .getToken();
            assertThat(token.split("\\.")).hasSize(3);
            assertThat(certificate.pem()).startsWith("-----BEGIN CERTIFICATE-----");
        }
    }

    @Test
    void tokens_end_after_an_hour_and_carry_the_roles_of_one_resource() {
        TestClock clock = TestClock.running();
        try (var emulator = new DefenderEmulator(clock)) {
            emulator.register(new Application("app-1", "s3cret", Set.of("Machine.Read.All", "SecurityAlert.Read.All")));
            emulator.start();
            var client = new Client(emulator.url());

            assertThat(client.signIn("app-1", "wrong", Client.DEFENDER).status())
                    .isEqualTo(401);
            assertThat(client.signIn("app-2", "s3cret", Client.DEFENDER)
                            .json()
                            .path("error")
                            .asText())
                    .isEqualTo("unauthorized_client");
            assertThat(client.signIn("app-1", "s3cret", "https://elsewhere.example/.default")
                            .status())
                    .isEqualTo(400);

            assertThat(client.signIn("app-1", "s3cret", Client.DEFENDER).status())
                    .isEqualTo(200);
            assertThat(client.get("/api/machines").status()).isEqualTo(200);
            assertThat(client.get("/v1.0/security/alerts_v2").status()).isEqualTo(401);
            Client.Answer refused = client.get("/api/libraryfiles");
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.json().at("/error/message").asText()).contains("Library.Manage");

            clock.advance(Duration.ofMinutes(61));
            assertThat(client.get("/api/machines").status()).isEqualTo(401);
            client.signIn("app-1", "s3cret", Client.DEFENDER);
            assertThat(client.get("/api/machines").status()).isEqualTo(200);
            emulator.revokeTokens();
            assertThat(client.get("/api/machines").status()).isEqualTo(401);
        }
    }
}
