package io.varve.provider.endpoint.agent;

import java.time.Duration;

/// How time passes between two tries.
@FunctionalInterface
public interface Pause {
    void pass(Duration time) throws InterruptedException;
}
