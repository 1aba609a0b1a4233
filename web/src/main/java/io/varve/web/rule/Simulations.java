package io.varve.web.rule;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.varve.acquisition.RuleSimulation;
import io.varve.acquisition.model.Rule;
import io.varve.web.Requests;
import io.varve.web.problem.Code;
import io.varve.web.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Simulates rules over past alerts, a few at a time: each reads all alerts of its period.
@ApplicationScoped
public class Simulations {
    private static final Duration USUAL = Duration.ofDays(30);
    private static final Duration SHORTEST = Duration.ofHours(1);
    private static final Duration LONGEST = Duration.ofDays(90);
    private static final Duration MAY_TAKE = Duration.ofSeconds(30);
    private static final int AT_ONCE = 2;

    private final RuleSimulation simulation;
    private final Clock clock;
    private final Semaphore places = new Semaphore(AT_ONCE);

    Simulations(RuleSimulation simulation, Clock clock) {
        this.simulation = simulation;
        this.clock = clock;
    }

    SimulationView of(Rule rule, @Nullable String period) {
        Instant to = clock.instant();
        Instant from = to.minus(parsed(period));
        if (!places.tryAcquire()) {
            throw new ProblemException(
                    Code.THROTTLED, "Other simulations are running. Try again in a while.", Duration.ofSeconds(5));
        }
        try {
            RuleSimulation.Result result = QuarkusTransaction.requiringNew()
                    .timeout((int) MAY_TAKE.multipliedBy(4).toSeconds())
                    .call(() -> simulation.of(rule, from, to, MAY_TAKE));
            return SimulationView.of(result, from, to);
        } finally {
            places.release();
        }
    }

    private static Duration parsed(@Nullable String period) {
        try {
            Duration parsed = Requests.given(period).map(Duration::parse).orElse(USUAL);
            if (parsed.compareTo(SHORTEST) < 0 || parsed.compareTo(LONGEST) > 0) {
                throw ProblemException.badRequest("period must be between PT1H and P90D");
            }
            return parsed;
        } catch (DateTimeException e) {
            throw ProblemException.badRequest("period is written as in P30D or PT12H");
        }
    }
}
