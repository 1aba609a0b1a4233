package io.varve.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.provider.ProviderException.Kind;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/// What must be true of every provider. A provider's module extends it and says how its other side behaves.
public abstract class ProviderContractTest {
    /// How the vendor, or the machine, behaves.
    public enum OtherSide {
        WORKS,
        /// Known, but does not answer.
        OFFLINE,
        /// Takes the order and fails.
        FAILS,
        /// Works so slowly that the deadline passes.
        STUCK
    }

    /// A provider and one capture for it to run.
    public record Attempt(Provider provider, MemoryCapture capture) {
        void run() throws ProviderException, InterruptedException {
            provider.capture(capture);
        }
    }

    protected abstract Attempt attempt(OtherSide behaviour);

    /// How many captures were really begun at the other side.
    protected abstract int begun();

    /// What the other side says when it [OtherSide#FAILS].
    protected String failure() {
        return "disk full";
    }

    @Test
    void nameIsStableAndPlain() {
        assertThat(attempt(OtherSide.WORKS).provider().name()).matches("[a-z][a-z0-9-]*");
    }

    @Test
    void saysHowItReachesHosts() {
        assertThat(attempt(OtherSide.WORKS).provider().reaches())
                .isNotEmpty()
                .isSubsetOf("agent_id", "sensor_id", "instance_id", "fqdn", "host_name", "address");
    }

    @Test
    void captureReturnsWhenTheBytesAreThereAndLeavesCustody() throws Exception {
        Attempt attempt = attempt(OtherSide.WORKS);
        attempt.run();
        assertThat(attempt.capture().steps()).isNotEmpty();
        assertThat(attempt.capture().custodyActions()).isNotEmpty();
        assertThat(attempt.capture().progressTexts()).isNotEmpty();
    }

    @Test
    void runAgainChangesNothing() throws Exception {
        Attempt attempt = attempt(OtherSide.WORKS);
        attempt.run();
        attempt.run();
        assertThat(begun()).isEqualTo(1);
    }

    @Test
    void goesOnAfterBeingKilledAtEveryStep() throws Exception {
        Attempt whole = attempt(OtherSide.WORKS);
        whole.run();
        int before = begun();
        Attempt attempt = attempt(OtherSide.WORKS);
        assertThat(attempt.capture().dyingAtEveryStep(attempt::run))
                .isEqualTo(whole.capture().steps().size());
        assertThat(attempt.capture().steps().keySet())
                .isEqualTo(whole.capture().steps().keySet());
        assertThat(begun() - before).isEqualTo(1);
    }

    @Test
    void hostThatDoesNotAnswerIsOfflineAndWorthAnotherTry() {
        Attempt attempt = attempt(OtherSide.OFFLINE);
        assertThatThrownBy(attempt::run)
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.OFFLINE))
                .satisfies(e -> assertThat(e.retryAfter()).isPresent());
    }

    @Test
    void failureOfTheOtherSideIsSaidInItsWords() {
        Attempt attempt = attempt(OtherSide.FAILS);
        assertThatThrownBy(attempt::run)
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isIn(Kind.FAILED, Kind.REFUSED))
                .satisfies(e -> assertThat(e).hasMessageContaining(failure()));
    }

    @Test
    void deadlineEndsTheCapture() {
        Attempt attempt = attempt(OtherSide.STUCK);
        assertThatThrownBy(attempt::run)
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.retryAfter()).isEmpty());
    }

    @Test
    void cancelledCaptureStops() {
        Attempt attempt = attempt(OtherSide.STUCK);
        attempt.capture().cancelIt();
        assertThatThrownBy(attempt::run)
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.CANCELLED));
    }
}
