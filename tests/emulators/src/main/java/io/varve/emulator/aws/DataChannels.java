package io.varve.emulator.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.emulator.kit.WebSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where streams of exec sessions end: WebSockets, each for one session, opened once with its token.
final class DataChannels implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern PATH =
            Pattern.compile("GET /v1/data-channel/([a-z0-9-]+)\\?role=publish_subscribe HTTP/1\\.1");
    private static final Pattern KEY = Pattern.compile("(?im)^sec-websocket-key: *(\\S+)\\s*$");
    private static final int LONGEST_HEAD = 1 << 14;

    private final ServerSocket server;
    private final Map<String, Order> orders = new ConcurrentHashMap<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<String> violations = new CopyOnWriteArrayList<>();
    private final ExecTrouble trouble = new ExecTrouble();

    private record Order(EcsContainer container, String command, String token) {}

    /// @param url of the stream
    record Session(String id, String url, String token) {}

    DataChannels() {
        try {
            server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().daemon().name("data-channels").start(this::accept);
    }

    Session session(EcsContainer container, String command) {
        String id = "ecs-execute-command-" + UUID.randomUUID().toString().replace("-", "");
        String token = "AAEAA" + UUID.randomUUID();
        orders.put(id, new Order(container, command, token));
        return new Session(
                id,
                "ws://127.0.0.1:%d/v1/data-channel/%s?role=publish_subscribe".formatted(server.getLocalPort(), id),
                token);
    }

    ExecTrouble trouble() {
        return trouble;
    }

    /// What clients did that the protocol does not allow.
    List<String> violations() {
        return violations;
    }

    /// Sessions that have a client now.
    int open() {
        return open.size();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                Thread.ofPlatform().daemon().name("data-channel").start(() -> serve(socket));
            } catch (IOException e) {
                // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            String head = head(socket.getInputStream());
            Matcher path = PATH.matcher(head.lines().findFirst().orElse(""));
            Matcher key = KEY.matcher(head);
            Optional<Order> order =
                    path.matches() ? Optional.ofNullable(orders.remove(path.group(1))) : Optional.empty();
            OutputStream out = socket.getOutputStream();
            if (order.isEmpty() || !key.find()) {
                out.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
                return;
            }
            out.write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: " + WebSocket.accept(key.group(1)) + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            var web = new WebSocket(socket.getInputStream(), out);
            if (!opens(web.read(), order.get().token())) {
                violations.add("the first message does not open the channel");
                web.close(1008);
                return;
            }
            new ExecSession(
                            path.group(1),
                            order.get().container(),
                            order.get().command(),
                            web,
                            trouble,
                            violations::add)
                    .run();
        } catch (IOException e) {
            // the client is gone, or was meant to be
        } finally {
            open.remove(socket);
        }
    }

    private static boolean opens(WebSocket.Message message, String token) throws IOException {
        if (!message.isText()) {
            return false;
        }
        JsonNode words = JSON.readTree(message.data());
        return words.path("MessageSchemaVersion").asText().equals("1.0")
                && words.path("TokenValue").asText().equals(token)
                && !words.path("RequestId").asText().isEmpty()
                && !words.path("ClientId").asText().isEmpty();
    }

    private static String head(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0 || head.size() > LONGEST_HEAD) {
                throw new IOException("no head");
            }
            head.write(b);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
