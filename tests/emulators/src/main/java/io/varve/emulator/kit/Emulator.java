package io.varve.emulator.kit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// A vendor's HTTP server on a free port of 127.0.0.1. A vendor extends it with what it answers; recording and
/// injected faults are done here, so they hold for every vendor.
public abstract class Emulator implements AutoCloseable {
    private static final int LARGEST_BODY = 256 << 20;
    private static final int CHUNK = 64 << 10;

    static {
        // else every answer on a kept connection waits 40 ms for an acknowledgement
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final TestClock clock;
    private final Recorder recorder = new Recorder();
    private final Faults faults = new Faults();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    protected Emulator(TestClock clock) {
        this(clock, Optional.empty());
    }

    /// @param certificate for a server that speaks https only
    protected Emulator(TestClock clock, Optional<TestCertificate> certificate) {
        this.clock = clock;
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try {
            if (certificate.isPresent()) {
                HttpsServer https = HttpsServer.create(address, 256);
                https.setHttpsConfigurator(
                        new HttpsConfigurator(certificate.get().server()));
                server = https;
            } else {
                server = HttpServer.create(address, 256);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
    }

    /// What the vendor answers: sign-in, throttling and routing are all in here.
    protected abstract Response answer(Call call) throws IOException;

    /// The vendor's answer to too many calls.
    protected abstract Response tooMany(Call call);

    /// The vendor's answer when it is broken itself.
    protected abstract Response broken(Call call, int status);

    /// Call it once, when the vendor is complete.
    public void start() {
        server.createContext("/", this::serve);
        server.start();
    }

    /// Such as `http://127.0.0.1:41234`, without a slash at the end.
    public URI url() {
        String scheme = server instanceof HttpsServer ? "https" : "http";
        return URI.create(scheme + "://127.0.0.1:" + server.getAddress().getPort());
    }

    public TestClock clock() {
        return clock;
    }

    public Recorder recorder() {
        return recorder;
    }

    public Faults faults() {
        return faults;
    }

    public void assertNoContainmentCalls() {
        recorder.assertNoContainmentCalls();
    }

    @Override
    public void close() {
        server.stop(0);
        end(threads);
    }

    /// Interrupts what runs, and waits until it is over.
    protected static void end(ExecutorService threads) {
        threads.shutdownNow();
        try {
            threads.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
            var call = new Call(request(exchange, body));
            long number = recorder.arrived(call);
            Optional<Fault> fault = faults.due(call);
            var delivery = new Delivery(number, call, fault);
            try {
                deliver(exchange, delivery, body.length > LARGEST_BODY);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                delivery.record();
            }
            if (fault.orElse(Fault.drop()) instanceof Fault.After after) {
                after.what().run();
            }
        }
    }

    private Request request(HttpExchange exchange, byte[] body) {
        URI target = exchange.getRequestURI();
        String query = target.getRawQuery();
        var headers = new LinkedHashMap<String, List<String>>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
        return new Request(
                exchange.getRequestMethod(),
                target.getPath(),
                target.getRawPath() + (query == null ? "" : "?" + query),
                headers,
                body,
                clock.instant());
    }

    private void deliver(HttpExchange exchange, Delivery delivery, boolean tooLarge)
            throws IOException, InterruptedException {
        Fault fault = delivery.fault.orElse(new Fault.Before(() -> {}));
        if (fault instanceof Fault.Drop) {
            return;
        }
        if (fault instanceof Fault.Before before) {
            before.what().run();
        }
        if (fault instanceof Fault.Hold hold) {
            pause(hold.until(), TimeUnit.MINUTES.toMillis(1));
        }
        Response response = tooLarge ? Response.empty(413) : response(delivery.call, fault);
        switch (fault) {
            case Fault.Drop _, Fault.DropAnswer _ -> {
                return;
            }
            case Fault.Delay delay -> pause(new CountDownLatch(1), delay.time().toMillis());
            default -> {}
        }
        send(exchange, delivery, response, fault);
    }

    private static void pause(CountDownLatch until, long millis) throws InterruptedException {
        until.await(millis, TimeUnit.MILLISECONDS);
    }

    private Response response(Call call, Fault fault) {
        if (fault instanceof Fault.TooMany) {
            return tooMany(call);
        }
        if (fault instanceof Fault.Broken broken) {
            return broken(call, broken.status());
        }
        try {
            return answer(call);
        } catch (IOException | RuntimeException e) {
            return Response.text(599, "the emulator itself failed: " + e);
        }
    }

    private static void send(HttpExchange exchange, Delivery delivery, Response response, Fault fault)
            throws IOException {
        long length = response.body().length();
        response.headers().forEach(exchange.getResponseHeaders()::set);
        delivery.status = response.status();
        boolean bodiless = length == 0 || exchange.getRequestMethod().equals("HEAD");
        if (bodiless) {
            delivery.record();
            exchange.sendResponseHeaders(response.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(response.status(), length);
        long keep = fault instanceof Fault.Truncated truncated ? length * truncated.keep() / 1000 : length;
        try (InputStream in = response.body().open()) {
            copy(in, exchange.getResponseBody(), keep, length / 2, delivery);
        }
        if (keep == length) {
            exchange.getResponseBody().close();
        }
    }

    private static void copy(InputStream in, OutputStream out, long keep, long half, Delivery delivery)
            throws IOException {
        byte[] buffer = new byte[CHUNK];
        while (delivery.sent < keep) {
            long stop = delivery.sent < half ? half : keep;
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, Math.min(stop, keep) - delivery.sent));
            if (read < 0) {
                throw new IOException("the body ended before its length");
            }
            if (delivery.sent == half) {
                middle(buffer, delivery);
            }
            delivery.sent += read;
            if (delivery.sent == keep) {
                // before the caller has it all: a test that asks then finds it
                delivery.record();
            }
            out.write(buffer, 0, read);
        }
        out.flush();
    }

    private static void middle(byte[] buffer, Delivery delivery) {
        switch (delivery.fault.orElse(new Fault.Before(() -> {}))) {
            case Fault.Altered _ -> buffer[0] ^= 0x55;
            case Fault.Midway midway -> midway.what().run();
            default -> {}
        }
    }

    /// One answer on its way out.
    private final class Delivery {
        private final long number;
        private final Call call;
        private final Optional<Fault> fault;
        private int status;
        private long sent;

        private Delivery(long number, Call call, Optional<Fault> fault) {
            this.number = number;
            this.call = call;
            this.fault = fault;
        }

        private void record() {
            recorder.answered(
                    number, call, status, sent, fault.map(Fault::label).orElse(""));
        }
    }

    /// For headers that are the same in every answer of a vendor.
    protected static Response withAll(Response response, Map<String, String> headers) {
        Response all = response;
        for (Map.Entry<String, String> header : headers.entrySet()) {
            all = all.with(header.getKey(), header.getValue());
        }
        return all;
    }
}
