package io.varve.provider.crowdstrike;

/// The three classes of Real Time Response commands, each with its address and scope.
enum Level {
    READ("command", Scope.RTR_READ),
    RESPOND("active-responder-command", Scope.RTR_WRITE),
    ADMIN("admin-command", Scope.RTR_ADMIN);

    private final String address;
    private final Scope scope;

    Level(String address, Scope scope) {
        this.address = address;
        this.scope = scope;
    }

    String address() {
        return address;
    }

    Scope scope() {
        return scope;
    }
}
