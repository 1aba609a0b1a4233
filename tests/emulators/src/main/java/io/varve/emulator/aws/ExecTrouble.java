package io.varve.emulator.aws;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What goes wrong on purpose with messages of exec sessions, counted over all sessions from the moment it is ordered.
public final class ExecTrouble {
    /// What happens to a message.
    public enum Kind {
        /// An output message is not sent the first time.
        LOSE,
        /// An output message is sent twice.
        REPEAT,
        /// An output message is sent after the next one.
        LATE,
        /// A byte of an output message is another, the first time.
        ALTER,
        /// The connection breaks instead of an output message.
        BREAK,
        /// An input message is not received the first time.
        LOSE_INPUT,
        /// The acknowledgement of an input message is not sent the first time.
        LOSE_ACKNOWLEDGEMENT,
        /// Before an output message the client is told to pause, and to go on half a second later.
        PAUSE,
        /// The agent ends the session instead of an output message.
        END
    }

    private final Map<Kind, List<Integer>> due = new EnumMap<>(Kind.class);
    private final Map<Kind, Integer> met = new EnumMap<>(Kind.class);

    /// @param number of the message from now on that meets it; the first is 1
    public synchronized ExecTrouble at(int number, Kind kind) {
        due.computeIfAbsent(kind, _ -> new ArrayList<>()).add(number);
        return this;
    }

    public synchronized void clear() {
        due.clear();
        met.clear();
    }

    /// Whether all that was ordered has happened.
    public synchronized boolean isOver() {
        return due.values().stream().allMatch(List::isEmpty);
    }

    synchronized boolean isDue(Kind kind) {
        int number = met.merge(kind, 1, Integer::sum);
        List<Integer> numbers = due.get(kind);
        return numbers != null && numbers.remove(Integer.valueOf(number));
    }
}
