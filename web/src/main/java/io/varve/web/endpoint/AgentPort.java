package io.varve.web.endpoint;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.varve.evidence.Digest;
import io.varve.provider.endpoint.server.EndpointServer;
import io.varve.web.WebConfig;
import io.varve.web.problem.Code;
import io.varve.web.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;

/// Opens the port that agents call, and knows by which address they reach it.
@ApplicationScoped
public class AgentPort {
    private static final String HERE = "127.0.0.1";
    private static final String EVERYWHERE = "0.0.0.0";

    private final StoredAgents backend;
    private final WebConfig config;
    private final Clock clock;
    private Optional<EndpointServer> server = Optional.empty();

    AgentPort(StoredAgents backend, WebConfig config, Clock clock) {
        this.backend = backend;
        this.config = config;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event) throws IOException {
        String bind = config.endpoint().host().isPresent() ? EVERYWHERE : HERE;
        var started = new EndpointServer(
                backend, config.data().resolve("keys"), bind, config.endpoint().port(), clock);
        started.start();
        server = Optional.of(started);
    }

    void stop(@Observes ShutdownEvent event) {
        server.ifPresent(EndpointServer::close);
    }

    /// Where agents call, e.g. `https://varve.example.com:8443`.
    String address() {
        return "https://%s:%d"
                .formatted(config.endpoint().host().orElse(HERE), running().port());
    }

    /// SHA-256 of the certificate they are shown.
    Digest fingerprint() {
        return running().fingerprint();
    }

    private EndpointServer running() {
        return server.orElseThrow(() -> new ProblemException(Code.UNAVAILABLE, "The agents' port is not open."));
    }
}
