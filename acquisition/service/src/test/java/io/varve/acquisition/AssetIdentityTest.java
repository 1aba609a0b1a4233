package io.varve.acquisition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.acquisition.AssetIdentity.Name;
import io.varve.acquisition.AssetIdentity.Resolution;
import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.Asset.Identifier;
import io.varve.acquisition.model.Asset.Kind;
import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.NormalisedAlert.Host;
import io.varve.acquisition.model.Organisation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AssetIdentityTest {
    private static final Organisation MAIN = Organisation.DEFAULT;
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private final Kept kept = new Kept();
    private final AssetIdentity identity = new AssetIdentity(kept.assets, Duration.ofHours(24));

    @Test
    void aFullNameAndItsFirstLabelAreOneHost() {
        Asset first = asset(named("web01", NOON));

        assertThat(asset(named("WEB01.example.com.", NOON)).id()).isEqualTo(first.id());
        assertThat(asset(named("web01.example.com", NOON)).id()).isEqualTo(first.id());
        assertThat(asset(named("web01.other.org", NOON)).id()).isNotEqualTo(first.id());
    }

    @Test
    void anAgentJoinsTheAssetOfItsHostNameOnlyWhenThatHasNone() {
        Asset alerted = asset(named("web01", NOON));

        Asset enrolled = identity.enrol(MAIN, agent("a1", "web01"));
        Asset other = identity.enrol(MAIN, agent("a2", "web01"));

        assertThat(enrolled.id()).isEqualTo(alerted.id());
        assertThat(other.id()).isNotEqualTo(alerted.id());
        assertThat(identity.enrol(MAIN, agent("a1", "renamed")).id()).isEqualTo(alerted.id());
    }

    @Test
    void anAddressMeansAnAssetOnlyAroundTheTimeItHadIt() {
        Asset host = asset(sighting("web01", List.of("10.0.0.5"), NOON));

        assertThat(asset(sighting("", List.of("10.0.0.5"), NOON.plus(Duration.ofHours(23))))
                        .id())
                .isEqualTo(host.id());
        assertThat(asset(sighting("", List.of("10.0.0.5"), NOON.plus(Duration.ofDays(3))))
                        .id())
                .isNotEqualTo(host.id());
    }

    @Test
    void anAddressSeenAgainLongAfterIsASpanOfItsOwnUntilASightingJoinsThem() {
        Asset host = asset(sighting("web01", List.of("10.0.0.5"), NOON));
        asset(sighting("web01", List.of("10.0.0.5"), NOON.plus(Duration.ofHours(36))));
        assertThat(addresses(host.id())).hasSize(2);

        asset(sighting("web01", List.of("10.0.0.5"), NOON.plus(Duration.ofHours(18))));

        assertThat(addresses(host.id()))
                .containsExactly(new Identifier(Kind.ADDRESS, "10.0.0.5", NOON, NOON.plus(Duration.ofHours(36))));
    }

    @Test
    void anAddressOfTwoAssetsIsNoAnswer() {
        asset(sighting("web01", List.of("10.0.0.5"), NOON));
        asset(sighting("web02", List.of("10.0.0.5"), NOON));

        Resolution resolution = identity.resolve(MAIN, sighting("", List.of("10.0.0.5"), NOON));

        assertThat(resolution.asset()).isEmpty();
        assertThat(resolution.note()).contains("web01", "web02");
    }

    @Test
    void anotherNameSpeaksAgainstASharedAddress() {
        Asset host = asset(sighting("web01", List.of("10.0.0.5"), NOON));

        assertThat(asset(sighting("laptop7", List.of("10.0.0.5"), NOON)).id()).isNotEqualTo(host.id());
    }

    @Test
    void whenStrongIdentifiersDisagreeTheStrongestWinsAndNothingIsMerged() {
        Asset byAgent = identity.enrol(MAIN, agent("a1", "web01"));
        Asset bySensor = asset(Sighting.of(host("", "s9", "crowdstrike", List.of()), NOON));

        Resolution resolution = identity.resolve(
                MAIN,
                new Sighting(
                        List.of(
                                new Asset.Identifier(Kind.SENSOR_ID, "crowdstrike:s9", NOON, NOON),
                                new Asset.Identifier(Kind.AGENT_ID, "a1", NOON, NOON)),
                        NOON));

        assertThat(resolution.asset().orElseThrow().id()).isEqualTo(byAgent.id());
        assertThat(resolution.note()).contains("the strongest was taken");
        assertThat(kept.assets.find(bySensor.id()).orElseThrow().id()).isEqualTo(bySensor.id());
        assertThat(kept.assets.having(MAIN, Kind.SENSOR_ID, "crowdstrike:s9")).hasSize(1);
    }

    @Test
    void placeholderNamesAndCommonAddressesNameNothing() {
        for (String name : List.of("localhost", "#12.local", "", "LocalHost.", "localhost.localdomain")) {
            assertThat(identity.resolve(MAIN, named(name, NOON)).asset())
                    .as(name)
                    .isEmpty();
        }
        assertThat(identity.resolve(MAIN, sighting("", List.of("127.0.0.1", "::1", "10.0.0.#36859"), NOON))
                        .asset())
                .isEmpty();
    }

    @Test
    void mergedAssetsAreOneAndSplitOnesAreTwo() {
        Asset web = asset(named("web01", NOON));
        Asset front = asset(named("frontend", NOON));

        Asset merged = identity.merge(front.id(), web.id());
        assertThat(kept.assets.find(front.id()).orElseThrow().id()).isEqualTo(web.id());
        assertThat(asset(named("frontend", NOON)).id()).isEqualTo(web.id());

        Asset taken = identity.split(merged.id(), Set.of(new Name(Kind.HOST_NAME, "frontend")), NOON);
        assertThat(asset(named("frontend", NOON)).id()).isEqualTo(taken.id());
        assertThat(asset(named("web01", NOON)).id()).isEqualTo(web.id());
        assertThatThrownBy(() -> identity.split(taken.id(), Set.of(new Name(Kind.HOST_NAME, "frontend")), NOON))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> identity.merge(web.id(), web.id())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anAssetKnownByAddressTakesTheFirstNameItGets() {
        Asset address = asset(sighting("", List.of("10.0.0.5"), NOON));
        assertThat(address.name()).isEqualTo("10.0.0.5");

        assertThat(asset(sighting("web01", List.of("10.0.0.5"), NOON)).name()).isEqualTo("web01");
    }

    private List<Identifier> addresses(AssetId host) {
        return kept.assets.find(host).orElseThrow().identifiers().stream()
                .filter(identifier -> identifier.kind() == Kind.ADDRESS)
                .toList();
    }

    private Asset asset(Sighting sighting) {
        return identity.resolve(MAIN, sighting).asset().orElseThrow();
    }

    private static Sighting agent(String id, String name) {
        return Sighting.ofAgent(id, name, Optional.empty(), List.of(), NOON);
    }

    private static Sighting named(String name, Instant at) {
        return sighting(name, List.of(), at);
    }

    private static Sighting sighting(String name, List<String> ips, Instant at) {
        return Sighting.of(host(name, "", "", ips), at);
    }

    private static Host host(String name, String agent, String type, List<String> ips) {
        return new Host(
                Optional.of(name).filter(text -> !text.isEmpty()),
                Optional.empty(),
                Optional.of(agent).filter(text -> !text.isEmpty()),
                Optional.of(type).filter(text -> !text.isEmpty()),
                Optional.empty(),
                ips,
                List.of(),
                Optional.empty());
    }
}
