package io.varve.provider.defender;

import io.varve.provider.Connection;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// Settings of one tenant, with their defaults. See docs/providers/defender.md.
record Tenant(Connection connection) {
    /// The shortest pause: the setting 0 is for servers that stand in for Microsoft's.
    private static final Duration SHORTEST = Duration.ofMillis(100);

    String application() throws ProviderException {
        return connection.required("client_id");
    }

    URI address(Service service) throws ProviderException {
        return address(connection, service.setting(), service.standard());
    }

    /// How often a running action is looked at.
    Duration pollEvery() throws ProviderException {
        return seconds("poll_seconds", 10, 300);
    }

    /// How often the collector is asked how far it is: each time is one live response.
    Duration lookEvery() throws ProviderException {
        return seconds("look_seconds", 30, 600);
    }

    int actionsPerMinute() throws ProviderException {
        return (int) connection.number("actions_per_minute", 10, 1, 1000);
    }

    /// Bytes; a file that live response fetches may have 3 GB.
    long partSize() throws ProviderException {
        return connection.number("part_size", 128L << 20, 128 << 10, 2L << 30);
    }

    int partsPerAction() throws ProviderException {
        return (int) connection.number("parts_per_action", 4, 1, 20);
    }

    boolean keepsScript() {
        return connection.on("keep_script", false);
    }

    String workFolder(String standard) throws ProviderException {
        String folder = connection.setting("work_folder").orElse(standard);
        if (!folder.matches("[A-Za-z0-9_./\\\\:-]{1,200}")) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "integration %s: work_folder may hold letters, digits and -_./\\: only"
                            .formatted(connection.name()));
        }
        return folder;
    }

    private Duration seconds(String name, long standard, long most) throws ProviderException {
        long seconds = connection.number(name, standard, 0, most);
        return seconds == 0 ? SHORTEST : Duration.ofSeconds(seconds);
    }

    /// An address without a slash at its end. It must be https: every call carries a credential.
    static URI address(Connection connection, String setting, String standard) throws ProviderException {
        Optional<String> text = connection.setting(setting);
        try {
            URI address = URI.create(text.orElse(standard).strip().replaceAll("/+$", ""));
            if ("https".equals(String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT))
                    && address.getHost() != null) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new ProviderException(
                Kind.REFUSED, "integration %s: %s must be an https address".formatted(connection.name(), setting));
    }
}
