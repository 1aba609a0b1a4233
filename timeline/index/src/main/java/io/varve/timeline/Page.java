package io.varve.timeline;

import java.util.List;
import java.util.Optional;

/// One page of events.
///
/// @param total events that match over the whole scope, each record of an asset counted once
/// @param next cursor of the next page; absent on the last
public record Page(long total, List<Hit> hits, Optional<String> next) {}
