package io.varve.provider;

/// Whether a vendor has cut a host off from the network. Read before, during and after a capture, never changed.
public enum Containment {
    NORMAL,
    /// On its way into or out of containment.
    PENDING,
    CONTAINED,
    /// The vendor's answer does not decide it.
    UNKNOWN;

    /// As it is stored and shown: lower case.
    public String text() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
