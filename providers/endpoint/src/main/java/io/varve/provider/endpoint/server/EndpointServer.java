package io.varve.provider.endpoint.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.varve.evidence.Digest;
import io.varve.provider.endpoint.protocol.Json;
import io.varve.provider.endpoint.protocol.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/// The port that agents call: HTTPS with a certificate of its own, which enrolment tokens pin.
///
/// A request is answered on a virtual thread. Connections, request time and body sizes are bounded; see docs/agent.md.
public final class EndpointServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(EndpointServer.class.getName());
    private static final int BACKLOG = 256;
    private static final int LONGEST_LOGGED = 200;

    private final ServerIdentity identity;
    private final WaitingAgents waiting = new WaitingAgents();
    private final AgentRequests requests;
    private final Clock clock;
    private final HttpsServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /// Binds the port; nothing is answered before [#start].
    ///
    /// @param keys private folder of certificate and keys, made when absent
    /// @param port 0 for any
    public EndpointServer(EndpointBackend backend, Path keys, String host, int port, Clock clock) throws IOException {
        bound("jdk.httpserver.maxConnections", "2000");
        bound("sun.net.httpserver.maxReqTime", "120");
        bound("sun.net.httpserver.maxRspTime", "180");
        bound("sun.net.httpserver.maxIdleConnections", "2000");
        // Reads this much of a refused body, so that the caller gets the answer and not a cut connection.
        bound("sun.net.httpserver.drainAmount", Integer.toString(4 << 20));
        this.identity = ServerIdentity.in(keys);
        this.clock = clock;
        this.requests = new AgentRequests(backend, identity, waiting, clock);
        this.http = HttpsServer.create(new InetSocketAddress(host, port), BACKLOG);
        http.setHttpsConfigurator(new Modern(identity.tls()));
        http.setExecutor(threads);
        http.createContext("/", this::answer);
    }

    /// Limits of the JDK's server are system properties, read when its first instance is made.
    private static void bound(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    public void start() {
        http.start();
        LOG.log(Level.INFO, "agents are answered on port {0,number,#}, certificate {1}", port(), fingerprint());
    }

    public int port() {
        return http.getAddress().getPort();
    }

    /// SHA-256 of the certificate, as enrolment tokens state it.
    public Digest fingerprint() {
        return identity.fingerprint();
    }

    /// Says that there may be an order for this agent, so that it need not wait for the next look. Optional.
    public void wake(String agent) {
        waiting.wake(agent);
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            AgentRequests.Answer answer;
            try {
                answer = requests.answer(exchange);
            } catch (RefusedException e) {
                LOG.log(
                        Level.INFO,
                        "{0} {1}: {2}",
                        plain(exchange.getRequestMethod()),
                        plain(exchange.getRequestURI().getRawPath()),
                        e.code());
                answer = new AgentRequests.Answer(e.status(), problem(e.code(), String.valueOf(e.getMessage())));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (IOException e) {
                LOG.log(
                        Level.WARNING,
                        "{0}: {1}",
                        plain(exchange.getRequestURI().getRawPath()),
                        e.getMessage());
                answer = new AgentRequests.Answer(503, problem("unavailable", "could not be stored"));
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "request of an agent", e);
                answer = new AgentRequests.Answer(503, problem("unavailable", "the server failed"));
            }
            send(exchange, answer);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /// What a caller sent, as a log may hold it: one line, not too long.
    private static String plain(String text) {
        String cut = text.length() > LONGEST_LOGGED ? text.substring(0, LONGEST_LOGGED) : text;
        return cut.replaceAll("[^!-~]", "?");
    }

    private Message problem(String code, String detail) {
        return new Message.Problem(code, detail, clock.instant());
    }

    private static void send(HttpExchange exchange, AgentRequests.Answer answer) throws IOException {
        if (answer.status() == 204) {
            exchange.sendResponseHeaders(204, -1);
            return;
        }
        byte[] body = Json.write(answer.body());
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        if (answer.status() >= 400) {
            // What is left of a refused body is not read: the connection ends.
            exchange.getResponseHeaders().set("Connection", "close");
        }
        exchange.sendResponseHeaders(answer.status(), body.length);
        exchange.getResponseBody().write(body);
    }

    /// TLS 1.3 only.
    private static final class Modern extends HttpsConfigurator {
        Modern(SSLContext context) {
            super(context);
        }

        @Override
        public void configure(HttpsParameters parameters) {
            SSLParameters ours = getSSLContext().getDefaultSSLParameters();
            ours.setProtocols(new String[] {"TLSv1.3"});
            parameters.setSSLParameters(ours);
        }
    }
}
