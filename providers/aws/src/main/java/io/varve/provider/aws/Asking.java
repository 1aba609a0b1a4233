package io.varve.provider.aws;

import io.varve.provider.Pages;
import io.varve.provider.Pauses;
import io.varve.provider.ProviderException;
import java.time.Duration;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/// Calls that AWS allows a few of a second, made by clients that do not repeat by themselves: one that came too fast is
/// made again after a while, one that AWS or the line broke a few times.
record Asking(Pauses pauses) {
    /// More than 90 days of anything have.
    private static final int MOST_PAGES = 100_000;

    private static final int MOST_WAITS = 30;
    private static final int MOST_BREAKS = 4;
    private static final Duration LONGEST = Duration.ofSeconds(8);

    /// Counts the pages of one list.
    static Pages pages(String what) {
        return new Pages(what, MOST_PAGES);
    }

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
            pauses.pass(pause, what);
            pause = pause.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : pause.multipliedBy(2);
        }
    }
}
