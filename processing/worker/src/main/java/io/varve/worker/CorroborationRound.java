package io.varve.worker;

import io.varve.database.CorroborationsDue;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/// Holds the alerts of assets against their evidence, one asset after the other. An asset is done once for all that
/// came
/// in meanwhile, and after every asset the thread rests as long as the work took: a storm of alerts leaves room for
/// captures.
@ApplicationScoped
public class CorroborationRound {
    private static final Logger LOG = Logger.getLogger(CorroborationRound.class);
    private static final Duration LONGEST_REST = Duration.ofSeconds(5);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);

    /// A worker that dies holds an asset no longer than this.
    private static final Duration HELD = Duration.ofSeconds(15);

    private final CorroborationsDue due;
    private final AlertLinks links;
    private final WorkerConfig config;
    private final Clock clock;

    CorroborationRound(CorroborationsDue due, AlertLinks links, WorkerConfig config, Clock clock) {
        this.due = due;
        this.links = links;
        this.config = config;
        this.clock = clock;
    }

    /// @return how long to wait before the next round
    Duration round() {
        Optional<CorroborationsDue.Due> taken =
                due.take(clock.instant(), clock.instant().plus(HELD));
        if (taken.isEmpty()) {
            return config.alerts().poll();
        }
        CorroborationsDue.Due asset = taken.get();
        long start = System.nanoTime();
        try {
            links.refresh(asset.asset(), () -> due.keep(asset, clock.instant().plus(HELD)));
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            due.done(asset, clock.instant().plus(config.corroboration().delay()).plus(took));
            return took.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : took;
        } catch (Exception e) {
            LOG.warnf("alerts of asset %s cannot be held against its evidence: %s", asset.asset(), e.getMessage());
            due.later(asset, clock.instant().plus(AFTER_FAILURE));
            return Duration.ZERO;
        }
    }
}
