package io.varve.acquisition.batch;

import io.varve.acquisition.model.AlertBatches;
import io.varve.acquisition.model.Alerts;
import io.varve.acquisition.model.Assets;
import io.varve.acquisition.model.Captures;
import io.varve.acquisition.model.Decisions;
import io.varve.acquisition.model.Incidents;
import io.varve.acquisition.model.Rules;

/// The stores under a batch.
public record Stores(
        Alerts alerts,
        Assets assets,
        Incidents incidents,
        Rules rules,
        Captures captures,
        Decisions decisions,
        AlertBatches batches) {}
