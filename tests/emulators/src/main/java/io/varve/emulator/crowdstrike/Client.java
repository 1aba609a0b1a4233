package io.varve.emulator.crowdstrike;

import java.util.Set;

/// An API client of the tenant: what a customer would type into Varve.
public record Client(String id, String secret, Set<Scope> scopes) {
    @Override
    public String toString() {
        return "client " + id;
    }
}
