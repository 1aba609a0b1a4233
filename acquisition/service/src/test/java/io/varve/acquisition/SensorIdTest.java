package io.varve.acquisition;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.Asset.Identifier;
import io.varve.acquisition.model.Asset.Kind;
import io.varve.acquisition.model.NormalisedAlert.Host;
import io.varve.acquisition.model.Organisation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SensorIdTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private final AssetIdentity identity = new AssetIdentity(new Kept().assets, AssetIdentity.ADDRESS_WINDOW);

    @Test
    void everyNameOfAVendorIsOne() {
        assertThat(sensor("mde", "AB")).isEqualTo("defender:ab");
        assertThat(sensor("CrowdStrike", "AB")).isEqualTo("crowdstrike:ab");
        assertThat(sensor("sentinelone", "17")).isEqualTo("sentinelone:17");
    }

    @Test
    void aHostKnownByNumberAndByUuidIsOneAsset() {
        Asset byNumber = resolve("srv1", "17");

        Asset byUuid = resolve("srv1", "uuid-00000000-0000-4000-8000-000000000001");

        assertThat(byUuid.id()).isEqualTo(byNumber.id());
        assertThat(resolve("srv1", "18").id()).isNotEqualTo(byNumber.id());
    }

    private Asset resolve(String name, String agent) {
        return identity.resolve(Organisation.DEFAULT, Sighting.of(host(name, "sentinelone", agent), NOON))
                .asset()
                .orElseThrow();
    }

    private static String sensor(String type, String agent) {
        return Sighting.of(host("h", type, agent), NOON).identifiers().stream()
                .filter(identifier -> identifier.kind() == Kind.SENSOR_ID)
                .map(Identifier::value)
                .findFirst()
                .orElseThrow();
    }

    private static Host host(String name, String type, String agent) {
        return new Host(
                Optional.of(name),
                Optional.empty(),
                Optional.of(agent),
                Optional.of(type),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty());
    }
}
