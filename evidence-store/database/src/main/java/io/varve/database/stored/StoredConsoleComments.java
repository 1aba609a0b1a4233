package io.varve.database.stored;

import io.varve.acquisition.model.AlertId;
import io.varve.acquisition.model.IntegrationId;
import io.varve.database.ConsoleComments;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.StatelessSession;

@ApplicationScoped
@Transactional
class StoredConsoleComments implements ConsoleComments {
    private final StatelessSession session;

    @Inject
    StoredConsoleComments(StatelessSession session) {
        this.session = session;
    }

    @Override
    public boolean said(IntegrationId integration, AlertId alert, String text) {
        return row(integration, alert, text).filter(row -> row.problem == null).isPresent();
    }

    @Override
    public void save(Comment comment) {
        ConsoleCommentRow row =
                row(comment.integration(), comment.alert(), comment.text()).orElseGet(ConsoleCommentRow::new);
        boolean known = row.text != null;
        row.organisation = comment.organisation().value();
        row.integration = comment.integration().value();
        row.alert = comment.alert().value();
        row.text = comment.text();
        row.leftAt = comment.at();
        row.problem = comment.problem().map(PlainText::storable).orElse(null);
        if (known) {
            session.update(row);
        } else {
            row.id = UUID.randomUUID();
            session.insert(row);
        }
    }

    @Override
    public List<Comment> ofAlert(AlertId alert) {
        return session.createSelectionQuery(
                        "from ConsoleCommentRow where alert = :alert order by leftAt desc, id", ConsoleCommentRow.class)
                .setParameter("alert", alert.value())
                .getResultStream()
                .map(ConsoleCommentRow::comment)
                .toList();
    }

    private Optional<ConsoleCommentRow> row(IntegrationId integration, AlertId alert, String text) {
        return session.createSelectionQuery(
                        "from ConsoleCommentRow where integration = :integration and alert = :alert and text = :text",
                        ConsoleCommentRow.class)
                .setParameter("integration", integration.value())
                .setParameter("alert", alert.value())
                .setParameter("text", text)
                .uniqueResultOptional();
    }
}
