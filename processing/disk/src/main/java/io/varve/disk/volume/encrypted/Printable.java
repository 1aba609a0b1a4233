package io.varve.disk.volume.encrypted;

/// Names from hostile headers, made fit for a message.
final class Printable {
    private static final int LONGEST = 64;

    private Printable() {}

    static String text(String name) {
        String cut = name.length() > LONGEST ? name.substring(0, LONGEST) + "…" : name;
        return "'" + cut.replaceAll("[^\\x20-\\x7e…]", "?") + "'";
    }
}
