package io.varve.provider.crowdstrike;

import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.crowdstrike.Rtr.Opened;
import io.varve.provider.crowdstrike.Rtr.Output;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// The session on one host: opened when it is needed, kept alive, opened again when it expired. Captures take turns,
/// because a session has one current folder.
final class RtrSession {
    /// Sessions end after ten minutes, by older texts after five.
    private static final Duration REFRESH_EVERY = Duration.ofMinutes(4);

    private static final int MOST_LOSSES = 4;

    private final Rtr rtr;
    private final String aid;
    private final ReentrantLock lock = new ReentrantLock(true);
    private final Set<String> ours = new HashSet<>();
    private Optional<Current> current = Optional.empty();

    private record Current(Opened opened, Instant refreshed) {}

    RtrSession(Rtr rtr, String aid) {
        this.rtr = rtr;
        this.aid = aid;
    }

    String aid() {
        return aid;
    }

    /// Commands that belong together; nobody else's come between them. All of them are run again when the session is
    /// lost on the way.
    @FunctionalInterface
    interface Work<T> {
        T in(Commands commands) throws ProviderException, InterruptedException, SessionLostException;
    }

    /// Runs commands in one session.
    final class Commands {
        private final Opened opened;

        private Commands(Opened opened) {
            this.opened = opened;
        }

        String session() {
            return opened.session();
        }

        /// The folder that is current when nobody changed it; somebody else may count on it.
        String folder() {
            return opened.folder();
        }

        Output run(RtrCommand command, Duration longest)
                throws ProviderException, InterruptedException, SessionLostException {
            return ask(command, longest).output();
        }

        Rtr.Asked ask(RtrCommand command, Duration longest)
                throws ProviderException, InterruptedException, SessionLostException {
            return rtr.run(opened.session(), command, longest);
        }
    }

    /// @throws ProviderException OFFLINE when the host does not answer
    <T> T together(Work<T> work) throws ProviderException, InterruptedException {
        lock.lockInterruptibly();
        try {
            for (int losses = 0; ; ) {
                try {
                    return work.in(new Commands(alive()));
                } catch (SessionLostException e) {
                    current = Optional.empty();
                    if (++losses == MOST_LOSSES) {
                        throw new ProviderException(
                                Kind.FAILED,
                                "the session on %s was lost %d times: %s".formatted(aid, losses, e.getMessage()),
                                Optional.of(Duration.ofSeconds(30)));
                    }
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /// Keeps the session alive while something else is waited for.
    void touch() throws ProviderException, InterruptedException {
        together(Commands::session);
    }

    /// This session is over: the next command opens another.
    void lost(String session) {
        lock.lock();
        try {
            current = current.filter(one -> !one.opened.session().equals(session));
        } finally {
            lock.unlock();
        }
    }

    /// Says that a session is ours, found in what a capture stored before a crash.
    void recognise(String session) {
        lock.lock();
        try {
            ours.add(session);
        } finally {
            lock.unlock();
        }
    }

    /// True when we opened it, so that we may end it.
    boolean owns(String session) {
        lock.lock();
        try {
            return ours.contains(session);
        } finally {
            lock.unlock();
        }
    }

    private Opened alive() throws ProviderException, InterruptedException, SessionLostException {
        Instant now = rtr.falcon().clock().instant();
        if (current.isEmpty()) {
            use(rtr.open(aid), now);
        } else if (!now.isBefore(current.get().refreshed.plus(REFRESH_EVERY))) {
            Opened before = current.get().opened;
            Opened refreshed = rtr.refresh(aid);
            use(refreshed.session().equals(before.session()) ? before : refreshed, now);
        }
        return current.get().opened;
    }

    private void use(Opened opened, Instant now) {
        if (opened.fresh()) {
            ours.add(opened.session());
        }
        current = Optional.of(new Current(opened, now));
    }

    /// Ends it when we opened it; somebody else's is left to them. Never throws: it expires by itself.
    void end() {
        lock.lock();
        try {
            if (current.isPresent() && ours.contains(current.get().opened.session())) {
                rtr.end(current.get().opened.session());
            }
        } catch (ProviderException e) {
            // it expires after ten minutes
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            current = Optional.empty();
            lock.unlock();
        }
    }
}
