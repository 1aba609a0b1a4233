package io.varve.web.alert;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.Alerts;
import io.varve.acquisition.model.Organisation;
import io.varve.acquisition.source.AlertBody;
import io.varve.acquisition.source.AlertSource;
import io.varve.acquisition.source.UnreadableAlertException;
import io.varve.web.WebConfig;
import io.varve.web.problem.Code;
import io.varve.web.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.Optional;

/// Takes alerts in: kept raw, which queues them for reading. Of bodies that come at the same time a few are held in
/// memory, and no more alerts are taken than may wait to be read: their sender is told when to come back.
@ApplicationScoped
public class AlertInbox {
    /// A body that is too large is read away up to here, so that its sender gets to see the answer.
    private static final int READ_AWAY = 32 << 20;

    private final Alerts alerts;
    private final Backlog backlog;
    private final Gate bodies;
    private final Gate checks;
    private final Clock clock;

    AlertInbox(Alerts alerts, WebConfig config, Clock clock) {
        WebConfig.Alerts limits = config.alerts();
        this.alerts = alerts;
        this.backlog = new Backlog(alerts, limits.backlog(), clock);
        this.bodies = new Gate(limits.bodies(), limits.patience());
        this.checks = new Gate(limits.checks(), limits.patience());
        this.clock = clock;
    }

    AlertId receive(Organisation organisation, String source, InputStream body) throws IOException {
        if (AlertSource.named(source).isEmpty()) {
            throw new ProblemException(Code.UNKNOWN_SOURCE, "There is no alert source of this name.");
        }
        return take(organisation, body, raw -> keep(organisation, source, raw));
    }

    /// What is done with a body that was received and can be read.
    @FunctionalInterface
    interface Keeping {
        AlertId keep(byte[] raw) throws IOException;
    }

    /// Receives a body when there is room for it.
    AlertId take(Organisation organisation, InputStream body, Keeping keeping) throws IOException {
        backlog.check(organisation);
        return bodies.pass(() -> keeping.keep(readable(body)));
    }

    private AlertId keep(Organisation organisation, String source, byte[] raw) {
        AlertId id = AlertId.mint();
        var alert = new Alert(
                id,
                organisation,
                source,
                clock.instant(),
                Alert.State.RECEIVED,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        QuarkusTransaction.requiringNew().run(() -> alerts.receive(alert, raw));
        return id;
    }

    private byte[] readable(InputStream body) throws IOException {
        byte[] raw = body.readNBytes(AlertBody.LARGEST + 1);
        if (raw.length > AlertBody.LARGEST) {
            body.skip(READ_AWAY);
            throw new ProblemException(
                    Code.TOO_LARGE, "An alert may have at most %d bytes.".formatted(AlertBody.LARGEST));
        }
        checks.pass(() -> check(raw));
        return raw;
    }

    private static int check(byte[] raw) {
        try {
            return AlertBody.read(raw).size();
        } catch (UnreadableAlertException e) {
            throw ProblemException.badRequest("The alert cannot be read: " + e.getMessage() + ".");
        }
    }
}
