package io.varve.emulator.darktrace;

import java.util.Set;

/// A token pair of one appliance.
public record ApiToken(String publicToken, String privateToken, Set<Permission> permissions) {
    @Override
    public String toString() {
        return "token " + publicToken;
    }
}
