package io.varve.acquisition;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.Asset.Kind;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.CaptureId;
import io.varve.acquisition.model.Decision.Outcome;
import io.varve.acquisition.model.Organisation;
import io.varve.acquisition.model.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Which channel a capture goes through, and what is tried when it fails.
@Tag("contained")
final class ChannelsTest {
    private static final String SENSED =
            "{'id':'%s','severity':90,'hosts':[{'hostname':'web01','agentId':'A1','agentType':'%s','containment':'%s'}]}";

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private final Desk desk = new Desk();

    @Test
    void theAgentIsAskedFirstUnlessTheHostIsContained() {
        desk.kept.rules.save(Desk.with(Desk.rule(List.of()), Duration.ZERO, 20, Rule.Approval.NONE));
        desk.enrol("agent-1", "web01");

        desk.receive(SENSED.formatted("1", "crowdstrike", "normal"));
        assertThat(desk.newest().provider()).isEqualTo("endpoint");
        assertThat(desk.newest().plan().next()).containsExactly("crowdstrike");
        desk.ended(desk.newest(), Capture.State.CAPTURED);

        desk.now = desk.now.plusSeconds(1);
        desk.receive(SENSED.formatted("2", "crowdstrike", "contained"));
        assertThat(desk.newest().provider()).isEqualTo("crowdstrike");
        assertThat(desk.newest().target()).isEqualTo("a1");
        assertThat(desk.newest().plan().next()).containsExactly("endpoint");
    }

    @Test
    void aHostIsReachedByTheSensorTheAlertNames() {
        desk.kept.rules.save(Desk.rule(List.of()));

        desk.receive(SENSED.formatted("1", "mde", "normal"));

        assertThat(desk.newest().provider()).isEqualTo("defender");
        assertThat(desk.newest().target()).isEqualTo("a1");
    }

    @Test
    void anEarlierCaptureRemembersContainment() {
        desk.kept.rules.save(Desk.rule(List.of()));
        Asset host = desk.enrol("agent-1", "web01");
        desk.receive("{'id':'0','severity':1,'hosts':[{'hostname':'web01','agentId':'7','agentType':'sentinelone'}]}");
        desk.kept.captures.save(contained(host));

        desk.receive("{'id':'1','severity':90,'host':'web01'}");

        assertThat(desk.newest().provider()).isEqualTo("sentinelone");
    }

    @Test
    void aRulesOwnOrderIsKept() {
        desk.kept.rules.save(Desk.rule(List.of("sentinelone", "crowdstrike", "endpoint")));
        desk.enrol("agent-1", "web01");

        desk.receive(SENSED.formatted("1", "crowdstrike", "normal"));

        assertThat(desk.newest().provider()).isEqualTo("crowdstrike");
        assertThat(desk.newest().plan().next()).containsExactly("endpoint");
    }

    @Test
    void aPodIsReachedThroughItsClusterWhereARuleNamesIt() {
        String seen =
                "{'id':'%s','severity':90,'hosts':[{'hostname':'checkout-1','instanceId':'pod:Prod/shop/checkout-1'}]}";
        desk.kept.rules.save(Desk.rule(List.of()));
        assertThat(desk.outcomes(desk.receive(seen.formatted("1")))).containsExactly(Outcome.UNREACHABLE);

        desk.kept.rules.rows.clear();
        desk.kept.rules.save(Desk.rule(List.of("kubernetes")));
        desk.now = desk.now.plusSeconds(7200);
        desk.receive(seen.formatted("2"));

        assertThat(desk.newest().provider()).isEqualTo("kubernetes");
        assertThat(desk.newest().target()).isEqualTo("prod/shop/checkout-1");
    }

    @Test
    void aHostThatNothingReachesSaysWhatIsMissing() {
        desk.kept.rules.save(Desk.rule(List.of()));

        Alert alert = desk.receive("{'id':'1','severity':90,'host':'web01'}");

        assertThat(desk.outcomes(alert)).containsExactly(Outcome.UNREACHABLE);
        assertThat(desk.last(alert).reason()).contains("No agent is enrolled on web01", "CrowdStrike");
    }

    @Test
    void whatIsMissingIsSaidForEachKindOfChannel() {
        desk.kept.rules.save(Desk.rule(List.of("endpoint", "crowdstrike", "aws", "kubernetes")));

        Alert alert = desk.receive("{'id':'1','severity':90,'host':'web01'}");

        assertThat(desk.last(alert).reason())
                .contains("No agent is enrolled on web01, and no alert named a sensor of CrowdStrike on it, "
                        + "and no alert named the EC2 instance or the pod that it is.");
    }

    @Test
    void aCloudIsUsedWhereItIsNamedByTheIdOfItsInstance() {
        String seen = "{'id':'%s','severity':90,'hosts':[{'instanceId':'i-0123456789abcdef0'}]}";
        desk.kept.rules.save(Desk.rule(List.of()));
        assertThat(desk.outcomes(desk.receive(seen.formatted("1")))).containsExactly(Outcome.UNREACHABLE);

        desk.kept.rules.rows.clear();
        desk.kept.rules.save(Desk.rule(List.of("aws")));
        desk.now = desk.now.plusSeconds(7200);
        desk.receive(seen.formatted("2"));

        assertThat(desk.newest().provider()).isEqualTo("aws");
        assertThat(desk.newest().target()).isEqualTo("i-0123456789abcdef0");
    }

    @Test
    void aMachineOfAzureIsNamedByItsResourceIdOrItsGuid() {
        desk.kept.rules.save(Desk.rule(List.of("azure")));
        List<String> ids = List.of(
                "/subscriptions/00000000-0000-4000-8000-0000000000bb/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm1",
                "0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f1");
        for (String id : ids) {
            desk.now = desk.now.plusSeconds(7200);
            desk.receive("{'id':'%s','severity':90,'hosts':[{'instanceId':'%s'}]}".formatted(ids.indexOf(id), id));
            assertThat(desk.newest().provider()).isEqualTo("azure");
            assertThat(desk.newest().target()).isEqualToIgnoringCase(id);
        }
        desk.now = desk.now.plusSeconds(7200);
        Alert other = desk.receive("{'id':'3','severity':90,'hosts':[{'instanceId':'i-0123456789abcdef0'}]}");
        assertThat(desk.outcomes(other)).containsExactly(Outcome.UNREACHABLE);
        assertThat(desk.last(other).reason()).contains("No alert named the Azure virtual machine");
    }

    @Test
    void anInstanceOfGoogleIsNamedInFull() {
        String instance = "projects/shop/zones/europe-west3-a/instances/web-1";
        desk.kept.rules.save(Desk.rule(List.of("gcp")));
        desk.receive("{'id':'1','severity':90,'hosts':[{'instanceId':'%s'}]}".formatted(instance));

        assertThat(desk.newest().provider()).isEqualTo("gcp");
        assertThat(desk.newest().target()).isEqualTo(instance);
    }

    @Test
    void aPrefixOfABucketKeepsItsCasesAndIsReachedThroughItsCloud() {
        Map.of("s3://trail/AWSLogs/", "aws", "gs://exports/Logs", "gcp", "az://weblogs/insights/resourceId=", "azure")
                .forEach((address, cloud) -> {
                    Sighting sighting = Sighting.ofInstance(address, Optional.empty(), NOON);
                    assertThat(sighting.first(Kind.INSTANCE_ID)).contains(address);
                    Asset asset = identity()
                            .resolve(Organisation.DEFAULT, sighting)
                            .asset()
                            .orElseThrow();
                    for (Channel channel : Channel.ALL) {
                        assertThat(channel.target(asset))
                                .as(channel.name())
                                .isEqualTo(channel.name().equals(cloud) ? Optional.of(address) : Optional.empty());
                    }
                });
    }

    @Test
    void aFunctionKeepsItsCasesAndIsReachedThroughAwsAlone() {
        String arn = "arn:aws:lambda:eu-central-1:123456789012:function:Resize_Images";
        Sighting sighting = Sighting.ofInstance(arn, Optional.empty(), NOON);
        assertThat(sighting.first(Kind.INSTANCE_ID)).contains(arn);
        Asset asset = identity().resolve(Organisation.DEFAULT, sighting).asset().orElseThrow();
        for (Channel channel : Channel.ALL) {
            assertThat(channel.target(asset))
                    .as(channel.name())
                    .isEqualTo(channel.name().equals("aws") ? Optional.of(arn) : Optional.empty());
        }
    }

    @Test
    void aContainerOfATaskKeepsItsCasesAndIsReachedThroughAws() {
        String address = "arn:aws:ecs:eu-central-1:123456789012:task/Shop/0f1e2d:Cart";
        Asset asset = identity()
                .resolve(Organisation.DEFAULT, Sighting.ofInstance(address, Optional.empty(), NOON))
                .asset()
                .orElseThrow();
        for (Channel channel : Channel.ALL) {
            assertThat(channel.target(asset))
                    .as(channel.name())
                    .isEqualTo(channel.name().equals("aws") ? Optional.of(address) : Optional.empty());
        }
    }

    private static AssetIdentity identity() {
        return new AssetIdentity(new Kept().assets, AssetIdentity.ADDRESS_WINDOW);
    }

    @Test
    void everyChannelIsTriedOnceInItsOrder() {
        desk.kept.rules.save(Desk.rule(List.of()));
        desk.enrol("agent-1", "web01");
        desk.receive(SENSED.formatted("0", "sentinelone", "normal"));
        desk.kept.captures.rows.clear();
        desk.kept.decisions.rows.clear();
        Alert alert = desk.receive(SENSED.formatted("1", "crowdstrike", "contained"));
        Capture first = desk.newest();

        Capture second = next(first);
        Capture third = next(second);

        assertThat(List.of(first.provider(), second.provider(), third.provider()))
                .containsExactly("crowdstrike", "sentinelone", "endpoint");
        assertThat(second.plan().fallbackOf()).contains(first.id());
        assertThat(third.evidence()).isNotEqualTo(second.evidence());
        assertThat(desk.fallback.after(desk.ended(third, Capture.State.FAILED), "no agent called", desk.now))
                .isEmpty();
        assertThat(desk.outcomes(alert))
                .containsExactly(Outcome.CAPTURE_REQUESTED, Outcome.FALLBACK, Outcome.FALLBACK, Outcome.UNREACHABLE);
        assertThat(desk.last(alert).about()).contains(third.id());
        assertThat(desk.last(alert).reason()).contains("no agent called");
    }

    @Test
    void aChannelThatIsInUseForTheHostIsLeftOut() {
        Asset host = desk.enrol("agent-1", "web01");
        desk.receive(SENSED.formatted("0", "crowdstrike", "normal"));
        Asset asset = desk.kept.assets.find(host.id()).orElseThrow();
        var reason = new CaptureService.Reason("user:a", Optional.empty(), Optional.empty(), Optional.empty());
        desk.service.request(asset, List.of("crowdstrike"), "triage", reason, desk.now);
        desk.service.request(asset, List.of("endpoint"), "triage", reason, desk.now);
        Capture agent = desk.newest();
        var plan = new Capture.Plan(
                Optional.empty(), List.of("crowdstrike"), agent.plan().patience(), Optional.empty());

        assertThat(desk.fallback.after(planned(agent, plan), "refused", desk.now))
                .isEmpty();
    }

    private Capture next(Capture failed) {
        return desk.fallback
                .after(desk.ended(failed, Capture.State.FAILED), "it is offline", desk.now)
                .orElseThrow();
    }

    private Capture planned(Capture capture, Capture.Plan plan) {
        Capture ended = desk.ended(capture, Capture.State.FAILED);
        return new Capture(
                ended.id(),
                ended.organisation(),
                ended.evidence(),
                ended.asset(),
                ended.provider(),
                ended.target(),
                ended.profile(),
                ended.alert(),
                ended.incident(),
                ended.rule(),
                ended.requestedBy(),
                ended.requestedAt(),
                ended.startedAt(),
                ended.endedAt(),
                ended.state(),
                false,
                ended.steps(),
                0,
                0,
                "",
                plan);
    }

    private Capture contained(Asset host) {
        return new Capture(
                CaptureId.mint(),
                Desk.MAIN,
                "main/ev-1",
                host.id(),
                "sentinelone",
                "7",
                "logs",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "user:a",
                desk.now,
                Optional.of(desk.now),
                Optional.of(desk.now),
                Capture.State.CAPTURED,
                false,
                Map.of("containment_before", "normal", "containment_after", "contained"),
                1,
                1,
                "",
                Capture.Plan.NONE);
    }
}
