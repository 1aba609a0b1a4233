package io.varve.database.stored;

import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.IntegrationId;
import io.varve.acquisition.model.Organisation;
import io.varve.database.ConsoleComments.Comment;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "console_comment")
@SuppressWarnings("NullAway.Init")
class ConsoleCommentRow {
    @Id
    UUID id;

    String organisation;
    UUID integration;
    UUID alert;
    String text;
    Instant leftAt;

    @Nullable
    String problem;

    Comment comment() {
        return new Comment(
                new Organisation(organisation),
                new IntegrationId(integration),
                new AlertId(alert),
                text,
                leftAt,
                Optional.ofNullable(problem));
    }
}
