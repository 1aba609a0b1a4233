package io.varve.emulator.kit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The programme of faults: which calls fail, how often, and what happens at the Nth call of a kind.
public final class Faults {
    /// One entry of the programme.
    private static final class Entry {
        private final Predicate<Call> which;
        private final Fault fault;
        private int skip;
        private int left;

        private Entry(Predicate<Call> which, Fault fault, int skip, int left) {
            this.which = which;
            this.fault = fault;
            this.skip = skip;
            this.left = left;
        }
    }

    private final List<Entry> programme = new ArrayList<>();

    /// The next `times` matching calls meet the fault.
    public Faults next(int times, Predicate<Call> which, Fault fault) {
        return after(0, times, which, fault);
    }

    /// The next matching call meets the fault.
    public Faults next(Predicate<Call> which, Fault fault) {
        return next(1, which, fault);
    }

    /// Every matching call meets the fault until the programme is cleared.
    public Faults always(Predicate<Call> which, Fault fault) {
        return next(Integer.MAX_VALUE, which, fault);
    }

    /// `skip` matching calls go well, the next `times` meet the fault.
    public synchronized Faults after(int skip, int times, Predicate<Call> which, Fault fault) {
        programme.add(new Entry(which, fault, skip, times));
        return this;
    }

    /// Runs something once, just before the Nth matching call from now (the first is 1) is handled.
    public Faults at(int number, Predicate<Call> which, Runnable what) {
        return after(number - 1, 1, which, new Fault.Before(what));
    }

    /// Runs something once while the body of the Nth matching call's answer is being sent, at half of it.
    public Faults midway(int number, Predicate<Call> which, Runnable what) {
        return after(number - 1, 1, which, new Fault.Midway(what));
    }

    /// Runs something once, when the Nth matching call from now has been answered.
    public Faults afterwards(int number, Predicate<Call> which, Runnable what) {
        return after(number - 1, 1, which, new Fault.After(what));
    }

    public synchronized void clear() {
        programme.clear();
    }

    /// The fault of this call. Every entry that matches counts it; the first that is due wins.
    synchronized Optional<Fault> due(Call call) {
        Optional<Fault> due = Optional.empty();
        for (Entry entry : programme) {
            if (entry.left == 0 || !entry.which.test(call)) {
                continue;
            }
            if (entry.skip > 0) {
                entry.skip--;
            } else if (due.isEmpty()) {
                entry.left--;
                due = Optional.of(entry.fault);
            }
        }
        return due;
    }
}
