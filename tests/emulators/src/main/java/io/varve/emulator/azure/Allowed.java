package io.varve.emulator.azure;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/// What the application is allowed, by action; of scopes only subscriptions are looked at, and only for what is denied
/// there.
public final class Allowed {
    private final List<String> actions = new CopyOnWriteArrayList<>(List.of("*"));
    private final List<String> dataActions = new CopyOnWriteArrayList<>(List.of("*"));
    private final Set<String> denied = ConcurrentHashMap.newKeySet();
    private final Set<String> deniedIn = ConcurrentHashMap.newKeySet();

    /// From now on only these are allowed; `*` stands for anything.
    public void grantOnly(List<String> onlyActions, List<String> onlyDataActions) {
        actions.clear();
        actions.addAll(onlyActions);
        dataActions.clear();
        dataActions.addAll(onlyDataActions);
    }

    public void allowAll() {
        denied.clear();
        deniedIn.clear();
        grantOnly(List.of("*"), List.of("*"));
    }

    public void deny(String action) {
        denied.add(action);
    }

    public void undeny(String action) {
        denied.remove(action);
    }

    /// As where no role was assigned.
    public void denyIn(String subscription, String action) {
        deniedIn.add(subscription + " " + action);
    }

    boolean allows(String action, String subscription) {
        return allows(action) && !deniedIn.contains(subscription + " " + action);
    }

    boolean allows(String action) {
        return !denied.contains(action) && fits(actions, action);
    }

    boolean allowsData(String action) {
        return !denied.contains(action) && fits(dataActions, action);
    }

    List<String> actions() {
        return List.copyOf(actions);
    }

    List<String> dataActions() {
        return List.copyOf(dataActions);
    }

    Set<String> denied() {
        return Set.copyOf(denied);
    }

    private static boolean fits(List<String> patterns, String action) {
        return patterns.stream()
                .anyMatch(pattern -> Pattern.compile(
                                Pattern.quote(pattern.toLowerCase(Locale.ROOT)).replace("*", "\\E.*\\Q"))
                        .matcher(action.toLowerCase(Locale.ROOT))
                        .matches());
    }
}
