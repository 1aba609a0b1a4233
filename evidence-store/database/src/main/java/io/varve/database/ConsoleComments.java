package io.varve.database;

import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.IntegrationId;
import io.varve.acquisition.model.Organisation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Comments left on vendors' alerts.
public interface ConsoleComments {
    /// Whether this was said about the alert already.
    boolean said(IntegrationId integration, AlertId alert, String text);

    /// Keeps what was said, or why it could not be; a later success replaces a problem.
    void save(Comment comment);

    /// Newest first.
    List<Comment> ofAlert(AlertId alert);

    record Comment(
            Organisation organisation,
            IntegrationId integration,
            AlertId alert,
            String text,
            Instant at,
            Optional<String> problem) {}
}
