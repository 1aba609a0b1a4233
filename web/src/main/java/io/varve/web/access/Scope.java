package io.varve.web.access;

/// What a key may do. None includes another, but `ADMIN` includes all.
public enum Scope {
    ALERTS,
    READ,
    WRITE,
    ADMIN
}
