package io.varve.evidence.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/// Repeats what failed only because the target or the way to it was out of breath.
final class Attempts {
    private static final int MOST = 5;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

    private Attempts() {}

    @FunctionalInterface
    interface Call<T> {
        T run() throws IOException;
    }

    static <T> T of(BooleanSupplier repeatable, Call<T> call) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return call.run();
            } catch (IOException e) {
                if (!repeatable.getAsBoolean() || attempt == MOST || !passing(e)) {
                    throw e;
                }
                pause(FIRST_PAUSE.multipliedBy(1L << (attempt - 1)));
            }
        }
    }

    private static boolean passing(IOException e) {
        return switch (e) {
            case S3Error error -> error.passing();
            case InterruptedIOException interrupted -> interrupted instanceof java.net.SocketTimeoutException;
            case java.net.UnknownHostException unknown -> false;
            default -> true;
        };
    }

    private static void pause(Duration pause) throws IOException {
        long most = pause.toMillis();
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the object store");
        }
    }
}
