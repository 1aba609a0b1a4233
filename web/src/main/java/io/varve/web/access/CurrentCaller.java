package io.varve.web.access;

import io.varve.acquisition.model.Organisation;
import io.varve.database.Audit;
import io.varve.web.problem.Code;
import io.varve.web.problem.ProblemException;
import jakarta.enterprise.context.RequestScoped;
import java.time.Clock;
import java.util.Optional;

/// The caller of this request, and what is written down about it.
@RequestScoped
public class CurrentCaller {
    private final Audit audit;
    private final Clock clock;
    private Optional<Caller> caller = Optional.empty();

    CurrentCaller(Audit audit, Clock clock) {
        this.audit = audit;
        this.clock = clock;
    }

    void is(Caller known) {
        caller = Optional.of(known);
    }

    public Caller caller() {
        return caller.orElseThrow(() -> new ProblemException(Code.UNAUTHORIZED, "Sign in, or send a key."));
    }

    /// Refuses a caller without this scope.
    public void require(Scope scope) {
        if (!caller().may(scope)) {
            throw new ProblemException(Code.FORBIDDEN, "The key lacks the scope for this.");
        }
    }

    public Organisation organisation() {
        return caller().organisation();
    }

    /// Keeps what the caller did.
    public void did(String action, String subject, String detail) {
        Caller who = caller();
        audit.add(new Audit.Entry(
                clock.instant(), who.organisation(), who.name(), action, subject, detail, who.address()));
    }
}
