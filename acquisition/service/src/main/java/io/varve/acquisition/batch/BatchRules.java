package io.varve.acquisition.batch;

import io.varve.acquisition.model.Organisation;
import io.varve.acquisition.model.Rule;
import io.varve.acquisition.model.RuleId;
import io.varve.acquisition.model.Rules;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The rules as they are when a batch begins.
final class BatchRules implements Rules {
    private final Rules below;
    private final Map<Organisation, List<Rule>> known = new HashMap<>();

    BatchRules(Rules below) {
        this.below = below;
    }

    @Override
    public List<Rule> all(Organisation organisation) {
        return known.computeIfAbsent(organisation, below::all);
    }

    @Override
    public Optional<Rule> find(RuleId id) {
        return below.find(id);
    }

    @Override
    public void save(Rule rule) {
        throw new UnsupportedOperationException("rules are not changed while alerts are read");
    }

    @Override
    public boolean delete(RuleId id) {
        throw new UnsupportedOperationException("rules are not changed while alerts are read");
    }
}
