package io.varve.web.access;

/// What a key may do. None includes another, but `ADMIN` includes all.
public enum Scope {
    ALERTS,
    READ,
    WRITE,
    /// May ask for incidents by a source's own id, for another console's Forensics tab.
    FORENSICS,
    ADMIN
}
