package io.varve.acquisition.model;

import java.util.List;
import java.util.Optional;

/// The kept rules.
public interface Rules {
    /// In the order they are tried.
    List<Rule> all(Organisation organisation);

    Optional<Rule> find(RuleId id);

    void save(Rule rule);

    boolean delete(RuleId id);
}
