package io.varve.provider.collector.relay;

import io.varve.provider.collector.Platform;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// A script for a host, and the signed addresses in it, which a vendor that can keeps apart from the text.
///
/// @param text for `sh`, or for PowerShell on Windows, which reads each address from the variable that has its name
/// @param addresses by name, which is one of a variable in both shells
public record HostScript(Platform platform, String text, Map<String, String> addresses) {
    private static final String PARAMETER = "VARVE_";

    public HostScript {
        // in their order
        addresses = Collections.unmodifiableMap(new LinkedHashMap<>(addresses));
    }

    /// The script with all that it needs in its text.
    public String whole() {
        return lines(platform == Platform.WINDOWS ? "$%1$s = %2$s\n" : "%1$s=%2$s\n") + text;
    }

    private String lines(String form) {
        return addresses.entrySet().stream()
                .map(address -> form.formatted(address.getKey(), quoted(platform, address.getValue())))
                .collect(Collectors.joining());
    }

    /// The script without its addresses: it takes each from a parameter of [#parameters], which is a variable
    /// of the environment for `sh`, one of the script for PowerShell. It ends, and says so on standard error,
    /// where one did not arrive. What it starts does not inherit them.
    public String asking() {
        return (platform == Platform.WINDOWS ? windows() : posix()) + text;
    }

    private String posix() {
        return addresses.keySet().stream()
                .map(name -> """
                        %1$s=$%2$s%1$s
                        unset %2$s%1$s
                        [ -n "$%1$s" ] || { echo 'the parameter %2$s%1$s did not arrive' >&2; exit 0; }
                        """.formatted(name, PARAMETER))
                .collect(Collectors.joining());
    }

    /// `param` must stand first. How the vendor quotes values on the way is not known: they come in Base64.
    private String windows() {
        if (addresses.isEmpty()) {
            return "";
        }
        String names = addresses.keySet().stream()
                .map(name -> "[string]$" + PARAMETER + name)
                .collect(Collectors.joining(", "));
        return "param(%s)\n".formatted(names)
                + addresses.keySet().stream()
                        .map(name -> """
                        if (-not $%2$s%1$s) { [Console]::Error.WriteLine('the parameter %2$s%1$s did not arrive'); exit 0 }
                        $%1$s = [Text.Encoding]::ASCII.GetString([Convert]::FromBase64String($%2$s%1$s))
                        """.formatted(name, PARAMETER))
                        .collect(Collectors.joining());
    }

    /// Values for [#asking], by the parameter's name, in their order.
    public Map<String, String> parameters() {
        var parameters = new LinkedHashMap<String, String>();
        addresses.forEach((name, value) -> parameters.put(
                PARAMETER + name,
                platform == Platform.WINDOWS
                        ? Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.US_ASCII))
                        : value));
        return parameters;
    }

    static String quoted(Platform platform, String text) {
        return "'" + text.replace("'", platform == Platform.WINDOWS ? "''" : "'\\''") + "'";
    }

    /// Without the addresses.
    @Override
    public String toString() {
        return text;
    }
}
