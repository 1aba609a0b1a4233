package io.varve.investigation;

import io.varve.investigation.Corroboration.State;
import io.varve.timeline.Hit;
import java.util.List;

/// What the evidence says about one claim.
///
/// @param text why, for the reason of the whole
record Verdict(Claim claim, State state, String text, List<Hit> events) {}
