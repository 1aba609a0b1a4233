package io.varve.emulator.kubernetes;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/// What callers are allowed, as `verb group/resource/subresource`, e.g. `get pods/log`, `get apps/replicasets`. At
/// first
/// that is what Varve's role grants, and nothing else.
public final class Rbac {
    /// Everybody who is signed in may ask these.
    private static final Set<String> ALWAYS = Set.of(
            "create authorization.k8s.io/selfsubjectaccessreviews", "create authentication.k8s.io/selfsubjectreviews");

    /// docs/providers/kubernetes/role.yaml
    private static final List<String> VARVE = List.of(
            "get pods",
            "list pods",
            "get pods/log",
            "get pods/exec",
            "create pods/exec",
            "list events",
            "get nodes",
            "get apps/*",
            "get batch/*",
            "patch pods/ephemeralcontainers");

    private final List<String> granted = new CopyOnWriteArrayList<>(VARVE);
    private final Set<String> denied = ConcurrentHashMap.newKeySet();
    private final Set<String> namespaces = ConcurrentHashMap.newKeySet();

    public void grant(String action) {
        granted.add(action);
    }

    public void deny(String action) {
        denied.add(action);
    }

    public void undeny(String action) {
        denied.remove(action);
    }

    /// From now on nothing is allowed outside these namespaces, as with roles where there were cluster roles; nodes,
    /// which are in none, are still read.
    public void only(String... names) {
        namespaces.clear();
        namespaces.addAll(List.of(names));
    }

    boolean allows(Access access) {
        String action = access.action();
        if (ALWAYS.contains(action)) {
            return true;
        }
        boolean here = namespaces.isEmpty()
                || (access.namespace().isEmpty() ? action.endsWith(" nodes") : namespaces.contains(access.namespace()));
        return here
                && denied.stream().noneMatch(pattern -> fits(pattern, action))
                && granted.stream().anyMatch(pattern -> fits(pattern, action));
    }

    private static boolean fits(String pattern, String action) {
        return Pattern.compile(Pattern.quote(pattern).replace("*", "\\E.*\\Q"))
                .matcher(action)
                .matches();
    }
}
