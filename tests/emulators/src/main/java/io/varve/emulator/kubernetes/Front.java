package io.varve.emulator.kubernetes;

import io.varve.emulator.kit.TestCertificate;
import io.varve.emulator.kit.WebSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// What callers reach: TLS, one request a connection, handed on to the server behind; WebSockets, which that cannot do,
/// are spoken here once it has allowed them.
final class Front implements AutoCloseable {
    static final String UPGRADE = "X-Upgrade";
    static final String SESSION = "X-Exec-Session";
    private static final List<String> PROTOCOLS = List.of("v5.channel.k8s.io", "v4.channel.k8s.io");
    private static final int LARGEST_HEAD = 1 << 20;

    private final URI behind;
    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Map<String, ExecOrder> orders = new ConcurrentHashMap<>();
    private volatile Cut cut = Cut.NONE;

    Front(TestCertificate certificate, URI behind) {
        this.behind = behind;
        try {
            server = certificate
                    .server()
                    .getServerSocketFactory()
                    .createServerSocket(0, 256, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().daemon().name("kubernetes-front").start(this::accept);
    }

    URI url() {
        return URI.create("https://127.0.0.1:" + server.getLocalPort());
    }

    void allow(String session, ExecOrder order) {
        orders.put(session, order);
    }

    void cut(Cut programme) {
        cut = programme;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                Thread.ofPlatform().daemon().name("kubernetes-call").start(() -> serve(socket));
            } catch (IOException e) {
                // closed, or a caller that broke off
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            Head head = Head.read(socket.getInputStream());
            if (head.header("upgrade").equalsIgnoreCase("websocket")) {
                webSocket(socket, head);
            } else {
                plain(socket, head);
            }
        } catch (IOException e) {
            // the caller is gone, or was meant to be
        } finally {
            open.remove(socket);
        }
    }

    private void plain(Socket socket, Head head) throws IOException {
        try (var backend = new Socket(behind.getHost(), behind.getPort())) {
            backend.setTcpNoDelay(true);
            backend.getOutputStream().write(head.text(Set.of("connection"), "Connection: close\r\n"));
            backend.getOutputStream().flush();
            Thread.ofPlatform().daemon().name("kubernetes-body").start(() -> pipe(socket, backend));
            answer(backend.getInputStream(), socket.getOutputStream());
        }
    }

    private static void pipe(Socket from, Socket to) {
        try {
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[1 << 14];
            InputStream in = from.getInputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
                out.flush();
            }
        } catch (IOException e) {
            // one side is done
        }
    }

    private static void answer(InputStream from, OutputStream to) throws IOException {
        Head head = Head.read(from);
        to.write(head.text(Set.of("connection"), "Connection: close\r\n"));
        to.flush();
        from.transferTo(to);
        to.flush();
    }

    private void webSocket(Socket socket, Head head) throws IOException {
        Optional<ExecOrder> order;
        try (var backend = new Socket(behind.getHost(), behind.getPort())) {
            backend.getOutputStream()
                    .write(head.text(
                            Set.of("connection", "upgrade", "sec-websocket-key", "sec-websocket-version"),
                            "Connection: close\r\n" + UPGRADE + ": websocket\r\n"));
            backend.getOutputStream().flush();
            Head answer = Head.read(backend.getInputStream());
            order = Optional.ofNullable(orders.remove(answer.header(SESSION.toLowerCase(Locale.ROOT))));
            if (order.isEmpty()) {
                socket.getOutputStream().write(answer.text(Set.of("connection"), "Connection: close\r\n"));
                backend.getInputStream().transferTo(socket.getOutputStream());
                socket.getOutputStream().flush();
                return;
            }
        }
        List<String> offered = List.of(head.header("sec-websocket-protocol").split("\\s*,\\s*", -1));
        Optional<String> protocol = PROTOCOLS.stream().filter(offered::contains).findFirst();
        if (protocol.isEmpty()) {
            socket.getOutputStream()
                    .write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            return;
        }
        socket.getOutputStream()
                .write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                + "Sec-WebSocket-Accept: " + WebSocket.accept(head.header("sec-websocket-key"))
                                + "\r\nSec-WebSocket-Protocol: " + protocol.get() + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        var web = new WebSocket(socket.getInputStream(), socket.getOutputStream());
        new ExecSession(order.get(), web, cut).run();
        drain(socket);
    }

    /// The caller closes first, so that it reads all of it.
    private static void drain(Socket socket) throws IOException {
        socket.setSoTimeout(2_000);
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
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

    /// The lines before a body.
    private record Head(String first, List<String> lines, Map<String, String> headers) {
        static Head read(InputStream in) throws IOException {
            var raw = new ByteArrayOutputStream();
            int ends = 0;
            while (ends < 4) {
                int b = in.read();
                if (b < 0 || raw.size() > LARGEST_HEAD) {
                    throw new IOException("no head");
                }
                raw.write(b);
                ends = b == (ends % 2 == 0 ? '\r' : '\n') ? ends + 1 : b == '\r' ? 1 : 0;
            }
            List<String> all = raw.toString(StandardCharsets.ISO_8859_1).lines().toList();
            List<String> lines = all.subList(1, all.size() - 1);
            var headers = new TreeMap<String, String>();
            for (String line : lines) {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    headers.merge(
                            line.substring(0, colon).toLowerCase(Locale.ROOT),
                            line.substring(colon + 1).strip(),
                            (one, two) -> one + ", " + two);
                }
            }
            return new Head(all.getFirst(), lines, headers);
        }

        String header(String name) {
            return headers.getOrDefault(name, "");
        }

        byte[] text(Set<String> without, String more) {
            var text = new StringBuilder(first).append("\r\n");
            for (String line : lines) {
                int colon = line.indexOf(':');
                if (colon > 0 && !without.contains(line.substring(0, colon).toLowerCase(Locale.ROOT))) {
                    text.append(line).append("\r\n");
                }
            }
            return text.append(more).append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        }
    }
}
