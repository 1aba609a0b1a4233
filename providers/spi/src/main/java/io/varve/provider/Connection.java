package io.varve.provider;

import io.varve.provider.ProviderException.Kind;
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
