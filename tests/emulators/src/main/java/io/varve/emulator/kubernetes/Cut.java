package io.varve.emulator.kubernetes;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/// Connections that break while a command's output is on its way.
///
/// @param commands which command lines are met
/// @param after bytes of output that still arrive
/// @param left how often it happens
record Cut(Predicate<String> commands, int after, AtomicInteger left) {
    static final Cut NONE = new Cut(line -> false, 0, new AtomicInteger());

    /// True once for each time it is due.
    boolean isDue(String line) {
        return commands.test(line) && left.getAndUpdate(now -> Math.max(0, now - 1)) > 0;
    }
}
