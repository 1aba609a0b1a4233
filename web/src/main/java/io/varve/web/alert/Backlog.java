package io.varve.web.alert;

import io.varve.acquisition.model.Alerts;
import io.varve.acquisition.model.Organisation;
import io.varve.web.problem.Code;
import io.varve.web.problem.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Refuses alerts while too many wait to be read. The count is looked up about once a second, so the limit is passed by
/// what comes in one second at most.
final class Backlog {
    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final Duration COME_BACK = Duration.ofSeconds(10);

    private final Alerts alerts;
    private final int most;
    private final Clock clock;
    private final Map<Organisation, Count> counts = new ConcurrentHashMap<>();

    private record Count(int unread, Instant at) {}

    Backlog(Alerts alerts, int most, Clock clock) {
        this.alerts = alerts;
        this.most = most;
        this.clock = clock;
    }

    void check(Organisation organisation) {
        Instant now = clock.instant();
        Count count = counts.compute(
                organisation,
                (of, known) -> known != null && now.isBefore(known.at().plus(FRESH))
                        ? known
                        : new Count(alerts.unreadCount(of, most), now));
        if (count.unread() >= most) {
            throw new ProblemException(
                    Code.UNAVAILABLE,
                    "%d alerts wait to be read, no more are taken. Send it again.".formatted(count.unread()),
                    COME_BACK);
        }
    }
}
