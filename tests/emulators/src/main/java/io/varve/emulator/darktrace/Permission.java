package io.varve.emulator.darktrace;

/// What a token may do; without it the appliance redirects to `/403`.
public enum Permission {
    READ,
    COMMENT,
    ACKNOWLEDGE
}
