package io.varve.investigation;

import io.varve.acquisition.model.NormalisedAlert;
import java.time.Duration;
import java.time.Instant;

/// The time an alert is about.
///
/// @param first when it began, by the alert
/// @param last when it ended, by the alert
/// @param slack how far events may lie outside: clocks differ, alerts come late
record Window(Instant first, Instant last, Duration slack) {
    static Window of(NormalisedAlert alert, Duration slack) {
        boolean turned = alert.lastSeen().isBefore(alert.firstSeen());
        return new Window(
                turned ? alert.lastSeen() : alert.firstSeen(), turned ? alert.firstSeen() : alert.lastSeen(), slack);
    }

    Instant from() {
        return first.minus(slack);
    }

    Instant to() {
        return last.plus(slack);
    }

    boolean holds(Instant time) {
        return !time.isBefore(from()) && !time.isAfter(to());
    }
}
