package io.varve.web.access;

import io.varve.acquisition.model.Organisation;
import java.util.Set;

/// Who calls.
///
/// @param name as custody and audit write it: `user:alice`, `key:soar`
/// @param address where the request came from
public record Caller(String name, Organisation organisation, Set<Scope> scopes, String address) {
    boolean may(Scope scope) {
        return scopes.contains(scope) || scopes.contains(Scope.ADMIN);
    }
}
