package io.varve.web;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Settings of the web server.
@ConfigMapping(prefix = "varve")
public interface WebConfig {
    /// Folder that holds `objects/`, `index/` and `keys/`.
    Path data();

    Session session();

    Admin admin();

    Endpoint endpoint();

    interface Session {
        @WithDefault("PT12H")
        Duration length();

        /// Whether the cookie is sent over HTTPS only; set it behind a TLS proxy.
        @WithDefault("false")
        boolean secure();
    }

    interface Admin {
        /// Password of the first administrator; generated and printed once when absent.
        Optional<String> password();
    }

    /// The port that agents call.
    interface Endpoint {
        @WithDefault("8443")
        int port();

        /// Name or address by which agents reach this machine. Unless it is set, only agents on this machine do.
        Optional<String> host();

        /// How long an enrolment token may wait for its agent.
        @WithDefault("PT24H")
        Duration tokenLife();
    }
}
