package io.varve.provider.endpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// A network that is cut after a number of bytes sent by the agent, again and again, a few times.
final class FlakyProxy implements AutoCloseable {
    private final ServerSocket listener;
    private volatile int port;
    private final long every;
    private final AtomicLong left;
    private final AtomicInteger cuts = new AtomicInteger();
    private final int mostCuts;

    FlakyProxy(int port, long every, int mostCuts) throws IOException {
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.port = port;
        this.every = every;
        this.left = new AtomicLong(every);
        this.mostCuts = mostCuts;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /// New connections go there.
    void to(int server) {
        port = server;
    }

    int cuts() {
        return cuts.get();
    }

    private void accept() {
        while (true) {
            try {
                Socket agent = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
                Thread.ofVirtual().start(() -> pump(agent, server, true));
                Thread.ofVirtual().start(() -> pump(server, agent, false));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void pump(Socket from, Socket to, boolean counted) {
        byte[] buffer = new byte[1 << 12];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
                if (counted && left.addAndGet(-count) < 0 && cuts.get() < mostCuts) {
                    left.set(every);
                    cuts.incrementAndGet();
                    return;
                }
            }
        } catch (IOException e) {
            // The other direction closed the sockets.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
