package io.varve.artefact.linux;

import io.varve.artefact.IpAddress;
import java.util.Arrays;
import java.util.Optional;

/// Where a logon came from, as login records state it.
///
/// @param address the host as written: a name, an address, or an X display
/// @param ip its address, from the binary field or from the text; never looked up
record Origin(Optional<String> address, Optional<String> ip) {
    static Origin of(String host) {
        return of(host, new byte[16]);
    }

    /// @param binary 16 bytes in network order; an IPv4 address fills the first four
    static Origin of(String host, byte[] binary) {
        return new Origin(
                Optional.of(host).filter(h -> !h.isEmpty()), ip(binary).or(() -> literal(host)));
    }

    private static Optional<String> ip(byte[] binary) {
        int last = binary.length - 1;
        while (last >= 0 && binary[last] == 0) {
            last--;
        }
        if (last < 0) {
            return Optional.empty();
        }
        return Optional.of(IpAddress.text(last < 4 ? Arrays.copyOf(binary, 4) : binary));
    }

    private static Optional<String> literal(String host) {
        String bare = host.contains("%") ? host.substring(0, host.indexOf('%')) : host;
        return IpAddress.parse(bare).map(IpAddress::text);
    }

    /// ` from 10.0.0.1 (laptop.example)`, or nothing when nothing is known.
    String phrase() {
        if (ip.isEmpty()) {
            return address.map(a -> " from " + a).orElse("");
        }
        return address.filter(a -> !a.equals(ip.get()))
                .map(a -> " from %s (%s)".formatted(ip.get(), a))
                .orElse(" from " + ip.get());
    }
}
