package io.varve.provider.crowdstrike;

import io.varve.provider.Connection;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// CrowdStrike's clouds. A tenant lives in one of them; any of them names the right one when somebody signs in.
final class Region {
    private static final Map<String, String> HOSTS = Map.of(
            "us-1", "https://api.crowdstrike.com",
            "us-2", "https://api.us-2.crowdstrike.com",
            "us-3", "https://api.us-3.crowdstrike.com",
            "eu-1", "https://api.eu-1.crowdstrike.com",
            "us-gov-1", "https://api.laggar.gcw.crowdstrike.com",
            "us-gov-2", "https://api.us-gov-2.crowdstrike.mil");

    private Region() {}

    /// Where to sign in: the setting `base_url`, else that of `region`, else us-1.
    static String base(Connection connection) throws ProviderException {
        Optional<String> set = connection.setting("base_url");
        if (set.isPresent()) {
            return address(connection, set.get().strip());
        }
        Optional<String> region = connection.setting("region");
        if (region.isEmpty()) {
            return url("us-1").orElseThrow();
        }
        return url(region.get())
                .orElseThrow(() -> new ProviderException(
                        Kind.REFUSED,
                        "integration %s: there is no region %s; known are %s"
                                .formatted(
                                        connection.name(),
                                        region.get(),
                                        String.join(
                                                ", ",
                                                HOSTS.keySet().stream().sorted().toList()))));
    }

    static Optional<String> url(String region) {
        return Optional.ofNullable(HOSTS.get(region.strip().toLowerCase(Locale.ROOT)));
    }

    /// True when it is one of CrowdStrike's own clouds, which may send us to another.
    static boolean known(String base) {
        return HOSTS.containsValue(base);
    }

    private static String address(Connection connection, String text) throws ProviderException {
        String base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        if (base.matches("https?://[A-Za-z0-9._:\\[\\]-]{1,255}")
                && URI.create(base).getHost() != null) {
            return base;
        }
        throw new ProviderException(
                Kind.REFUSED,
                "integration %s: base_url must be like https://api.crowdstrike.com".formatted(connection.name()));
    }
}
