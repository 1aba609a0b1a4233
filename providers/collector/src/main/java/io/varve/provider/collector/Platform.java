package io.varve.provider.collector;

import java.util.Locale;
import java.util.Optional;

/// The operating systems a collector is made for.
public enum Platform {
    LINUX,
    MACOS,
    WINDOWS;

    /// As a vendor names it, e.g. `Mac`, `macOS`, `WindowsServer2022`, `windows_legacy`; empty when
    /// it is none of these.
    public static Optional<Platform> named(String vendorName) {
        String name = vendorName.toLowerCase(Locale.ROOT);
        if (name.startsWith("win")) {
            return Optional.of(WINDOWS);
        }
        if (name.startsWith("mac") || name.startsWith("darwin") || name.startsWith("os x")) {
            return Optional.of(MACOS);
        }
        return name.isBlank() || name.equals("unknown") || name.startsWith("ios") || name.startsWith("android")
                ? Optional.empty()
                : Optional.of(LINUX);
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
