package io.varve.database;

import io.varve.acquisition.model.IncidentId;
import java.util.Set;

/// What changed in an incident, for pages that follow it live. The repositories note changes by themselves.
///
/// Ask for [#now] first, then call [#since] with the position of the answer before. A change is told once it is
/// committed, never missed, and told at most a few times. Changes older than an hour are forgotten.
public interface Changes {
    enum What {
        ALERT,
        CAPTURE,
        EVIDENCE,
        JOB,
        CORROBORATION
    }

    long now();

    News since(IncidentId incident, long position);

    record News(Set<What> what, long position) {}
}
