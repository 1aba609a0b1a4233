package io.varve.emulator.aws;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/// What callers are allowed, by action. Resources and conditions are not looked at.
public final class Policy {
    /// Needs no permission at AWS either.
    private static final Set<String> ALWAYS = Set.of("sts:GetCallerIdentity");

    private final List<String> granted = new CopyOnWriteArrayList<>(List.of("*"));
    private final Set<String> denied = ConcurrentHashMap.newKeySet();
    private final Set<String> deniedIn = ConcurrentHashMap.newKeySet();

    /// From now on only these actions are allowed; `*` stands for anything.
    public void grantOnly(List<String> actions) {
        granted.clear();
        granted.addAll(actions);
    }

    /// Nothing is denied, and everything is granted.
    public void allowAll() {
        denied.clear();
        deniedIn.clear();
        grantOnly(List.of("*"));
    }

    public void deny(String action) {
        denied.add(action);
    }

    public void undeny(String action) {
        denied.remove(action);
    }

    /// As an organisation does that leaves a region out.
    public void denyIn(String region, String action) {
        deniedIn.add(region + " " + action);
    }

    boolean allows(String action, String region) {
        return allows(action) && deniedIn.stream().noneMatch(pattern -> fits(pattern, region + " " + action));
    }

    boolean allows(String action) {
        return ALWAYS.contains(action)
                || (denied.stream().noneMatch(pattern -> fits(pattern, action))
                        && granted.stream().anyMatch(pattern -> fits(pattern, action)));
    }

    private static boolean fits(String pattern, String action) {
        return Pattern.compile(Pattern.quote(pattern).replace("*", "\\E.*\\Q"))
                .matcher(action)
                .matches();
    }
}
