package io.varve.emulator.kit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/// What goes wrong with a call on purpose.
public sealed interface Fault {
    /// The connection is closed without an answer, before the handler runs.
    record Drop() implements Fault {}

    /// The handler runs, the answer never arrives: the caller cannot know whether it was done.
    record DropAnswer() implements Fault {}

    /// The answer comes later.
    record Delay(Duration time) implements Fault {}

    /// The handler runs when the latch opens, after a minute at the latest.
    record Hold(CountDownLatch until) implements Fault {}

    /// The vendor's answer to too many calls, with its headers.
    record TooMany() implements Fault {}

    /// The vendor's answer when it is broken itself.
    record Broken(int status) implements Fault {}

    /// The body ends after part of what its length says, and the connection is closed.
    ///
    /// @param keep thousandths of the body that are sent
    record Truncated(int keep) implements Fault {}

    /// One byte in the middle of the body is another.
    record Altered() implements Fault {}

    /// Nothing goes wrong: something else happens just before the handler runs.
    record Before(Runnable what) implements Fault {}

    /// Nothing goes wrong: something else happens when half of the answer's body has been sent.
    record Midway(Runnable what) implements Fault {}

    /// Nothing goes wrong: something else happens when the answer is out.
    record After(Runnable what) implements Fault {}

    static Fault drop() {
        return new Drop();
    }

    static Fault dropAnswer() {
        return new DropAnswer();
    }

    static Fault delay(Duration time) {
        return new Delay(time);
    }

    static Fault hold(CountDownLatch until) {
        return new Hold(until);
    }

    static Fault tooMany() {
        return new TooMany();
    }

    static Fault broken() {
        return new Broken(500);
    }

    static Fault truncated() {
        return new Truncated(500);
    }

    static Fault altered() {
        return new Altered();
    }

    default String label() {
        return getClass().getSimpleName();
    }
}
