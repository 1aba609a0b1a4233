package io.varve.emulator.gcp;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;

/// What callers are allowed, by permission; the same in all projects but for what is denied in one.
public final class Grants {
    private final Set<String> denied = ConcurrentHashMap.newKeySet();
    private final Set<String> deniedIn = ConcurrentHashMap.newKeySet();
    private final Set<String> used = new ConcurrentSkipListSet<>();
    private volatile Set<String> granted = Set.of();
    private volatile boolean isEverything = true;

    /// Nothing is denied, and everything is granted.
    public void allowAll() {
        denied.clear();
        deniedIn.clear();
        isEverything = true;
    }

    public void grantOnly(List<String> permissions) {
        granted = Set.copyOf(permissions);
        isEverything = false;
    }

    public void deny(String permission) {
        denied.add(permission);
    }

    public void undeny(String permission) {
        denied.remove(permission);
    }

    public void denyIn(String project, String permission) {
        deniedIn.add(project + " " + permission);
    }

    /// Permissions that calls needed since it was last asked to forget.
    public Set<String> used() {
        return Set.copyOf(used);
    }

    public void forgetUsed() {
        used.clear();
    }

    boolean allows(String permission) {
        return !denied.contains(permission) && (isEverything || granted.contains(permission));
    }

    /// Whether it is granted, for an answer that is shorter without it.
    boolean uses(String permission) {
        used.add(permission);
        return allows(permission);
    }

    void require(String permission, String resource) throws Refused {
        used.add(permission);
        if (isDenied(permission, resource)) {
            throw Refused.forbidden(permission, resource);
        }
    }

    /// For the services that answer with a status.
    void requireStated(String permission, String resource) throws Refused {
        used.add(permission);
        if (isDenied(permission, resource)) {
            throw Refused.denied();
        }
    }

    private boolean isDenied(String permission, String resource) {
        String[] parts = resource.split("/", -1);
        return !allows(permission) || (parts.length > 1 && deniedIn.contains(parts[1] + " " + permission));
    }
}
