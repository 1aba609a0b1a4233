package io.varve.provider.darktrace;

/// Addresses in Darktrace's own console.
final class Links {
    private Links() {}

    static String group(String base, String id) {
        return base + "/#aiagroup/" + id;
    }

    static String event(String base, String id) {
        return base + "/#aiaincidentevent/" + id;
    }

    static String breach(String base, String id) {
        return base + "/#modelbreach/" + id;
    }
}
