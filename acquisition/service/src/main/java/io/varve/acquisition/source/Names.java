package io.varve.acquisition.source;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Names of machines, brought into the form they are compared in.
public final class Names {
    private static final Pattern IPV4 = Pattern.compile("((25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(?!$)|$)){4}");
    private static final Pattern IPV6 = Pattern.compile("(?=.*:.*:)[0-9a-f:]{2,39}");
    private static final Pattern QUALIFIED = Pattern.compile("[a-z0-9_-]{1,63}(\\.[a-z0-9_-]{1,63})+");
    private static final Set<String> PLACEHOLDERS = Set.of(
            "localhost",
            "localhost.localdomain",
            "localhost4",
            "localhost6",
            "unknown",
            "none",
            "null",
            "n/a",
            "-",
            "(none)",
            "undefined");

    private Names() {}

    /// Text without control characters, cut; empty when nothing is left.
    public static Optional<String> clean(String text, int longest) {
        return Fields.clean(text, longest);
    }

    /// Lower case, without the dot at its end.
    public static String host(String name) {
        String plain = name.strip().toLowerCase(Locale.ROOT);
        while (plain.endsWith(".")) {
            plain = plain.substring(0, plain.length() - 1);
        }
        return plain;
    }

    /// A name that stands for a machine: not empty, not an address, not what products write when they know none.
    public static Optional<String> machine(String name) {
        String plain = host(name);
        if (plain.isEmpty() || plain.startsWith("#") || plain.startsWith("ip6-") || PLACEHOLDERS.contains(plain)) {
            return Optional.empty();
        }
        return isAddress(plain) ? Optional.empty() : Optional.of(plain);
    }

    /// Whether a name has a domain: labels of letters, digits, hyphens and underscores.
    public static boolean isQualified(String host) {
        return QUALIFIED.matcher(host).matches();
    }

    public static String firstLabel(String host) {
        return isQualified(host) ? host.substring(0, host.indexOf('.')) : host;
    }

    public static boolean isAddress(String text) {
        String plain = text.toLowerCase(Locale.ROOT);
        return IPV4.matcher(plain).matches() || IPV6.matcher(plain).matches();
    }

    /// An address that can tell one machine from another: not loopback, unspecified, link-local or multicast.
    public static Optional<String> address(String text) {
        String plain = text.strip().toLowerCase(Locale.ROOT);
        if (!isAddress(plain)) {
            return Optional.empty();
        }
        boolean common = plain.startsWith("127.")
                || plain.startsWith("0.")
                || plain.startsWith("169.254.")
                || plain.equals("255.255.255.255")
                || plain.equals("::")
                || plain.equals("::1")
                || plain.startsWith("fe80:")
                || plain.startsWith("ff0")
                || isIpv4Multicast(plain);
        return common ? Optional.empty() : Optional.of(plain);
    }

    private static boolean isIpv4Multicast(String plain) {
        int dot = plain.indexOf('.');
        if (dot < 1) {
            return false;
        }
        int first = Integer.parseInt(plain.substring(0, dot));
        return first >= 224 && first <= 239;
    }
}
