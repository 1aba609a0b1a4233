package io.varve.provider.aws;

import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The WebSocket of a session's data channel. Messages that nobody takes wait, [#MOST] of them; the other side is then
/// not read.
final class StreamLine implements DataChannel.Line {
    private static final int MOST = 64;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient client;
    private final Listener listener;
    private final WebSocket socket;

    private StreamLine(HttpClient client, Listener listener, WebSocket socket) {
        this.client = client;
        this.listener = listener;
        this.socket = socket;
    }

    static StreamLine open(URI stream) throws ProviderException, InterruptedException {
        var listener = new Listener();
        HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
        try {
            WebSocket socket = client.newWebSocketBuilder()
                    .connectTimeout(PATIENCE)
                    .buildAsync(stream, listener)
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return new StreamLine(client, listener, socket);
        } catch (ExecutionException | TimeoutException e) {
            client.shutdownNow();
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String why = cause instanceof WebSocketHandshakeException refused
                    ? "HTTP " + refused.getResponse().statusCode()
                    : DataChannel.words(String.valueOf(cause.getMessage()));
            throw new ProviderException(
                    Kind.FAILED,
                    "the exec session's stream at %s cannot be opened: %s".formatted(stream.getHost(), why),
                    Optional.of(Duration.ofSeconds(10)));
        }
    }

    /// A message, or why there is none any more.
    private record Came(byte[] message, Optional<String> ended) {}

    private static final class Listener implements WebSocket.Listener {
        private final BlockingQueue<Came> queue = new LinkedBlockingQueue<>();
        private ByteArrayOutputStream whole = new ByteArrayOutputStream();

        @Override
        public void onOpen(WebSocket socket) {
            socket.request(MOST);
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            if (whole.size() + data.remaining() > DataChannel.FRAME) {
                ended("a message of more than %d bytes".formatted(DataChannel.FRAME));
                socket.abort();
                return null;
            }
            byte[] piece = new byte[data.remaining()];
            data.get(piece);
            whole.writeBytes(piece);
            if (last) {
                queue.add(new Came(whole.toByteArray(), Optional.empty()));
                whole = new ByteArrayOutputStream();
            } else {
                socket.request(1);
            }
            return null;
        }

        /// Text is not said by agents; it is passed over.
        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            ended("closed with %d %s".formatted(code, reason));
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            ended(String.valueOf(error.getMessage()));
        }

        private void ended(String why) {
            queue.add(new Came(new byte[0], Optional.of(why)));
        }
    }

    @Override
    public void text(String text) throws IOException, InterruptedException {
        sent(socket.sendText(text, true));
    }

    @Override
    public void binary(byte[] message) throws IOException, InterruptedException {
        sent(socket.sendBinary(ByteBuffer.wrap(message), true));
    }

    private static void sent(CompletableFuture<WebSocket> sending) throws IOException, InterruptedException {
        try {
            sending.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        } catch (TimeoutException e) {
            throw new IOException("nothing is taken for " + PATIENCE, e);
        }
    }

    @Override
    public Optional<byte[]> next(Duration most) throws IOException, InterruptedException {
        Came came = listener.queue.poll(most.toNanos(), TimeUnit.NANOSECONDS);
        if (came == null) {
            return Optional.empty();
        }
        if (came.ended().isPresent()) {
            throw new IOException(came.ended().get());
        }
        socket.request(1);
        return Optional.of(came.message());
    }

    @Override
    public void close() {
        try {
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(1, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // the other side is gone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            socket.abort();
            client.shutdownNow();
        }
    }
}
