package io.varve.emulator.kit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// A clock that a test moves: it stands still, or runs with real time, and can be moved in both cases.
public final class TestClock extends Clock {
    private final Clock base;
    private Duration offset = Duration.ZERO;

    private TestClock(Clock base) {
        this.base = base;
    }

    /// Stands still until it is moved.
    public static TestClock stoppedAt(Instant now) {
        return new TestClock(Clock.fixed(now, ZoneOffset.UTC));
    }

    /// Runs with real time, plus what it is moved by.
    public static TestClock running() {
        return new TestClock(Clock.systemUTC());
    }

    public synchronized void advance(Duration by) {
        offset = offset.plus(by);
    }

    public synchronized void moveTo(Instant now) {
        offset = Duration.between(base.instant(), now);
    }

    @Override
    public synchronized Instant instant() {
        return base.instant().plus(offset);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("emulators speak UTC");
    }
}
