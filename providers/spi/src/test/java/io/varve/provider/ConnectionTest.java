package io.varve.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.provider.ProviderException.Kind;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConnectionTest {
    private static Connection with(String address) {
        return new Connection("int-1", "Cloud of the shop", Map.of("endpoint", address), Map.of());
    }

    @Test
    void an_address_loses_what_does_not_belong_to_it() throws Exception {
        assertThat(with(" https://compute.example.org:8443/a// ").address("endpoint"))
                .contains(URI.create("https://compute.example.org:8443/a"));
        assertThat(with("http://[::1]:80").address("endpoint")).contains(URI.create("http://[::1]:80"));
        assertThat(with("  ").address("endpoint")).isEmpty();
        assertThat(with("https://a").address("other")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "https://compute example.org, Illegal character in authority at its character 16",
        "https://, Expected scheme-specific part at its character 7",
        "https://[::1, at its character",
        "compute.example.org, it does not begin with https:// or http://",
        "compute.example.org:443, it does not begin with https:// or http://",
        "ftp://compute.example.org, it does not begin with https:// or http://",
        "https:compute.example.org, it names no host",
        "https:///compute, it names no host",
        "https://under_score.example.org, it names no host",
        "https://compute.example.org:65536, there is no port 65536",
        "https://compute.example.org?a=b, it goes on with ? or #",
        "https://varve:geheim@compute.example.org, it holds a user name or password",
    })
    void what_is_wrong_with_an_address_is_said_with_its_integration_and_setting(String address, String why) {
        assertThatThrownBy(() -> with(address).address("endpoint"))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED))
                .hasMessageStartingWith("integration Cloud of the shop: endpoint is no address: ")
                .hasMessageContaining(why)
                .hasMessageNotContaining("geheim");
    }
}
