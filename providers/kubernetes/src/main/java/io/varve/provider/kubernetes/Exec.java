package io.varve.provider.kubernetes;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.ContainerResource;
import io.fabric8.kubernetes.client.dsl.ExecListener;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.fabric8.kubernetes.client.dsl.TtyExecErrorable;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Runs one command in a container over the API server's exec, a WebSocket: what it writes comes here while it runs.
///
/// Input is not closed, because the protocol that every cluster speaks cannot: a command that reads it must know how
/// much there is.
final class Exec {
    /// How long a verb of the collector may take.
    static final Duration VERB = Duration.ofSeconds(90);

    private static final int LONGEST_ERROR = 1 << 16;
    private static final long LOOK_MILLIS = 500;
    private static final Duration SOON = Duration.ofSeconds(10);

    private final Cluster cluster;
    private final Found pod;
    private final String container;

    Exec(Cluster cluster, Found pod, String container) {
        this.cluster = cluster;
        this.pod = pod;
        this.container = container;
    }

    /// @param exit code of the command; -1 when it could not be started
    /// @param err what it wrote to standard error, or why it could not be started
    record Ended(int exit, String err) {
        boolean isStarted() {
            return exit >= 0;
        }
    }

    /// Runs a command and answers what it wrote.
    String text(int most, String... command) throws ProviderException, InterruptedException {
        return text(new byte[0], most, command);
    }

    /// @throws ProviderException REFUSED when it cannot be started or ends with another code than 0
    String text(byte[] input, int most, String... command) throws ProviderException, InterruptedException {
        var out = new ByteArrayOutputStream();
        Ended ended = run(input, out, most, VERB, command);
        if (ended.exit() != 0) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "container %s: %s ended with %d: %s"
                            .formatted(container, command[0], ended.exit(), Errors.plain(ended.err())));
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /// @param most bytes of output; a command that writes more is broken off
    /// @param silence how long it may write nothing
    Ended run(byte[] input, OutputStream out, long most, Duration silence, String... command)
            throws ProviderException, InterruptedException {
        String what = "running %s in container %s of %s".formatted(command[0], container, pod.text());
        var listener = new Listener();
        var err = new Bounded(new ByteArrayOutputStream(), LONGEST_ERROR);
        var bounded = new Bounded(out, most);
        ContainerResource resource = cluster.client()
                .pods()
                .inNamespace(pod.namespace())
                .withName(pod.name())
                .inContainer(container);
        TtyExecErrorable streams = input.length == 0
                ? resource.writingOutput(bounded)
                : resource.redirectingInput().writingOutput(bounded);
        try (ExecWatch watch = streams.writingError(err)
                .usingListener(listener)
                .withReadyWaitTimeout(0)
                .exec(command)) {
            if (input.length > 0) {
                watch.getInput().write(input);
                watch.getInput().flush();
            }
            Status status = listener.await(what, silence, bounded);
            if (bounded.isFull()) {
                throw new ProviderException(Kind.REFUSED, "%s: it writes more than %d bytes".formatted(what, most));
            }
            return ended(status, err.text());
        } catch (KubernetesClientException e) {
            throw refused(what, listener, e);
        } catch (IOException e) {
            throw broken(what, e);
        }
    }

    /// Why no WebSocket was opened: as the server's answer says, or as it answers about the pod itself.
    private ProviderException refused(String what, Listener listener, KubernetesClientException e)
            throws ProviderException, InterruptedException {
        Optional<Integer> code =
                listener.refusal().or(() -> Optional.of(e.getCode()).filter(known -> known > 0));
        if (code.isPresent()) {
            String message =
                    e.getStatus() == null ? "" : String.valueOf(e.getStatus().getMessage());
            return Errors.of(what, code.get(), message, Optional.empty());
        }
        new Pods(cluster).now(pod);
        return broken(what, e.getCause() == null ? e : e.getCause());
    }

    private static ProviderException broken(String what, Throwable e) {
        return new ProviderException(
                Kind.FAILED,
                "%s: the connection broke off: %s".formatted(what, Errors.plain(String.valueOf(e.getMessage()))),
                Optional.of(SOON));
    }

    private static Ended ended(Status status, String err) {
        if ("Success".equals(status.getStatus())) {
            return new Ended(0, err);
        }
        List<StatusCause> causes =
                status.getDetails() == null ? List.of() : status.getDetails().getCauses();
        for (StatusCause cause : causes) {
            if ("ExitCode".equals(cause.getReason())
                    && String.valueOf(cause.getMessage()).matches("\\d{1,3}")) {
                return new Ended(Integer.parseInt(cause.getMessage()), err);
            }
        }
        return new Ended(-1, Errors.plain(String.valueOf(status.getMessage())));
    }

    /// Waits for the last word of the server; a connection that ends without it broke off.
    private static final class Listener implements ExecListener {
        private final CompletableFuture<Optional<Status>> ended = new CompletableFuture<>();
        private volatile Optional<Status> last = Optional.empty();
        private volatile Optional<Integer> refused = Optional.empty();

        @Override
        public void onExit(int code, Status status) {
            last = Optional.of(status);
        }

        @Override
        public void onClose(int code, String reason) {
            ended.complete(last);
        }

        @Override
        public void onFailure(Throwable t, @Nullable Response response) {
            if (response != null && response.code() >= 400) {
                refused = Optional.of(response.code());
            }
            ended.completeExceptionally(t);
        }

        /// The HTTP status the server answered instead of opening a WebSocket.
        Optional<Integer> refusal() {
            return refused;
        }

        /// A connection that breaks without a word is only noticed by its silence.
        Status await(String what, Duration silence, Bounded output) throws ProviderException, InterruptedException {
            try {
                while (true) {
                    try {
                        return ended.get(LOOK_MILLIS, TimeUnit.MILLISECONDS)
                                .orElseThrow(() -> broken(what, new IOException("no status at its end")));
                    } catch (TimeoutException e) {
                        if (output.silentFor(silence)) {
                            throw broken(what, new IOException("nothing came for " + silence));
                        }
                    }
                }
            } catch (ExecutionException e) {
                if (e.getCause() instanceof KubernetesClientException failed) {
                    throw failed;
                }
                if (refused.isPresent()) {
                    throw Errors.of(what, refused.get(), "", Optional.empty());
                }
                throw broken(what, e.getCause() == null ? e : e.getCause());
            }
        }
    }

    /// Output up to a size; what comes behind it is thrown away.
    private static final class Bounded extends OutputStream {
        private final OutputStream out;
        private volatile long heard = System.nanoTime();
        private long left;
        private volatile boolean full;

        Bounded(OutputStream out, long most) {
            this.out = out;
            this.left = most;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] data, int start, int length) throws IOException {
            int count = (int) Math.min(left, length);
            out.write(data, start, count);
            left -= count;
            full |= count < length;
            heard = System.nanoTime();
        }

        boolean silentFor(Duration time) {
            return System.nanoTime() - heard > time.toNanos();
        }

        boolean isFull() {
            return full;
        }

        String text() {
            return out.toString();
        }
    }
}
