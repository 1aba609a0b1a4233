package io.varve.web.alert;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.Alerts;
import io.varve.acquisition.model.Organisation;
import io.varve.acquisition.source.AlertBody;
import io.varve.acquisition.source.AlertSource;
import io.varve.acquisition.source.UnreadableAlertException;
import io.varve.database.Tasks;
import io.varve.web.problem.Code;
import io.varve.web.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/// Takes alerts in: kept raw and queued for reading, both or neither.
@ApplicationScoped
public class AlertInbox {
    /// A body that is too large is read away up to here, so that its sender gets to see the answer.
    private static final int READ_AWAY = 32 << 20;

    private final Alerts alerts;
    private final SchedulerClient queue;
    private final Clock clock;

    AlertInbox(Alerts alerts, SchedulerClient queue, Clock clock) {
        this.alerts = alerts;
        this.queue = queue;
        this.clock = clock;
    }

    AlertId receive(Organisation organisation, String source, InputStream body) throws IOException {
        if (AlertSource.named(source).isEmpty()) {
            throw new ProblemException(Code.UNKNOWN_SOURCE, "There is no alert source of this name.");
        }
        byte[] raw = readable(body);
        AlertId id = AlertId.mint();
        Instant now = clock.instant();
        var alert = new Alert(
                id,
                organisation,
                source,
                now,
                Alert.State.RECEIVED,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        QuarkusTransaction.requiringNew().run(() -> {
            alerts.receive(alert, raw);
            Tasks.queue(queue, Tasks.NORMALISE_ALERT, id.toString(), now);
        });
        return id;
    }

    static byte[] readable(InputStream body) throws IOException {
        byte[] raw = body.readNBytes(AlertBody.LARGEST + 1);
        if (raw.length > AlertBody.LARGEST) {
            body.skip(READ_AWAY);
            throw new ProblemException(
                    Code.TOO_LARGE, "An alert may have at most %d bytes.".formatted(AlertBody.LARGEST));
        }
        try {
            AlertBody.read(raw);
        } catch (UnreadableAlertException e) {
            throw ProblemException.badRequest("The alert cannot be read: " + e.getMessage() + ".");
        }
        return raw;
    }
}
