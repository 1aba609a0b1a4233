package io.varve.provider;

import java.time.Duration;

/// How time passes between two looks at something outside: `Thread::sleep`, or a test's clock.
@FunctionalInterface
public interface Waiting {
    void pass(Duration time) throws InterruptedException;
}
