package io.varve.provider.aws;

import io.varve.provider.ProviderException;
import io.varve.provider.Waiting;
import java.time.Duration;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/// Calls that AWS allows a few of a second, made by clients that do not repeat by themselves: one that came too fast is
/// made again after a while, one that AWS or the line broke a few times.
record Asking(Waiting waiting) {
    private static final int MOST_WAITS = 30;
    private static final int MOST_BREAKS = 4;
    private static final Duration LONGEST = Duration.ofSeconds(8);

    /// @param what goes on with a colon and why it failed, e.g. `looking up events`
    <T> T call(String what, Supplier<T> call) throws ProviderException, InterruptedException {
        Duration pause = Duration.ofMillis(500);
        int breaks = 0;
        for (int waits = 0; ; waits++) {
            try {
                return call.get();
            } catch (SdkException e) {
                boolean tooMany = e instanceof AwsServiceException answer && Errors.isTooMany(answer);
                boolean broken = !(e instanceof AwsServiceException answer) || answer.statusCode() >= 500;
                boolean again = tooMany ? waits < MOST_WAITS : broken && ++breaks < MOST_BREAKS;
                if (!again) {
                    throw Errors.of(what, e);
                }
            }
            waiting.pass(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : pause.multipliedBy(2);
        }
    }
}
