package io.varve.provider.http;

import io.varve.provider.Connection;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.Waiting;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/// Sends calls to one vendor and hands its answers back whatever their status, except two: when calls come too fast
/// it waits as the vendor says, and what can be repeated is repeated when the vendor's servers fail.
public final class VendorHttp {
    /// Longest body of an answer that is kept in memory.
    private static final int LONGEST_BODY = 64 << 20;

    private static final int TRIES = 4;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    /// A longer wait gives the worker's thread back: the caller is told to come again.
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(75);

    private static final int MOST_WAITS = 20;

    private final HttpClient client;
    private final Throttle throttle;
    private final Clock clock;
    private final Waiting waiting;

    public VendorHttp(Connection connection, Throttle throttle, Clock clock, Waiting waiting) throws ProviderException {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(20))
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1);
        Trust.of(connection).ifPresent(builder::sslContext);
        this.client = builder.build();
        this.throttle = throttle;
        this.clock = clock;
        this.waiting = waiting;
    }

    /// @throws ProviderException THROTTLED when the vendor wants a longer wait than a thread should sleep; FAILED when
    /// it does not answer
    public Answer send(Call call) throws ProviderException, InterruptedException {
        return repeat(call, this::once);
    }

    /// Writes the body of a good answer to a file; the answer's own body is empty then. Any other
    /// answer is handed back with its body, and no file is left.
    ///
    /// @param most longest body taken
    public Answer download(Call call, Path target, long most) throws ProviderException, InterruptedException {
        return repeat(call, one -> saved(one, target, most));
    }

    @FunctionalInterface
    private interface Attempt {
        Answer send(Call call) throws IOException, InterruptedException, ProviderException;
    }

    private Answer repeat(Call call, Attempt attempt) throws ProviderException, InterruptedException {
        Duration pause = FIRST_PAUSE;
        int failures = 0;
        int waits = 0;
        while (true) {
            try {
                Answer answer = attempt.send(call);
                Optional<Duration> wait = throttle.wait(answer, clock.instant());
                if (wait.isPresent()) {
                    if (++waits > MOST_WAITS || wait.get().compareTo(LONGEST_WAIT) > 0) {
                        throw new ProviderException(
                                Kind.THROTTLED,
                                "%s: the vendor wants us to wait %d s"
                                        .formatted(call, wait.get().toSeconds()),
                                wait);
                    }
                    waiting.pass(wait.get());
                    continue;
                }
                if (answer.status() < 500 || !call.repeatable() || ++failures >= TRIES) {
                    return answer;
                }
            } catch (IOException e) {
                if (!call.repeatable() || ++failures >= TRIES) {
                    throw new ProviderException(
                            Kind.FAILED,
                            "%s: no answer (%s)".formatted(call, e.getClass().getSimpleName() + said(e)));
                }
            }
            waiting.pass(pause);
            pause = pause.multipliedBy(2);
        }
    }

    private static String said(IOException e) {
        return e.getMessage() == null ? "" : ": " + e.getMessage();
    }

    private Answer once(Call call) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = client.send(request(call), BodyHandlers.ofInputStream());
        return answer(response);
    }

    private static Answer answer(HttpResponse<InputStream> response) throws IOException {
        try (InputStream body = response.body()) {
            byte[] bytes = body.readNBytes(LONGEST_BODY);
            if (bytes.length == LONGEST_BODY && body.read() >= 0) {
                throw new IOException("an answer longer than %d bytes".formatted(LONGEST_BODY));
            }
            return new Answer(response.statusCode(), response.headers(), bytes);
        }
    }

    private Answer saved(Call call, Path target, long most)
            throws IOException, InterruptedException, ProviderException {
        HttpResponse<InputStream> response = client.send(request(call), BodyHandlers.ofInputStream());
        if (response.statusCode() / 100 != 2) {
            return answer(response);
        }
        try (InputStream body = response.body();
                OutputStream file = Files.newOutputStream(target)) {
            copy(body, file, most, call);
        } catch (IOException | ProviderException e) {
            Files.deleteIfExists(target);
            throw e;
        }
        return new Answer(response.statusCode(), response.headers(), new byte[0]);
    }

    private static void copy(InputStream body, OutputStream file, long most, Call call)
            throws IOException, ProviderException {
        byte[] buffer = new byte[1 << 16];
        long left = most;
        for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
            left -= read;
            if (left < 0) {
                throw new ProviderException(
                        Kind.REFUSED, "%s: sends more than the %d bytes it should".formatted(call, most));
            }
            file.write(buffer, 0, read);
        }
    }

    private static HttpRequest request(Call call) throws IOException {
        HttpRequest.Builder builder = HttpRequest.newBuilder(call.uri())
                .timeout(call.timeout())
                .method(call.method(), call.body().publisher());
        call.headers().forEach(builder::setHeader);
        return builder.build();
    }
}
