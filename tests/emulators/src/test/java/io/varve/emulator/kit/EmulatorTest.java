package io.varve.emulator.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("contained")
final class EmulatorTest {
    private static final int SIZE = 300_000;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Vendor vendor = new Vendor();

    /// A vendor with a file, an echo and a way to isolate.
    private static final class Vendor extends Emulator {
        private final Throttle throttle = new Throttle(clock(), 3, Duration.ofMinutes(1));
        private final Routes routes = new Routes()
                .on("GET", "/file", call -> Response.bytes(200, "application/octet-stream", new byte[SIZE]))
                .on("POST", "/hosts/{id}/isolate", this::isolate)
                .on("POST", "/echo", call -> Response.text(201, call.request().text()))
                .on("GET", "/limited", this::limited);

        Vendor() {
            super(TestClock.stoppedAt(Instant.parse("2026-01-01T00:00:00Z")));
        }

        private Response isolate(Call call) {
            call.from("client-1");
            call.containment("isolate " + call.variable("id"));
            return Response.text(202, "accepted");
        }

        private Response limited(Call call) {
            Throttle.Decision decision = throttle.take("limited");
            return decision.allowed()
                    ? Response.text(200, Integer.toString(decision.remaining()))
                    : tooMany(call).with("Retry-After", Long.toString(decision.secondsLeft(clock())));
        }

        @Override
        protected Response answer(Call call) throws IOException {
            var handler = routes.find(call);
            return handler.isPresent() ? handler.get().answer(call) : Response.text(404, "no such thing");
        }

        @Override
        protected Response tooMany(Call call) {
            return Response.text(429, "slow down");
        }

        @Override
        protected Response broken(Call call, int status) {
            return Response.text(status, "oops");
        }
    }

    @BeforeEach
    void start() {
        vendor.start();
    }

    @AfterEach
    void stop() {
        vendor.close();
    }

    @Test
    void requests_are_routed_and_recorded_without_secrets() throws Exception {
        assertThat(post("/echo?token=abc&page=2", "hello").body()).isEqualTo("hello");
        assertThat(get("/nothing").statusCode()).isEqualTo(404);
        RecordedCall echo = vendor.recorder().calls("POST", "/ec*").getFirst();
        assertThat(echo.status()).isEqualTo(201);
        assertThat(echo.sent()).isEqualTo(5);
        assertThat(echo.parameter("page")).isEqualTo("2");
        assertThat(echo.toString()).doesNotContain("abc");
        assertThat(vendor.recorder().count("GET", "*")).isEqualTo(1);
    }

    @Test
    void a_containment_call_is_answered_and_found() throws Exception {
        vendor.assertNoContainmentCalls();
        assertThat(post("/hosts/h1/isolate", "").statusCode()).isEqualTo(202);
        assertThatThrownBy(vendor::assertNoContainmentCalls)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("isolate h1")
                .hasMessageContaining("client-1");
    }

    @Test
    void more_calls_than_allowed_are_refused_until_the_window_ends() throws Exception {
        for (int i = 2; i >= 0; i--) {
            assertThat(get("/limited").body()).isEqualTo(Integer.toString(i));
        }
        vendor.clock().advance(Duration.ofSeconds(20));
        HttpResponse<byte[]> refused = bytes("/limited");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("retry-after")).contains("40");
        vendor.clock().advance(Duration.ofSeconds(40));
        assertThat(get("/limited").statusCode()).isEqualTo(200);
    }

    @Test
    void connections_drop_and_bodies_end_early() throws Exception {
        var file = CallFilter.of("GET", "/file");
        vendor.faults().next(file, Fault.truncated());
        assertThatThrownBy(() -> bytes("/file")).isInstanceOf(IOException.class);
        vendor.faults().next(2, file, Fault.dropAnswer());
        assertThatThrownBy(() -> bytes("/file")).isInstanceOf(IOException.class);
        vendor.faults().clear();
        assertThat(bytes("/file").body()).hasSize(SIZE);
        assertThat(vendor.recorder().calls("GET", "/file").getFirst().sent()).isEqualTo(SIZE / 2);
        vendor.faults().next(2, CallFilter.of("POST", "*"), Fault.drop());
        assertThatThrownBy(() -> post("/echo", "x")).isInstanceOf(IOException.class);
    }

    @Test
    void a_body_arrives_with_another_byte() throws Exception {
        vendor.faults().after(1, 1, CallFilter.any(), Fault.altered());
        assertThat(bytes("/file").body()).isEqualTo(new byte[SIZE]);
        byte[] altered = bytes("/file").body();
        byte[] expected = new byte[SIZE];
        assertThat(Arrays.mismatch(altered, expected)).isEqualTo(SIZE / 2);
        altered[SIZE / 2] = 0;
        assertThat(altered).isEqualTo(expected);
    }

    @Test
    void storms_and_failures_come_in_the_vendors_shape_and_pass() throws Exception {
        vendor.faults().next(3, CallFilter.any(), Fault.tooMany()).after(3, 1, CallFilter.any(), Fault.broken());
        for (int i = 0; i < 3; i++) {
            assertThat(get("/file").body()).isEqualTo("slow down");
        }
        assertThat(get("/file").statusCode()).isEqualTo(500);
        assertThat(get("/file").statusCode()).isEqualTo(200);
    }

    @Test
    void something_else_happens_at_the_nth_call() throws Exception {
        var happened = new AtomicInteger();
        var latch = new CountDownLatch(1);
        vendor.faults()
                .at(2, CallFilter.any(), happened::incrementAndGet)
                .midway(3, CallFilter.of("GET", "/file"), happened::incrementAndGet)
                .after(3, 1, CallFilter.any(), Fault.hold(latch));
        get("/file");
        assertThat(happened).hasValue(0);
        get("/file");
        assertThat(happened).hasValue(1);
        assertThat(bytes("/file").body()).hasSize(SIZE);
        assertThat(happened).hasValue(2);
        var held = client.sendAsync(request("/file").build(), HttpResponse.BodyHandlers.discarding());
        assertThat(held).isNotDone();
        latch.countDown();
        assertThat(held.get().statusCode()).isEqualTo(200);
    }

    @Test
    void something_else_happens_after_the_nth_answer() throws Exception {
        var answered = new CountDownLatch(1);
        vendor.faults().afterwards(2, CallFilter.of("GET", "/file"), answered::countDown);
        assertThat(bytes("/file").body()).hasSize(SIZE);
        assertThat(answered.getCount()).isEqualTo(1);
        assertThat(bytes("/file").body()).hasSize(SIZE);
        assertThat(answered.await(10, TimeUnit.SECONDS)).isTrue();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(vendor.url() + path)).timeout(Duration.ofSeconds(20));
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<byte[]> bytes(String path) throws Exception {
        return client.send(request(path).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return client.send(
                request(path)
                        .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
