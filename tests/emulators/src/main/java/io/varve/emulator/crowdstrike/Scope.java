package io.varve.emulator.crowdstrike;

/// What an API client may do.
public enum Scope {
    HOSTS_READ,
    HOSTS_WRITE,
    RTR_READ,
    RTR_WRITE,
    RTR_ADMIN,
    RTR_AUDIT_READ,
    ALERTS_READ,
    ALERTS_WRITE
}
