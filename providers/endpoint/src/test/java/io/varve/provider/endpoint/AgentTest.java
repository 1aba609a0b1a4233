package io.varve.provider.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.evidence.DirectoryStore;
import io.varve.provider.Orders;
import io.varve.provider.endpoint.agent.Agent;
import io.varve.provider.endpoint.server.EndpointServer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentTest {
    @TempDir
    Path folder;

    @Test
    void triageOfThisHost() throws Exception {
        var backend = new FakeBackend(new DirectoryStore(folder.resolve("objects")));
        try (var server = new EndpointServer(backend, folder.resolve("keys"), "127.0.0.1", 0, Clock.systemUTC())) {
            server.start();
            var setup = Agent.Setup.of(
                    Optional.of("https://127.0.0.1:" + server.port()),
                    Optional.of(backend.token(server.fingerprint())),
                    folder.resolve("state"),
                    Path.of("/"));
            try (var agent = new Agent(setup)) {
                backend.place(new Orders.Order("c-1", agent.id(), "triage", "main/evidence/ev-1/data"));
                assertThat(agent.once(5)).isTrue();
            }
            assertThat(backend.status("c-1")).map(Orders.OrderStatus::state).contains(Orders.State.UPLOADED);
            var stored = backend.objects().upload("main/evidence/ev-1/data").complete();
            assertThat(stored.size()).isPositive();
        }
    }
}
