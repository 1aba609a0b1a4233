package io.varve.acquisition.expiry;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.acquisition.expiry.Expiring.State;
import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.Asset.Identifier;
import io.varve.acquisition.model.Asset.Kind;
import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.CaptureId;
import io.varve.acquisition.model.Organisation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ExpiryPlannerTest {
    private static final Instant HAPPENED = Instant.parse("2026-11-01T00:00:00Z");
    private static final Instant NOW = HAPPENED.plus(Duration.ofDays(10));
    private static final Asset INSTANCE = asset(Kind.INSTANCE_ID, "i-0123456789abcdef0");

    private static Asset asset(Kind kind, String value) {
        return new Asset(
                AssetId.mint(),
                Organisation.DEFAULT,
                "web01",
                HAPPENED,
                Optional.empty(),
                List.of(new Identifier(kind, value, HAPPENED, HAPPENED)));
    }

    private static Capture capture(String profile, Capture.State state, Instant at, Map<String, String> steps) {
        return new Capture(
                CaptureId.mint(),
                Organisation.DEFAULT,
                "main/ev-1",
                INSTANCE.id(),
                "aws",
                "i-0123456789abcdef0",
                profile,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "user:a",
                at,
                Optional.of(at),
                state.hasEnded() ? Optional.of(at) : Optional.empty(),
                state,
                false,
                steps,
                0,
                0,
                "",
                Capture.Plan.NONE);
    }

    private static State stateOf(Perishable what, Capture... captures) {
        return ExpiryPlanner.plan(INSTANCE, List.of(captures), HAPPENED, NOW).stream()
                .filter(one -> one.what() == what)
                .map(Expiring::state)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void what_may_go_at_any_moment_comes_before_what_goes_by_the_clock() {
        assertThat(ExpiryPlanner.plan(INSTANCE, List.of(), HAPPENED, NOW))
                .extracting(Expiring::what)
                .containsExactly(
                        Perishable.MEMORY,
                        Perishable.LIVE_STATE,
                        Perishable.INSTANCE_DISKS,
                        Perishable.SSM_COMMANDS,
                        Perishable.CLOUDTRAIL);
    }

    @Test
    void what_the_asset_does_not_have_is_not_in_it() {
        assertThat(ExpiryPlanner.plan(asset(Kind.SENSOR_ID, "defender:1"), List.of(), HAPPENED, NOW))
                .extracting(Expiring::what)
                .containsExactly(
                        Perishable.MEMORY, Perishable.LIVE_STATE, Perishable.HOST_LOGS, Perishable.DEFENDER_RECORDS);
        assertThat(ExpiryPlanner.plan(asset(Kind.INSTANCE_ID, "pod:shop/web-1"), List.of(), HAPPENED, NOW))
                .extracting(Expiring::what)
                .containsExactly(Perishable.POD);
        assertThat(ExpiryPlanner.plan(asset(Kind.INSTANCE_ID, "s3://trail/AWSLogs/"), List.of(), HAPPENED, NOW))
                .isEmpty();
        assertThat(ExpiryPlanner.plan(
                        asset(Kind.INSTANCE_ID, "arn:aws:lambda:eu-central-1:123456789012:function:resize"),
                        List.of(),
                        HAPPENED,
                        NOW))
                .extracting(Expiring::what)
                .containsExactly(Perishable.CLOUDTRAIL);
        assertThat(ExpiryPlanner.plan(asset(Kind.ADDRESS, "10.0.0.1"), List.of(), HAPPENED, NOW))
                .isEmpty();
    }

    @Test
    void the_clock_runs_from_what_happened() {
        Expiring trail = ExpiryPlanner.plan(INSTANCE, List.of(), HAPPENED, NOW).getLast();
        assertThat(trail.until()).contains(HAPPENED.plus(Duration.ofDays(90)));
        assertThat(trail.state()).isEqualTo(State.OPEN);
        assertThat(ExpiryPlanner.plan(INSTANCE, List.of(), HAPPENED, HAPPENED.plus(Duration.ofDays(91)))
                        .getLast()
                        .state())
                .isEqualTo(State.GONE);
    }

    @Test
    void a_capture_takes_what_its_profile_reaches() {
        Capture waiting = capture("disk", Capture.State.QUEUED, NOW, Map.of());
        assertThat(stateOf(Perishable.INSTANCE_DISKS, waiting)).isEqualTo(State.TAKING);
        assertThat(stateOf(Perishable.LIVE_STATE, waiting)).isEqualTo(State.OPEN);
        Capture held = capture("disk", Capture.State.RUNNING, NOW, Map.of("protection", "set"));
        assertThat(stateOf(Perishable.INSTANCE_DISKS, held)).isEqualTo(State.HELD);
        Capture done = capture("disk", Capture.State.CAPTURED, NOW, Map.of("protection", "set", "released", "1"));
        assertThat(stateOf(Perishable.INSTANCE_DISKS, held, done)).isEqualTo(State.TAKEN);
    }

    @Test
    void what_a_cloud_logged_is_taken_by_a_capture_of_its_logs() {
        Capture logs = capture("cloud-logs", Capture.State.CAPTURED, NOW, Map.of());
        assertThat(stateOf(Perishable.CLOUDTRAIL, logs)).isEqualTo(State.TAKEN);
        assertThat(stateOf(Perishable.SSM_COMMANDS, logs)).isEqualTo(State.TAKEN);
        assertThat(stateOf(Perishable.INSTANCE_DISKS, logs)).isEqualTo(State.OPEN);
    }

    @Test
    void what_failed_or_was_taken_before_it_happened_does_not_count() {
        Capture failed = capture("disk", Capture.State.FAILED, NOW, Map.of());
        Capture before = capture("disk", Capture.State.CAPTURED, HAPPENED.minusSeconds(60), Map.of());
        assertThat(stateOf(Perishable.INSTANCE_DISKS, failed, before)).isEqualTo(State.OPEN);
    }
}
