package io.varve.web.incident;

import io.varve.database.Corroboration.State;
import io.varve.web.incident.SourceIncidentView.Verdict;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What the states of several alerts come to.
final class Verdicts {
    /// How much is known, most first.
    private static final List<State> BEST_FIRST =
            List.of(State.CONFIRMED, State.CONTRADICTED, State.NOT_SEEN, State.PENDING, State.NOT_COLLECTED);

    private Verdicts() {}

    /// @param known how many alerts are in which state; those of `alerts` that are missing have not been looked at
    static Verdict of(Map<State, Long> known, int alerts) {
        var all = new EnumMap<State, Long>(State.class);
        all.putAll(known);
        long looked = known.values().stream().mapToLong(Long::longValue).sum();
        if (looked < alerts) {
            all.merge(State.PENDING, alerts - looked, Long::sum);
        }
        List<State> found = BEST_FIRST.stream().filter(all::containsKey).toList();
        State best = found.isEmpty() ? State.PENDING : found.getFirst();
        State worst = found.isEmpty() ? State.PENDING : found.getLast();
        return new Verdict(best, worst, best, all, text(best, all.getOrDefault(best, 0L), alerts));
    }

    private static String text(State best, long of, int alerts) {
        String which = alerts == 1 ? "The alert" : "%d of %d alerts".formatted(of, alerts);
        String are = alerts == 1 || of == 1 ? "is" : "are";
        return switch (best) {
            case CONFIRMED -> "%s %s confirmed by evidence.".formatted(which, are);
            case CONTRADICTED -> "%s %s contradicted by evidence.".formatted(which, are);
            case NOT_SEEN -> "%s %s not seen in evidence that must show it.".formatted(which, are);
            case PENDING -> "%s %s still being held against evidence.".formatted(which, are);
            case NOT_COLLECTED ->
                "Nothing was collected that could tell about %s.".formatted(alerts == 1 ? "the alert" : "the alerts");
        };
    }
}
