package io.varve.emulator.device;

/// Whether a host is cut off from the network; each vendor has its own words for it.
public enum Containment {
    NORMAL,
    PENDING,
    CONTAINED,
    RELEASE_PENDING;

    public Containment flipped() {
        return switch (this) {
            case NORMAL, RELEASE_PENDING -> CONTAINED;
            case CONTAINED, PENDING -> NORMAL;
        };
    }
}
