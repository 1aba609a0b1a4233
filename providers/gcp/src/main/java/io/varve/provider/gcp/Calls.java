package io.varve.provider.gcp;

import com.google.auth.oauth2.GoogleCredentials;
import io.varve.provider.Pauses;
import io.varve.provider.ProviderException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// Calls of Google's services: slower when there were too many, again when the service or the line failed, with a new
/// token when the old one is not taken any more. Anything else is an answer.
///
/// What makes something is repeated, too: everything we make has a name of its own or a request id, so that the second
/// request for it is known.
///
/// Nothing is asked again for a capture that was cancelled meanwhile.
final class Calls {
    private static final int ATTEMPTS = 8;
    private static final int OFFLINE = 4;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final GoogleCredentials credentials;
    private final Pauses pauses;

    Calls(GoogleCredentials credentials, Pauses pauses) {
        this.credentials = credentials;
        this.pauses = pauses;
    }

    @FunctionalInterface
    interface Call<T> {
        /// @throws ProviderException an answer that asking again does not mend
        T send() throws IOException, ProviderException;
    }

    /// @param what for a message, e.g. `looking for web-1`
    <T> T of(String what, Call<T> call) throws ProviderException, InterruptedException {
        try {
            return answer(what, call);
        } catch (RefusedException e) {
            throw e.refusal.problem(what);
        }
    }

    /// Empty when there is no such thing.
    <T> Optional<T> find(String what, Call<T> call) throws ProviderException, InterruptedException {
        try {
            return Optional.ofNullable(answer(what, call));
        } catch (RefusedException e) {
            if (e.refusal.isGone()) {
                return Optional.empty();
            }
            throw e.refusal.problem(what);
        }
    }

    /// Empty when something of this name was made before.
    <T> Optional<T> make(String what, Call<T> call) throws ProviderException, InterruptedException {
        try {
            return Optional.of(answer(what, call));
        } catch (RefusedException e) {
            if (e.refusal.isTaken()) {
                return Optional.empty();
            }
            throw e.refusal.problem(what);
        }
    }

    private static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;
        private final transient Refusal refusal;

        private RefusedException(Refusal refusal) {
            super(refusal.message());
            this.refusal = refusal;
        }
    }

    private <T> T answer(String what, Call<T> call) throws RefusedException, ProviderException, InterruptedException {
        Duration pause = FIRST_PAUSE;
        boolean renewed = false;
        for (int attempt = 1; ; attempt++) {
            Refusal refusal;
            try {
                return call.send();
            } catch (IOException | RuntimeException e) {
                if (e instanceof RuntimeException bug && !Refusal.isOf(e)) {
                    throw bug;
                }
                refusal = Refusal.of(e);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while Google was asked");
            }
            if (refusal.isExpired() && !renewed) {
                renewed = true;
                renew(refusal);
                continue;
            }
            boolean again = refusal.isTooMany() || refusal.isPassing();
            if (!again || attempt == (refusal.status() == 0 ? OFFLINE : ATTEMPTS)) {
                throw new RefusedException(refusal);
            }
            pauses.pass(pause, what);
            Duration twice = pause.multipliedBy(2);
            pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
        }
    }

    private void renew(Refusal refused) throws RefusedException {
        try {
            credentials.refresh();
        } catch (IOException e) {
            throw new RefusedException(new Refusal(refused.status(), refused.reason(), refused.message()));
        }
    }
}
