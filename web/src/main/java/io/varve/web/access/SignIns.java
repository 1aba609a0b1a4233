package io.varve.web.access;

import io.varve.acquisition.model.Organisation;
import io.varve.database.Audit;
import io.varve.database.Sessions;
import io.varve.database.Sessions.Session;
import io.varve.database.User;
import io.varve.database.Users;
import io.varve.evidence.Digest;
import io.varve.web.WebConfig;
import io.varve.web.problem.Code;
import io.varve.web.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// Signs people in by password and knows them again by their cookie.
@ApplicationScoped
public class SignIns {
    private static final int LONGEST = 200;
    /// Password checks at the same time: each costs a processor for a while.
    private static final int CHECKS = 2;

    private static final SecureRandom RANDOM = new SecureRandom();
    /// What an unknown user's password is compared with, so that it takes as long as a known one's.
    private static final String NOBODY = Passwords.hash(Passwords.generate());

    private final Users users;
    private final Sessions sessions;
    private final Audit audit;
    private final WebConfig config;
    private final Clock clock;
    private final SignInThrottle throttle = new SignInThrottle();
    private final Semaphore checks = new Semaphore(CHECKS);

    SignIns(Users users, Sessions sessions, Audit audit, WebConfig config, Clock clock) {
        this.users = users;
        this.sessions = sessions;
        this.audit = audit;
        this.config = config;
        this.clock = clock;
    }

    /// @param token what the cookie holds
    public record Signed(User user, String token, Duration length) {}

    Signed in(String name, String password, String address) throws InterruptedException {
        Instant now = clock.instant();
        Optional<Duration> wait = throttle.wait(name, address, now);
        if (wait.isPresent()) {
            throw new ProblemException(
                    Code.THROTTLED,
                    "Too many attempts. Try again in %d seconds."
                            .formatted(wait.get().toSeconds() + 1));
        }
        Optional<User> user = name.length() > LONGEST ? Optional.empty() : users.named(Organisation.DEFAULT, name);
        if (!isRight(user, password)) {
            throttle.failed(name, address, now);
            note(name, "sign_in_failed", address);
            throw new ProblemException(Code.UNAUTHORIZED, "User or password is wrong.");
        }
        throttle.succeeded(name, address);
        String token = token();
        Duration length = config.session().length();
        sessions.begin(new Session(digest(token), user.orElseThrow().id(), now, now.plus(length)));
        note(name, "signed_in", address);
        return new Signed(user.orElseThrow(), token, length);
    }

    Optional<User> known(String token) {
        return sessions.find(digest(token), clock.instant()).map(Sessions.SignedIn::user);
    }

    void out(String token) {
        sessions.end(digest(token));
    }

    private boolean isRight(Optional<User> user, String password) throws InterruptedException {
        // One that is too long costs its sender as much as any other.
        String checked = password.length() > LONGEST ? "" : password;
        checks.acquire();
        try {
            boolean same = Passwords.matches(checked, user.map(User::password).orElse(NOBODY));
            return same && user.isPresent();
        } finally {
            checks.release();
        }
    }

    private void note(String name, String action, String address) {
        String shown = name.length() > LONGEST ? name.substring(0, LONGEST) : name;
        audit.add(new Audit.Entry(clock.instant(), Organisation.DEFAULT, "user:" + shown, action, shown, "", address));
    }

    private static String token() {
        byte[] random = new byte[32];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    private static Digest digest(String token) {
        return Digest.of(token.getBytes(StandardCharsets.UTF_8));
    }
}
