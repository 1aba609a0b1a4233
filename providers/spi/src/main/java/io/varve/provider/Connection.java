package io.varve.provider;

import io.varve.provider.ProviderException.Kind;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A vendor's tenant as it was set up, its secrets opened. It lives in the worker's memory only.
///
/// @param id of the integration it was made from
/// @param settings by name, e.g. `base_url`, `client_id`; what is absent has its documented default
/// @param secrets by name, e.g. `client_secret`
public record Connection(String id, String name, Map<String, String> settings, Map<String, String> secrets) {
    public Connection {
        settings = Map.copyOf(settings);
        secrets = Map.copyOf(secrets);
    }

    public Optional<String> setting(String name) {
        return Optional.ofNullable(settings.get(name)).filter(value -> !value.isBlank());
    }

    /// @throws ProviderException when it was not set
    public String required(String name) throws ProviderException {
        return setting(name).orElseThrow(() -> missing(name));
    }

    /// A whole number between two limits, or the default where none was set.
    public long number(String name, long standard, long least, long most) throws ProviderException {
        Optional<String> text = setting(name);
        if (text.isEmpty()) {
            return standard;
        }
        try {
            long value = Long.parseLong(text.get().strip());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new ProviderException(
                Kind.REFUSED,
                "integration %s: %s must be a number from %d to %d".formatted(this.name, name, least, most));
    }

    /// An address that a service is reached at, without slashes at its end: `https` or `http`, a host,
    /// perhaps a port and a path.
    ///
    /// @throws ProviderException REFUSED, with the names of integration and setting and what is wrong;
    /// never with the address itself, which may hold a password
    public Optional<URI> address(String name) throws ProviderException {
        Optional<String> text = setting(name);
        return text.isEmpty() ? Optional.empty() : Optional.of(address(name, text.get()));
    }

    private URI address(String name, String text) throws ProviderException {
        URI address;
        try {
            address = new URI(text.strip().replaceFirst("/+$", ""));
        } catch (URISyntaxException e) {
            throw bad(name, "%s at its character %d".formatted(e.getReason(), e.getIndex() + 1));
        }
        String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw bad(name, "it does not begin with https:// or http://");
        }
        if (address.getRawUserInfo() != null) {
            throw bad(name, "it holds a user name or password");
        }
        if (address.getHost() == null) {
            throw bad(name, "it names no host, or one with characters that no host has");
        }
        if (address.getPort() > 65_535) {
            throw bad(name, "there is no port %d".formatted(address.getPort()));
        }
        if (address.getRawQuery() != null || address.getRawFragment() != null) {
            throw bad(name, "it goes on with ? or #");
        }
        return address;
    }

    private ProviderException bad(String setting, String why) {
        return new ProviderException(
                Kind.REFUSED, "integration %s: %s is no address: %s".formatted(name, setting, why));
    }

    public boolean on(String name, boolean standard) {
        return setting(name).map(Boolean::parseBoolean).orElse(standard);
    }

    /// @throws ProviderException when it was not set
    public String secret(String name) throws ProviderException {
        return Optional.ofNullable(secrets.get(name))
                .filter(value -> !value.isEmpty())
                .orElseThrow(() -> missing(name));
    }

    private ProviderException missing(String setting) {
        return new ProviderException(Kind.REFUSED, "integration %s: %s is not set".formatted(name, setting));
    }

    /// Secrets are left out.
    @Override
    public String toString() {
        return "Connection[" + id + ", " + name + ", " + settings.keySet() + "]";
    }
}
