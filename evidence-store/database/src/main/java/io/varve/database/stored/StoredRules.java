package io.varve.database.stored;

import io.varve.acquisition.model.Organisation;
import io.varve.acquisition.model.Rule;
import io.varve.acquisition.model.RuleId;
import io.varve.acquisition.model.Rules;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;
import org.hibernate.StatelessSession;

@ApplicationScoped
@Transactional
class StoredRules implements Rules {
    private final StatelessSession session;

    @Inject
    StoredRules(StatelessSession session) {
        this.session = session;
    }

    @Override
    public List<Rule> all(Organisation organisation) {
        return session.createSelectionQuery(
                        "from RuleRow where organisation = :organisation order by position, name, id", RuleRow.class)
                .setParameter("organisation", organisation.value())
                .getResultStream()
                .map(RuleRow::rule)
                .toList();
    }

    @Override
    public Optional<Rule> find(RuleId id) {
        return Optional.ofNullable(session.get(RuleRow.class, id.value())).map(RuleRow::rule);
    }

    @Override
    public void save(Rule rule) {
        if (session.get(RuleRow.class, rule.id().value()) == null) {
            session.insert(RuleRow.of(rule));
        } else {
            session.update(RuleRow.of(rule));
        }
    }

    @Override
    public boolean delete(RuleId id) {
        return session.createMutationQuery("delete from RuleRow where id = :id")
                        .setParameter("id", id.value())
                        .executeUpdate()
                == 1;
    }
}
