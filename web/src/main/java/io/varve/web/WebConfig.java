package io.varve.web;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Settings of the web server.
@ConfigMapping(prefix = "varve")
public interface WebConfig {
    /// Folder that holds `objects/`, `index/` and `keys/`.
    Path data();

    Session session();

    Admin admin();

    Endpoint endpoint();

    Alerts alerts();

    Budget budget();

    /// Where evidence lies; the worker reads the same settings.
    Objects objects();

    /// Address under which people reach this server, e.g. `https://varve.example.com`: links given to other consoles
    /// begin with it.
    Optional<URI> publicUrl();

    interface Objects {
        /// `directory`, `s3`, `azure` or `gcs`.
        @WithDefault("directory")
        String kind();

        /// What the kind asks for, see docs/object-stores.md; the directory lies below `data`.
        Map<String, String> settings();
    }

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

    /// How many alerts are taken in at once, and how many may wait to be read.
    interface Alerts {
        /// Bodies that are received at the same time.
        @WithDefault("32")
        int bodies();

        /// Bodies that are checked at the same time: checking takes several times their size.
        @WithDefault("4")
        int checks();

        /// How long a body waits for its turn before its sender is told to come back.
        @WithDefault("PT5S")
        Duration patience();

        /// Alerts of one organisation that may wait to be read.
        @WithDefault("200000")
        int backlog();
    }

    /// What automation may capture in one UTC day; the worker enforces the same settings.
    interface Budget {
        @WithDefault("4")
        int assetDaily();

        @WithDefault("200")
        int organisationDaily();

        @WithDefault("500000000000")
        long organisationDailyBytes();
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
